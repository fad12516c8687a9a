#:project ../src/MlPipelines/MlPipelines.csproj
// Your photographs, your backbone: any ONNX network's features under a linear head, then, if epochs are given, the whole network tuned;
// both are tested on the same photographs.
// dotnet run pipelines/my-photos-my-backbone.cs [folder with one sub-folder a class] [network.onnx, or a name of 'mlpipe models list']
// [preprocessing, such as ImageNetTorch] [epochs of fine-tuning]

using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 ? args[0] : CharacterSamples.Create("datasets/characters/images");
var backbone = args.Length > 1 ? args[1] : "mobilenetv2";
var epochs = args.Length > 3 ? int.Parse(args[3]) : 0;

var ml = new MLContext(seed: 1);
ImageFolder images;
GraphNetwork network;
try
{
    var preprocessing = args.Length > 2 ? Preprocessing.Named(args[2]) : null;
    network = File.Exists(backbone) ? Network.FromOnnx(backbone, preprocessing ?? Preprocessing.ImageNetTorch)
        : PretrainedModel.Find(backbone).Load(preprocessing: preprocessing);
    images = ml.Data.LoadFromImageFolder(folder);
}
catch (Exception problem) when (problem is IOException or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
var inspection = network.Inspect();
Console.WriteLine($"{inspection.Layers.Length} layers, {inspection.Layers.Sum(layer => layer.Parameters):N0} parameters; the classifier "
    + $"starts from {inspection.Features} at '{inspection.ProposedCut}'; preprocessing {network.Preprocessing}");

var split = ml.Data.TrainTestSplit(images, testFraction: 0.2, stratificationColumn: "Label");
var (width, height) = network.Takes is { } takes ? (takes.Width, takes.Height) : (224, 224);
var photographs = ml.Transforms.LoadImages("Image", "ImagePath", width, height);

// Every photograph goes through the frozen network once; its features stay on disk for the next run.
var linear = photographs.Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
{
    Network = network,
    Head = new LinearHead(),
    WorkspacePath = "runs/my-photos",
    ReuseTrainSetBottleneckCachedValues = true,
    ReuseValidationSetBottleneckCachedValues = true,
})).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
Report("linear head", linear.Fit(split.TrainSet), "my-photos-linear.onnx");

if (epochs > 0)
{
    var tuned = photographs
        .Append(ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomRotation(10)))
        .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
        {
            Network = network.WithClassifier(new Dense(images.Classes.Length)),
            FineTuning = new(),
            Epoch = epochs,
            EpochCallback = epoch =>
                Console.WriteLine($"epoch {epoch.Epoch,2}: loss {epoch.Loss:F3}, "
                    + $"validation {epoch.ValidationAccuracy:P1}, {epoch.Samples / epoch.Seconds:F0} images/s"),
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    Report("fine-tuned", tuned.Fit(split.TrainSet), "my-photos-tuned.onnx");
}
return 0;

void Report(string what, ITransformer model, string path)
{
    var metrics =
        ml.MulticlassClassification.Report(ml.MulticlassClassification.SortMistakes(model.Transform(split.TestSet), $"miss/{what}"));
    Console.WriteLine(metrics.ConfusionMatrix);
    Console.WriteLine($"{what}: accuracy {metrics.MicroAccuracy:P1} of {metrics.RowCount} (95 % "
        + $"interval {metrics.AccuracyInterval.Lower:P1} to {metrics.AccuracyInterval.Upper:P1}); the mistakes are in miss/{what}/, the "
        + $"model is {path}");
    ml.Model.SaveAsOnnx(model, path);
}
