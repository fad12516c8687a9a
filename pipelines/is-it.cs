#:project ../src/MlPipelines/MlPipelines.csproj
// Is it this character, or is it not: Caffe's cifar10_quick with two classes on small pictures, and what its layers make of one rightly
// told, one wrongly told with most confidence, and one rightly refused.
// dotnet run pipelines/is-it.cs [character] [folder with one sub-folder a character, - for the sample] [epochs] [seed]

using Microsoft.ML;
using Microsoft.ML.Data;
using MlPipelines;
using MlPipelines.Imaging;
using MlPipelines.Networks;

var character = args.Length > 0 ? args[0] : "aiko";
var folder = args.Length > 1 && args[1] != "-" ? args[1] : CharacterSamples.Create("datasets/characters/images");
var epochs = args.Length > 2 ? int.Parse(args[2]) : 40;
var output = "runs/is-it";

var ml = new MLContext(seed: args.Length > 3 ? int.Parse(args[3]) : 1);
ImageFolder images;
try
{
    images = ml.Data.LoadFromImageFolder(folder);
}
catch (Exception problem) when (problem is IOException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
if (!images.Classes.Contains(character))
{
    Console.Error.WriteLine($"{folder}: has no class '{character}', only {string.Join(", ", images.Classes)}.");
    return 1;
}

var load = ml.Transforms.Conversion.MapValue("Label", images.Classes.ToDictionary(name => name, name => name == character ? "yes" : "no"),
        "Label")
    .Append(ml.Transforms.LoadImages("Image", "ImagePath", 32, 32, ResizingKind.Fill));
var all = load.Fit(images).Transform(images);
var split = ml.Data.TrainTestSplit(all, testFraction: 0.2, stratificationColumn: "Label");

var network = new Sequential(
    new Input(32, 32, 3),
    ml.Data.MeanImage(split.TrainSet).ToLayer(),
    new Rescaling(1 / 64f),
    new ZeroPadding2D(2),
    new Conv2D(32, 5),
    new MaxPooling2D(3, 2) { Ceil = true },
    new Activation("relu"),
    new ZeroPadding2D(2),
    new Conv2D(32, 5, activation: Activation.Relu),
    new AveragePooling2D(3, 2) { Ceil = true },
    new ZeroPadding2D(2),
    new Conv2D(64, 5, activation: Activation.Relu),
    new AveragePooling2D(3, 2) { Ceil = true },
    new Flatten(),
    new Dense(64),
    new Dense(2, Activation.Softmax));

var model = ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f), new RandomRotation(10))
    .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
    {
        Network = network,
        Optimizer = new Adam(0.002f),
        LearningRateScheduler = new OneCycle(),
        Epoch = epochs,
        ValidationSetFraction = 0,
        EarlyStoppingCriteria = null,
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(split.TrainSet);

var scored = model.Transform(split.TestSet);
var metrics = ml.MulticlassClassification.Report(scored);
Console.WriteLine(metrics.ConfusionMatrix);
Console.WriteLine($"accuracy {metrics.MicroAccuracy:F4} of {metrics.RowCount} images; published: about .90 by what users said");

string[] labels = [.. scored.GetColumn<string>("Label")], found = [.. scored.GetColumn<string>("PredictedLabel")];
string[] files = [.. scored.GetColumn<string>("ImagePath")];
var byConfidence = scored.GetColumn<float[]>("Score").Index().OrderByDescending(row => row.Item.Max()).Select(row => row.Index).ToArray();
Image[] shown = [.. new Func<int, bool>[]
{
    row => labels[row] == "yes" && found[row] == "yes",
    row => labels[row] != found[row],
    row => labels[row] == "no" && found[row] == "no",
}.SelectMany(kind => byConfidence.Where(kind).Take(1)).Select(row => Image.FromFile(files[row]))];
using var explainer = ml.Model.Explain(model);
foreach (var layer in explainer.Layers)
    Console.WriteLine($"{layer.Name,-24} {layer.Output}");
explainer.SaveLayers(shown, [.. explainer.Layers.Where(layer => layer.Operators.Contains("Conv") || layer.Operators.Contains("Pool"))
    .Select(layer => layer.Name)], Path.Combine(output, "layers.png"));
Console.WriteLine($"look at layers.png in {output}");
ml.Model.SaveAsOnnx(model, "is-it.onnx");
return 0;
