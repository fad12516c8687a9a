#:project ../src/MlPipelines/MlPipelines.csproj
// CIFAR-10: one convolution with thirty 5×5 filters and a hidden dense layer; Muon, batch 100. It over-fits, so images are flipped and
// shifted at random and the best epoch is kept. The curves, and the filters before and after, are pictures in runs/cifar10-cnn.
// dotnet run pipelines/cifar10-cnn.cs [folder with the binary or the python batches] [epochs] [seed]

using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 ? args[0] : "datasets/cifar-10-batches-bin";
var epochs = args.Length > 1 ? int.Parse(args[1]) : 20;

var output = "runs/cifar10-cnn";

var ml = new MLContext(seed: args.Length > 2 ? int.Parse(args[2]) : 1);
IDataView train, test;
try
{
    train = ml.Data.LoadFromCifar(folder, DataPart.Train);
    test = ml.Data.LoadFromCifar(folder, DataPart.Test);
}
catch (Exception problem) when (problem is IOException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
var split = ml.Data.TrainTestSplit(train, testFraction: 0.1, stratificationColumn: "Label");

var network = new Sequential(
    new Input(32, 32, 3),
    new Rescaling(1 / 63f, -120 / 63f),
    new Conv2D(30, 5, activation: Activation.Relu),
    new MaxPooling2D(2),
    new Flatten(),
    new Dense(100, Activation.Relu),
    new Dense(10, Activation.Softmax));
Console.WriteLine(network.Summary());

var epochsSeen = new List<EpochMetrics>();
var augment = ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f));
var model = augment.Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
{
    Network = network,
    Optimizer = new Muon(0.002f, WeightDecay: 0),
    LearningRateScheduler = new OneCycle(),
    Epoch = epochs,
    BatchSize = 100,
    ValidationSet = split.TestSet,
    EarlyStoppingCriteria = new(patience: epochs),
    EpochCallback = epoch =>
    {
        epochsSeen.Add(epoch);
        Console.WriteLine($"epoch {epoch.Epoch,2}: accuracy {epoch.Accuracy:P1}, "
            + $"validation {epoch.ValidationAccuracy:P1}, {epoch.Samples / epoch.Seconds:F0} images/s");
    },
})).Fit(split.TrainSet);

var metrics = ml.MulticlassClassification.Report(model.Transform(test));
Console.WriteLine(metrics.ConfusionMatrix);
Console.WriteLine($"test loss {metrics.LogLoss:F4}, accuracy {metrics.MicroAccuracy:F4}; published: about .65 after 20 epochs");

new TrainingHistory(epochsSeen).ToChart().Save(Path.Combine(output, "curves.png"));
using var before = new NetworkExplainer(network);
using var after = ml.Model.Explain(model);
new[] { ("before training", before), ("after training", after) }.SaveFilters(Path.Combine(output, "filters.png"));
Console.WriteLine($"look at curves.png and filters.png in {output}");
ml.Model.SaveAsOnnx(model, "cifar10-cnn.onnx");
return 0;
