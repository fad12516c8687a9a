#:project ../src/MlPipelines/MlPipelines.csproj
// Few images of eight characters, of unequal classes: counted, balanced, shown beside their augmented versions; learnt by a network that
// ImageNet has taught, with a hidden layer of 512 and dropout behind it, or without one by VGG-16 from new weights; the mistakes sorted
// into miss/.
// dotnet run pipelines/characters.cs [folder with one sub-folder a class, - for the sample] [network.onnx, or a name of 'mlpipe models
// list'; - for VGG-16 from new weights] [epochs] [seed] [convolutions to freeze]

using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 && args[0] != "-" ? args[0] : CharacterSamples.Create("datasets/characters/images");
var weights = args.Length > 1 && args[1] != "-" ? args[1] : null;
var epochs = args.Length > 2 ? int.Parse(args[2]) : 10;
var frozen = args.Length > 4 ? int.Parse(args[4]) : 0;
var output = "runs/characters";

var ml = new MLContext(seed: args.Length > 3 ? int.Parse(args[3]) : 1);
ImageFolder images;
Network network;
try
{
    images = ml.Data.LoadFromImageFolder(folder);
    network = weights is null ? new Sequential([new Input(128, 128, 3), new Rescaling(1 / 127.5f, -1), .. Architectures.Vgg16().Layers])
        : File.Exists(weights) ? Network.FromOnnx(weights, Preprocessing.ImageNetTorch) : PretrainedModel.Find(weights).Load();
}
catch (Exception problem) when (problem is IOException or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

var counts = ml.Data.CountClasses(images);
Console.Write(counts);
foreach (var warning in counts.Warnings)
    Console.WriteLine(warning.Message);
counts.ToChart().Save(Path.Combine(output, "class_counts.png"));
ml.Data.SaveContactSheet(images, Path.Combine(output, "images.png"));

// 66 of the sample's 686 images are held out to test with.
var split = ml.Data.TrainTestSplit(images, testFraction: 0.095, stratificationColumn: "Label");

// Of large classes some images are left out, those of small ones are repeated; no file is copied. MergeBelow would join tiny classes.
var balance = new ClassBalance(AtMost: 100, AtLeast: 80);
Console.WriteLine($"{split.TestSet.GetRowCount()} images held out, {split.TrainSet.GetRowCount()} left; after balancing:");
Console.Write(ml.Data.CountClasses(ml.Data.Balance(split.TrainSet, balance)));

var convolutions = network.Inspect().Layers.Where(layer => layer.Operator == "Conv").ToArray();
if (frozen > 0)
    network = network.Freeze(upTo: convolutions[frozen - 1].Layer);
network = network.CutAtFeatures().Append(new Flatten(), new Dense(512, Activation.Relu), new Dropout(0.5f),
    new Dense(images.Classes.Length, Activation.Softmax));
Console.WriteLine(network.Summary());

var learnt = ml.Transforms.Balance("Label", balance)
    .Append(ml.Transforms.LoadImages("Image", "ImagePath", network.Takes!.Width, network.Takes.Height))
    .Append(ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f), new RandomRotation(20),
        new RandomErasing(MinArea: 0.2f, MaxArea: 0.4f) { MinValue = 0, MaxValue = 255 }));
ml.Data.SaveAugmentations(split.TrainSet, Path.Combine(output, "augmented.png"), learnt, new() { Count = 4, Epochs = 1 });

var model = learnt.Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
{
    Network = network,
    Optimizer = new Adam(weights is null ? 1e-4f : 3e-4f),
    LearningRateScheduler = new OneCycle(),
    // What ImageNet has taught is to change less than what is new.
    DepthRates = weights is null ? null : new DiscriminativeRates(10),
    Epoch = epochs,
    ValidationSetFraction = 0,
    EarlyStoppingCriteria = null,
    EpochCallback = epoch => Console.WriteLine(
        $"epoch {epoch.Epoch,2}: loss {epoch.Loss:F3}, accuracy {epoch.Accuracy:P1}, {epoch.Samples / epoch.Seconds:F1} images/s"),
})).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(split.TrainSet);

var scored = ml.MulticlassClassification.SortMistakes(model.Transform(split.TestSet), Path.Combine(output, "miss"));
var metrics = ml.MulticlassClassification.Report(scored);
Console.WriteLine(metrics.ConfusionMatrix);
Console.WriteLine($"accuracy {metrics.MicroAccuracy:F4} of {metrics.RowCount} images; published: .92 of 66");
ml.Model.SaveAsOnnx(model, "characters.onnx");
Console.WriteLine($"look at class_counts.png, images.png, augmented.png and miss/ in {output}");
return 0;
