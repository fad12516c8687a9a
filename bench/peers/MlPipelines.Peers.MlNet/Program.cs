// ML.NET's own route from photographs to classes: LoadImages, ResizeImages, ExtractPixels,
// DnnFeaturizeImage(ResNet18), LbfgsMaximumEntropy.
// dotnet run -c Release --project bench/peers/MlPipelines.Peers.MlNet TRAIN TEST    folders with one folder a class
using System.Diagnostics;
using Microsoft.ML;

if (args is not [var trainFolder, var testFolder])
{
    Console.Error.WriteLine("needs two arguments, the folders to learn from and to test with.");
    return 1;
}
var ml = new MLContext(seed: 1);
IDataView train = Load(trainFolder), test = Load(testFolder);
var clock = Stopwatch.StartNew();
var features = ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
    .Append(ml.Transforms.LoadImages("Image", "", "ImagePath"))
    .Append(ml.Transforms.ResizeImages("Image", 224, 224))
    .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
    .Append(ml.Transforms.DnnFeaturizeImage("Features", model => model.ModelSelector.ResNet18(ml, model.OutputColumn, model.InputColumn),
        "Pixels"))
    .AppendCacheCheckpoint(ml);
var chain = features.Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("LabelKey")).Fit(train);
var learnt = clock.Elapsed.TotalSeconds;
clock.Restart();
var metrics = ml.MulticlassClassification.Evaluate(chain.Transform(test), "LabelKey");
var (trained, tested) = (Count(trainFolder), Count(testFolder));
Console.WriteLine($"ML.NET, ResNet18: {trained} images learnt from in {learnt:F1} s, {trained / learnt:F1} images/s; {tested} scored "
    + $"in {clock.Elapsed.TotalSeconds:F1} s, accuracy {metrics.MicroAccuracy:P1}, log-loss {metrics.LogLoss:F3}");
return 0;

IDataView Load(string folder) =>
    ml.Data.LoadFromEnumerable(Files(folder).Select(file => new Photograph(file, Directory.GetParent(file)!.Name)));

static int Count(string folder) => Files(folder).Length;

static string[] Files(string folder) => Directory.GetFiles(folder, "*.jpg", SearchOption.AllDirectories);

sealed record Photograph(string ImagePath, string Label);
