#:project ../src/MlPipelines/MlPipelines.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// The network of Keras's CIFAR-10 example by other recipes than its own: which of them learns most in as many epochs? A recipe is a list
// of NAME=VALUE: optimizer (adam, adamw, sgd, rmsprop, muon), rate, batch, rise (of one cycle), offset and scale of pixels, shift,
// smoothing, decay, cycle (momentum against the rate), average (of weights), images (0 for all).
// dotnet run -c Release bench/cifar10-recipes.cs CIFAR EPOCHS SEED [NAME=VALUE ...]

using System.Globalization;
using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

if (args.Length < 3)
{
    Console.Error.WriteLine("cifar10-recipes.cs CIFAR EPOCHS SEED [NAME=VALUE ...]");
    return 2;
}
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var recipe = args.Skip(3).Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
string[] names = ["optimizer", "rate", "batch", "rise", "scale", "offset", "shift", "smoothing", "decay", "cycle", "average", "images"];
if (recipe.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
{
    Console.Error.WriteLine($"'{unknown}' is none of {string.Join(", ", names)}.");
    return 2;
}
float Number(string name, float otherwise) => recipe.TryGetValue(name, out var text) ? float.Parse(text) : otherwise;

var ml = new MLContext(seed: int.Parse(args[2]));
var train = ml.Data.LoadFromCifar(args[0], DataPart.Train);
var test = ml.Data.LoadFromCifar(args[0], DataPart.Test);
var images = (int)Number("images", 0);
if (images > 0)
    train = ml.Data.MiniSet(train, images);

var network = new Sequential(
    new Input(32, 32, 3),
    new Rescaling(1 / Number("scale", 255), -Number("offset", 0) / Number("scale", 255)),
    new Conv2D(32, 3, Padding.Same, Activation.Relu),
    new Conv2D(32, 3, activation: Activation.Relu),
    new MaxPooling2D(2),
    new Dropout(0.25f),
    new Conv2D(64, 3, Padding.Same, Activation.Relu),
    new Conv2D(64, 3, activation: Activation.Relu),
    new MaxPooling2D(2),
    new Dropout(0.25f),
    new Flatten(),
    new Dense(512, Activation.Relu),
    new Dropout(0.5f),
    new Dense(10, Activation.Softmax));

var rate = Number("rate", 0.003f);
var decay = Number("decay", 0);
var shift = Number("shift", 0);
var shifts = shift > 0 ? new Augmentation[] { new RandomFlip(), new RandomShift(shift) } : [new RandomFlip()];
var model = ml.Transforms.AugmentImages("Image", shifts)
    .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
    {
        Network = network,
        Optimizer = recipe.GetValueOrDefault("optimizer", "adam") switch
        {
            "adam" => new Adam(rate),
            "adamw" => new AdamW(rate, decay),
            "sgd" => new Sgd(rate, Momentum: 0.9f, Nesterov: true, L2: decay),
            "rmsprop" => new RMSprop(rate),
            "muon" => new Muon(rate, decay),
            var other => throw new ArgumentException($"optimizer={other}: adam, adamw, sgd, rmsprop or muon"),
        },
        LearningRateScheduler = new OneCycle(Rise: Number("rise", 0.25f),
            Momentum: Number("cycle", 0) > 0 ? new MomentumCycle() : null),
        WeightAveraging = Number("average", 0) > 0 ? new WeightAveraging(Number("average", 0)) : null,
        LabelSmoothing = Number("smoothing", 0),
        Epoch = int.Parse(args[1]),
        BatchSize = (int)Number("batch", 128),
        ValidationSetFraction = 0,
        EarlyStoppingCriteria = null,
        EpochCallback = epoch => Console.Error.WriteLine(
            $"epoch {epoch.Epoch,2}: loss {epoch.Loss:F4}, accuracy {epoch.Accuracy:P1}, {epoch.Samples / epoch.Seconds:F0} images/s"),
    })).Fit(train);

var metrics = ml.MulticlassClassification.Report(model.Transform(test));
Console.WriteLine($"{string.Join(' ', args.Skip(1))}: test loss {metrics.LogLoss:F4}, accuracy {metrics.MicroAccuracy:F4}");
foreach (var versions in (MirroredVersions[])[new(0), new(1)])
{
    var averaged = ml.MulticlassClassification.Report(model.WithTestTimeAugmentation(versions).Transform(test));
    Console.WriteLine($"{versions}, scores averaged: test loss {averaged.LogLoss:F4}, accuracy {averaged.MicroAccuracy:F4}");
}
return 0;
