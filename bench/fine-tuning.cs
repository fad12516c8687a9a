#:project ../src/MlPipelines.ResNet18/MlPipelines.ResNet18.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// What fine-tuning gives over a linear head on the same network and the same images: accuracy of both by seed, and the paired difference
// with its 95 % interval (Student's t).
// dotnet run -c Release bench/fine-tuning.cs NETWORK.onnx|resnet18 SEEDS EPOCHS TRAIN TEST [images a class, 0 for all] [class,class,…]
// Each seed draws its images to learn from; the images to test with are all of TEST. A network's file takes ImageNet's mean and deviation.
// As mlpipe train --fine-tune EPOCHS does it: a tenth is watched, the head is kept where the whole network is not clearly better, and
// images of other than square sizes are padded where they take 200 steps or more. The head beside it learns from them cropped.
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlPipelines;
using MlPipelines.Networks;

if (args.Length < 5)
{
    Console.Error.WriteLine(
        "fine-tuning: needs five arguments, a network, the number of seeds, epochs, and the folders to learn from and to "
        + "test with.");
    return 1;
}
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (seeds, epochs, most) = (int.Parse(args[1]), int.Parse(args[2]), args.Length > 5 ? int.Parse(args[5]) : 0);
string[]? classes = args.Length > 6 ? args[6].Split(',') : null;
var network = args[0] == "resnet18" ? ResNet18.Load() : Network.FromOnnx(args[0], Preprocessing.ImageNetTorch);
var differences = new List<double>();
for (var seed = 1; seed <= seeds; seed++)
{
    var ml = new MLContext(seed);
    var (train, test) = (Drawn(args[3], most, seed), Drawn(args[4], 0, seed));
    var (learnt, tested) = (ml.Data.LoadFromEnumerable(train), ml.Data.LoadFromEnumerable(test));
    var load = ml.Transforms.LoadImages("Image", "ImagePath", 224, 224);
    var steps = epochs * ((train.Count + 31) / 32);
    var whole = ml.Transforms.LoadImages("Image", "ImagePath", 224, 224,
        resizing: steps >= 200 ? ResizingKind.IsoPad : ResizingKind.IsoCrop);
    var clock = Stopwatch.StartNew();
    var head = load.Append(ml.MulticlassClassification.Trainers.ImageClassification(
        new ImageClassificationTrainer.Options { FeatureColumnName = "Image", Network = network, Head = new LinearHead() })).Fit(learnt);
    var headSeconds = clock.Elapsed.TotalSeconds;
    clock.Restart();
    var tuned = whole.Append(ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f), new RandomRotation(10),
        new RandomErasing(0.25f))).Append(
        ml.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
        {
            FeatureColumnName = "Image",
            Network = network.WithClassifier(new Dense(train.Select(image => image.Label).Distinct().Count())),
            FineTuning = new(),
            Epoch = epochs,
            EpochCallback = epoch => Console.Write($" {epoch.ValidationAccuracy:P1}"),
        })).Fit(learnt);
    var (plain, fine) = (Accuracy(ml, head.Transform(tested)), Accuracy(ml, tuned.Transform(tested)));
    differences.Add(fine - plain);
    Console.WriteLine($"\nseed {seed}: {train.Count} images, head {plain:P2} ({headSeconds:F0} s), fine-tuned {fine:P2} "
        + $"({clock.Elapsed.TotalSeconds:F0} s); {tuned.LastTransformer.Kept}");
}
var mean = differences.Average();
// Student's t for 1 to 9 degrees of freedom, 97.5 %.
double[] quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];
var spread = Math.Sqrt(differences.Sum(one => (one - mean) * (one - mean)) / (seeds - 1) / seeds);
if (seeds > 1)
    Console.WriteLine(
        $"fine-tuned − head: {mean * 100:+0.00;-0.00} points, 95 % interval {(mean - quantiles[seeds - 2] * spread) * 100:+0.00;-0.00} to "
    + $"{(mean + quantiles[seeds - 2] * spread) * 100:+0.00;-0.00}");
return 0;

List<Row> Drawn(string folder, int most, int seed)
{
    var dice = new Random(seed);
    return [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)
        .Where(one => classes is null || classes.Contains(Path.GetFileName(one))).SelectMany(one =>
        {
            string[] files = [.. Directory.GetFiles(one).Order(StringComparer.Ordinal)];
            dice.Shuffle(files);
            return (most == 0 ? files : files[..Math.Min(most, files.Length)])
                .Select(file => new Row { ImagePath = file, Label = Path.GetFileName(one) });
        })];
}

static double Accuracy(MLContext ml, IDataView scored) => ml.MulticlassClassification.Report(scored).MicroAccuracy;

sealed class Row
{
    public string ImagePath { get; set; } = "";
    public string Label { get; set; } = "";
}
