#:project ../src/MlPipelines/MlPipelines.csproj
// Handwritten digits: two convolutions, two pools, three dense layers; Adam with a one-cycle rate.
// dotnet run pipelines/mnist-cnn.cs [folder with the four IDX files] [epochs]

using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 ? args[0] : "datasets/mnist";
var epochs = args.Length > 1 ? int.Parse(args[1]) : 3;

var ml = new MLContext(seed: 1);
IDataView train, test;
try
{
    train = ml.Data.LoadFromMnist(folder, DataPart.Train);
    test = ml.Data.LoadFromMnist(folder, DataPart.Test);
}
catch (Exception problem) when (problem is IOException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

var model = ml.MulticlassClassification.Trainers.ImageClassification(new()
{
    Network = new Sequential(
        new Rescaling(1 / 255f),
        new Conv2D(16, 3, Padding.Same, Activation.Relu),
        new MaxPooling2D(2),
        new Conv2D(32, 3, Padding.Same, Activation.Relu),
        new MaxPooling2D(2),
        new Flatten(),
        new Dense(128, Activation.Relu),
        new Dense(128, Activation.Relu),
        new Dense(10, Activation.Softmax)),
    Optimizer = new Adam(0.003f),
    LearningRateScheduler = new OneCycle(),
    Epoch = epochs,
    BatchSize = 64,
    ValidationSetFraction = 0,
    EarlyStoppingCriteria = null,
    EpochCallback = epoch =>
        Console.WriteLine(
            $"epoch {epoch.Epoch}: loss {epoch.Loss:F4}, accuracy {epoch.Accuracy:P2}, {epoch.Samples / epoch.Seconds:F0} images/s"),
}).Fit(train);

var metrics = ml.MulticlassClassification.Report(model.Transform(test));
Console.WriteLine(metrics.ConfusionMatrix);
Console.WriteLine($"test loss {metrics.LogLoss:F4}, accuracy {metrics.MicroAccuracy:P2}");
ml.Model.SaveAsOnnx(model, "mnist-cnn.onnx");
return 0;
