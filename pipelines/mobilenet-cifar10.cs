#:project ../src/MlPipelines/MlPipelines.csproj
// CIFAR-10 by transfer: MobileNet without its top and a dense layer of ten; loss and accuracy before training and after each epoch, all
// weights trained. What ImageNet has taught is of larger things than 32 pixels show: images are enlarged to the size given.
// dotnet run pipelines/mobilenet-cifar10.cs [folder with the binary or the python batches] [epochs] [network.onnx, or a name of 'mlpipe
// models list'; - for MobileNet with new weights] [size] [seed]

using Microsoft.ML;
using Microsoft.ML.Data;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 ? args[0] : "datasets/cifar-10-batches-bin";
var epochs = args.Length > 1 ? int.Parse(args[1]) : 3;
var backbone = args.Length > 2 && args[2] != "-" ? args[2] : null;
var size = args.Length > 3 ? int.Parse(args[3]) : 64;

var ml = new MLContext(seed: args.Length > 4 ? int.Parse(args[4]) : 1);
IDataView train, test;
Network network;
try
{
    train = ml.Data.LoadFromCifar(folder, DataPart.Train);
    test = ml.Data.LoadFromCifar(folder, DataPart.Test);
    network = backbone is null
        ? new Sequential([new Input(size, size, 3), new Rescaling(1 / 127.5f, -1), .. Architectures.MobileNet().Layers])
        : (File.Exists(backbone) ? Network.FromOnnx(backbone, Preprocessing.ImageNetTorch) : PretrainedModel.Find(backbone).Load())
            .CutAtFeatures();
}
catch (Exception problem) when (problem is IOException or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
network = network.Append(new Dense(10, Activation.Softmax));
Console.WriteLine(network.Summary(size, size, 3).Folded());

var trainer = ml.MulticlassClassification.Trainers.ImageClassification(new()
{
    Network = network,
    ImageHeight = size,
    ImageWidth = size,
    Optimizer = new Adam(1e-3f),
    LearningRateScheduler = new OneCycle(),
    Epoch = epochs,
    BatchSize = 128,
    ValidationSet = test,
    EarlyStoppingCriteria = null,
    EpochCallback = epoch =>
        Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.Loss:F4}, accuracy {epoch.Accuracy:F4}, validation "
            + $"loss {epoch.ValidationLoss:F4}, accuracy {epoch.ValidationAccuracy:F4}, {epoch.Samples / epoch.Seconds:F0} images/s"),
});
var before = ml.MulticlassClassification.Report(trainer.Untrained(train).Transform(test));
Console.WriteLine($"before training: validation loss {before.LogLoss:F4}, accuracy {before.MicroAccuracy:F4}");
var model = ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f)).Append(trainer).Fit(train);
Console.WriteLine("published: validation accuracy .7144, .7499, .7728 after the three epochs, .1194 before");
ml.Model.SaveAsOnnx(model, "mobilenet-cifar10.onnx");
return 0;
