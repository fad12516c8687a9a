#:project ../src/MlPipelines/MlPipelines.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// Accuracy of an imported ResNet-20 on CIFAR-10's 10,000 test images before any training, and again after export and import.
// dotnet run -c Release bench/imported.cs <resnet20_cifar10.onnx> <folder with CIFAR-10's binary or Python batches>
using System.Diagnostics;
using Microsoft.ML;
using MlPipelines;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

if (args is not [var path, var folder])
{
    Console.Error.WriteLine("imported: needs two arguments, the model's file and the folder of CIFAR-10.");
    return 1;
}
string[] labels = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
var ml = new MLContext(seed: 1);
var test = ml.Data.LoadFromCifar(folder, DataPart.Test);
var again = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.onnx");
try
{
    var network = Network.FromOnnx(path, Preprocessing.ImageNetTorch).Append(Activation.Softmax);
    Report("imported", network);
    OnnxFile.Save(network.Build(32, 32, 3), again);
    Report("exported and imported again", Network.FromOnnx(again));
}
finally
{
    File.Delete(again);
}
return 0;

void Report(string what, Network network)
{
    var watch = Stopwatch.StartNew();
    using var classifier = new ImageClassifier(OnnxFile.Write(network.Build(32, 32, 3)), [.. labels], "Image") { LabelColumn = "Label" };
    var metrics = ml.MulticlassClassification.Report(classifier.Transform(test));
    Console.WriteLine($"{what}: accuracy {metrics.MicroAccuracy:P2}, log loss {metrics.LogLoss:F4}, {metrics.RowCount} images "
        + $"in {watch.Elapsed.TotalSeconds:F1} s");
}
