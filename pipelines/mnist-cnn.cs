#:project ../src/MlPipelines/MlPipelines.csproj
// Handwritten digits: a digit as a heat map; two convolutions, two pools and three dense layers, ten epochs of ten steps as published, then
// whole epochs; and beside it the dense layers alone.
// dotnet run pipelines/mnist-cnn.cs [folder with the four IDX files] [epochs] [seed]

using Microsoft.ML;
using Microsoft.ML.Data;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 ? args[0] : "datasets/mnist";
var epochs = args.Length > 1 ? int.Parse(args[1]) : 10;
var output = "runs/mnist-cnn";

var ml = new MLContext(seed: args.Length > 2 ? int.Parse(args[2]) : 1);
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
MatrixChart.Of($"Label {train.GetColumn<string>("Label").First()}", train.GetColumn<MLImage>("Image").First())
    .Save(Path.Combine(output, "digit.png"));

Layer[] dense = [new Flatten(), new Dense(128, Activation.Relu), new Dense(128, Activation.Relu), new Dense(10, Activation.Softmax)];
var convolutional = new Sequential([
    new Input(28, 28, 1),
    new Rescaling(1 / 255f),
    new Conv2D(16, 3, Padding.Same, Activation.Relu),
    new MaxPooling2D(2),
    new Conv2D(32, 3, Padding.Same, Activation.Relu),
    new MaxPooling2D(2),
    .. dense]);
var plain = new Sequential([new Input(28, 28, 1), new Rescaling(1 / 255f), .. dense]);
Console.WriteLine(convolutional.Summary());

ImageClassificationTrainer.Options options = new()
{
    Network = convolutional,
    ValidationSetFraction = 0,
    EarlyStoppingCriteria = null,
    EpochCallback = epoch => Console.WriteLine(
        $"epoch {epoch.Epoch}: loss {epoch.Loss:F4}, accuracy {epoch.Accuracy:P2}, {epoch.Samples / epoch.Seconds:F0} images/s"),
};
// As published: Keras divides the images among the steps, so that each has 6,000.
Tested("ten epochs of ten steps", options with { Optimizer = new Adam(), Epoch = 10, StepsPerEpoch = 10, BatchSize = 6000 },
    "over .95 of the training images");
var whole = options with
{
    Optimizer = new Adam(0.003f),
    LearningRateScheduler = new OneCycle(),
    Epoch = epochs,
    BatchSize = 64,
};
Tested("dense layers alone", whole with { Network = plain }, "none");
ml.Model.SaveAsOnnx(Tested("convolutions", whole, "none on the test images"), "mnist-cnn.onnx");
Console.WriteLine($"look at digit.png and curves of each in {output}");
return 0;

ITransformer Tested(string name, ImageClassificationTrainer.Options chosen, string published)
{
    Console.WriteLine($"{name}:");
    var history = new List<EpochMetrics>();
    var model = ml.Transforms.AugmentImages("Image", chosen.StepsPerEpoch is null ? [new RandomShift(0.07f)] : [])
        .Append(ml.MulticlassClassification.Trainers.ImageClassification(
            chosen with { EpochCallback = chosen.EpochCallback + history.Add })).Fit(train);
    var metrics = ml.MulticlassClassification.Report(model.Transform(test));
    Console.WriteLine(metrics.ConfusionMatrix);
    Console.WriteLine($"{name}: test loss {metrics.LogLoss:F4}, accuracy {metrics.MicroAccuracy:F4}, training accuracy "
        + $"{history[^1].Accuracy:F4}; published: {published}");
    new TrainingHistory(history).ToChart().Save(Path.Combine(output, $"{name}.png"));
    return model;
}
