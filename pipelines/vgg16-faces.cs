#:project ../src/MlPipelines/MlPipelines.csproj
// Few images of eight characters: VGG-16 without its top, a hidden layer of 512 and dropout behind it; the first layers frozen, or none;
// the mistakes sorted into miss/.
// dotnet run pipelines/vgg16-faces.cs [folder with one sub-folder a class] [epochs] [vgg16.onnx for its weights, or the name vgg16; - for
// new ones] [convolutions to freeze]

using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 ? args[0] : CharacterSamples.Create("datasets/characters/images");
var epochs = args.Length > 1 ? int.Parse(args[1]) : 10;
var weights = args.Length > 2 && args[2] != "-" ? args[2] : null;
var frozen = args.Length > 3 ? int.Parse(args[3]) : 0;

var ml = new MLContext(seed: 1);
ImageFolder images;
Network network;
try
{
    images = ml.Data.LoadFromImageFolder(folder);
    // From new weights, which few images teach little: with those of ImageNet a network knows already what edges and eyes are.
    network = weights is null ? new Sequential([new Input(128, 128, 3), new Rescaling(1 / 127.5f, -1), .. Architectures.Vgg16().Layers])
        : File.Exists(weights) ? Network.FromOnnx(weights, Preprocessing.ImageNetTorch) : PretrainedModel.Find(weights).Load();
}
catch (Exception problem) when (problem is IOException or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

var layers = network.Inspect().Layers;
network = network.CutAt(layers.Last(layer => layer.Operator == "MaxPool").Layer);
if (frozen > 0)
    network = network.Freeze(upTo: layers.Where(layer => layer.Operator == "Conv").ElementAt(frozen - 1).Layer);
network = network.Append(new Flatten(), new Dense(512, Activation.Relu), new Dropout(0.5f),
    new Dense(images.Classes.Length, Activation.Softmax) { KernelInitializer = new RandomUniform() });
Console.WriteLine(network.Summary());

// 66 of the sample's 686 images are held out to test with.
var split = ml.Data.TrainTestSplit(images, testFraction: 0.095, stratificationColumn: "Label");
var pipeline = ml.Transforms.LoadImages("Image", "ImagePath", network.Takes!.Width, network.Takes.Height)
    .Append(ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f), new RandomRotation(20),
        new RandomErasing(MinArea: 0.2f, MaxArea: 0.4f)))
    .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
    {
        Network = network,
        Optimizer = new Adam(1e-4f),
        Epoch = epochs,
        EpochCallback = epoch =>
            Console.WriteLine($"epoch {epoch.Epoch,2}: loss {epoch.Loss:F3}, accuracy {epoch.Accuracy:P1}, "
                + $"validation {epoch.ValidationAccuracy:P1}, {epoch.Samples / epoch.Seconds:F1} images/s"),
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

var model = pipeline.Fit(split.TrainSet);
var metrics = ml.MulticlassClassification.Report(ml.MulticlassClassification.SortMistakes(model.Transform(split.TestSet), "miss"));
Console.WriteLine(metrics.ConfusionMatrix);
Console.WriteLine(
    $"accuracy {metrics.MicroAccuracy:P1} of {metrics.RowCount} images; the mistakes are in miss/, the model is vgg16-faces.onnx");
ml.Model.SaveAsOnnx(model, "vgg16-faces.onnx");
return 0;
