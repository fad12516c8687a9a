#:project ../src/MlPipelines/MlPipelines.csproj
// CIFAR-10 by Caffe's cifar10_quick as its files define it: the mean image subtracted, pooling before the first ReLU and windows that reach
// over the edge, biases at twice the rate, SGD in two stages. Or the same network with a recipe of today.
// dotnet run pipelines/cifar10-quick.cs [folder with the binary or the python batches] [defined or today] [seed]

using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 ? args[0] : "datasets/cifar-10-batches-bin";
var isDefined = args.Length < 2 || args[1] == "defined";
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
    ml.Data.MeanImage(train).ToLayer(),
    new ZeroPadding2D(2),
    new Conv2D(32, 5) { KernelInitializer = new RandomNormal(isDefined ? 1e-4 : 1e-2) },
    new MaxPooling2D(3, 2) { Ceil = true },
    new Activation("relu"),
    new ZeroPadding2D(2),
    new Conv2D(32, 5, activation: Activation.Relu) { KernelInitializer = new RandomNormal(0.01) },
    new AveragePooling2D(3, 2) { Ceil = true },
    new ZeroPadding2D(2),
    new Conv2D(64, 5, activation: Activation.Relu) { KernelInitializer = new RandomNormal(0.01) },
    new AveragePooling2D(3, 2) { Ceil = true },
    new Flatten(),
    new Dense(64) { KernelInitializer = new RandomNormal(0.1) },
    new Dense(10, Activation.Softmax) { KernelInitializer = new RandomNormal(0.1) });
Console.WriteLine(network.Summary());

ImageClassificationTrainer.Options options = new()
{
    Network = network,
    // 4,000 steps of 100 images at 0.001, then 1,000 at a tenth of it.
    Optimizer = new Sgd(0.001f, Momentum: 0.9f, L2: 0.004f),
    LearningRateScheduler = new StepDecay(Epochs: 8),
    BiasRateFactor = 2,
    Epoch = 10,
    BatchSize = 100,
    ValidationSetFraction = 0,
    EarlyStoppingCriteria = null,
    EpochCallback = epoch => Console.WriteLine(
        $"epoch {epoch.Epoch,2}: loss {epoch.Loss:F4}, accuracy {epoch.Accuracy:P1}, {epoch.Samples / epoch.Seconds:F0} images/s"),
};
if (!isDefined)
    options = options with { Optimizer = new Muon(0.004f, WeightDecay: 0), LearningRateScheduler = new OneCycle(), BiasRateFactor = 1 };
var trainer = ml.MulticlassClassification.Trainers.ImageClassification(options);
ITransformer model = isDefined ? trainer.Fit(train)
    : ml.Transforms.AugmentImages("Image", new RandomFlip()).Append(trainer).Fit(train);

var metrics = ml.MulticlassClassification.Report(model.Transform(test));
Console.WriteLine(metrics.ConfusionMatrix);
Console.WriteLine($"test loss {metrics.LogLoss:F4}, accuracy {metrics.MicroAccuracy:F4}; published: loss .7398, accuracy .7533");
ml.Model.SaveAsOnnx(model, "cifar10-quick.onnx");
return 0;
