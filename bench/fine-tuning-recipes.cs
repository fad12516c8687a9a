#:project ../src/MlPipelines.ResNet18/MlPipelines.ResNet18.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// What a way of fine-tuning gives, epoch by epoch: accuracy and log-loss on the images to test with, which choose nothing.
// dotnet run -c Release bench/fine-tuning-recipes.cs NETWORK.onnx|resnet18 EPOCHS TRAIN TEST RESIZING AUGMENTATIONS [NAME=VALUE …]
// RESIZING is IsoCrop, IsoPad or Fill; AUGMENTATIONS as mlpipe's --augment takes them. Names: seed (1), rate, batch (32), smoothing (0),
// average, the decay of the weights' moving average, span, by which the rate of the first block is lower (FineTuning's), beta2 and epsilon
// of Adam, and clip, the greatest norm of the gradients.
// A network's file takes ImageNet's mean and deviation.
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

if (args.Length < 6)
{
    Console.Error.WriteLine(
        "fine-tuning-recipes: needs six arguments, a network, epochs, the folders to learn from and to test with, how images are resized, "
        + "and the augmentations.");
    return 1;
}
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var network = args[0] == "resnet18" ? ResNet18.Load() : Network.FromOnnx(args[0], Preprocessing.ImageNetTorch);
var named = args.Skip(6).Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => float.Parse(pair[1]));
float? Named(string name) => named.Remove(name, out var value) ? value : null;
var (seed, rate, batch, smoothing, average, span) = ((int)(Named("seed") ?? 1), Named("rate"), (int)(Named("batch") ?? 32),
    Named("smoothing") ?? 0, Named("average"), Named("span") ?? new FineTuning().Span);
var (beta2, epsilon, clip) = (Named("beta2") ?? 0.999f, Named("epsilon") ?? 1e-7f, Named("clip"));
if (named.Count > 0)
    throw new ArgumentException($"fine-tuning-recipes: knows no {string.Join(", ", named.Keys)}.");
var ml = new MLContext(seed);
var (train, test) = (ml.Data.LoadFromImageFolder(args[2]), ml.Data.LoadFromImageFolder(args[3]));
var load = ml.Transforms.LoadImages("Image", "ImagePath", 224, 224, Enum.Parse<ResizingKind>(args[4]));
var clock = Stopwatch.StartNew();
load.Append(ml.Transforms.AugmentImages("Image", [.. AugmentationText.Parse(args[5])]))
    .Append(ml.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
    {
        FeatureColumnName = "Image",
        Network = network.WithClassifier(new Dense(train.Classes.Length)),
        FineTuning = new(rate, Span: span),
        Optimizer = new Adam(Beta2: beta2, Epsilon: epsilon),
        GradientClipping = clip is { } most ? new(Norm: most) : null,
        Epoch = int.Parse(args[1]),
        BatchSize = batch,
        LabelSmoothing = smoothing,
        WeightAveraging = average is { } decay ? new(decay) : null,
        ValidationSet = load.Fit(test).Transform(test),
        EpochCallback = epoch => Console.WriteLine($"{epoch.Phase ?? "network"} {epoch.Epoch}: accuracy {epoch.ValidationAccuracy:P1}, "
            + $"log-loss {epoch.ValidationLoss:F3}, {clock.Elapsed.TotalSeconds:F0} s"),
    })).Fit(train);
return 0;
