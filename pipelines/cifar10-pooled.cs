#:project ../src/MlPipelines/MlPipelines.csproj
// CIFAR-10 by thirty 5×5 filters whose maps are averaged whole: 6,390 weights, less than a hundredth of what cifar10-cnn.cs has.
// dotnet run pipelines/cifar10-pooled.cs [folder with the binary or the python batches] [epochs] [seed]

using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 ? args[0] : "datasets/cifar-10-batches-bin";
var epochs = args.Length > 1 ? int.Parse(args[1]) : 50;
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

var network = new Sequential(
    new Input(32, 32, 3),
    new Rescaling(1 / 127.5f, -1),
    new Conv2D(30, 5, activation: Activation.Relu),
    new MaxPooling2D(2),
    new GlobalAveragePooling2D(),
    new Dense(100, Activation.Relu),
    new Dense(10, Activation.Softmax));
Console.WriteLine(network.Summary());

var model = ml.MulticlassClassification.Trainers.ImageClassification(new()
{
    Network = network,
    Optimizer = new Adam(0.01f),
    LearningRateScheduler = new OneCycle(),
    Epoch = epochs,
    BatchSize = 100,
    ValidationSetFraction = 0,
    EarlyStoppingCriteria = null,
    EpochCallback = epoch => Console.WriteLine(
        $"epoch {epoch.Epoch,2}: loss {epoch.Loss:F4}, accuracy {epoch.Accuracy:P1}, {epoch.Samples / epoch.Seconds:F0} images/s"),
}).Fit(train);

var metrics = ml.MulticlassClassification.Report(model.Transform(test));
Console.WriteLine($"test loss {metrics.LogLoss:F4}, accuracy {metrics.MicroAccuracy:F4}; published: .56 after 150 epochs");
ml.Model.SaveAsOnnx(model, "cifar10-pooled.onnx");
return 0;
