#:project ../src/MlPipelines/MlPipelines.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// What transfer learning gives: one head, or fine-tuning, on a folder of photographs; accuracy on another one, and how long it took.
// dotnet run -c Release bench/transfer.cs TRAIN TEST NETWORK.onnx
// linear|perceptron|neighbours|mean|fine-tuning [epochs] [folder where features are kept]
// The network takes 224×224 pixels with ImageNet's mean and deviation.
using System.Diagnostics;
using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

if (args.Length < 4)
{
    Console.Error.WriteLine(
        "transfer: needs four arguments, the folders to learn from and to test with, the network's file and what is learnt.");
    return 1;
}
var (mode, epochs, workspace) = (args[3], args.Length > 4 ? int.Parse(args[4]) : 4, args.Length > 5 ? args[5] : null);
var ml = new MLContext(seed: 1);
var (train, test) = (ml.Data.LoadFromImageFolder(args[0]), ml.Data.LoadFromImageFolder(args[1]));
var network = Network.FromOnnx(args[2], Preprocessing.ImageNetTorch);
var load = ml.Transforms.LoadImages("Image", "ImagePath", 224, 224);
var head = new ImageClassificationTrainer.Options
{
    Network = network,
    ValidationSet = load.Fit(test).Transform(test),
    EarlyStoppingCriteria = null,
    WorkspacePath = workspace,
    ReuseTrainSetBottleneckCachedValues = workspace is not null,
    ReuseValidationSetBottleneckCachedValues = workspace is not null,
};
ImageClassificationTrainer.Options options = mode switch
{
    "linear" => head with { Head = new LinearHead() },
    "perceptron" => head with { Head = new MultilayerPerceptron(0.5f, 256), Epoch = epochs },
    "neighbours" => head with { Head = new NearestNeighbours(5) },
    "mean" => head with { Head = new NearestClassMean() },
    "fine-tuning" => new()
    {
        Network = network.WithClassifier(new Dense(train.Classes.Length)),
        FineTuning = new(),
        Epoch = epochs,
        LabelSmoothing = 0.1f,
        ValidationSetFraction = 0,
        EarlyStoppingCriteria = null,
        EpochCallback = epoch =>
            Console.WriteLine(
                $"epoch {epoch.Epoch}: loss {epoch.Loss:F4}, accuracy {epoch.Accuracy:P1}, {epoch.Samples / epoch.Seconds:F1} images/s"),
    },
    _ => throw new ArgumentException($"got '{mode}', needs linear, perceptron, neighbours, mean or fine-tuning."),
};
var clock = Stopwatch.StartNew();
var trainer = ml.MulticlassClassification.Trainers.ImageClassification(options);
var chain = mode == "fine-tuning"
    ? load.Append(ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f), new RandomRotation(10),
        new RandomErasing(0.25f))).Append(trainer)
    : load.Append(trainer);
var model = chain.Fit(train);
Console.WriteLine($"{mode}: {train.RowCount} images learnt from{(mode == "fine-tuning" ? "" : $", {test.RowCount} watched")}, "
    + $"in {clock.Elapsed.TotalSeconds:F1} s");
var metrics = ml.MulticlassClassification.Report(model.Transform(test));
Console.WriteLine(
    $"{mode}: {metrics.MicroAccuracy:P1} of {metrics.RowCount}, "
        + $"{metrics.AccuracyInterval.Lower:P1} to {metrics.AccuracyInterval.Upper:P1}");
return 0;
