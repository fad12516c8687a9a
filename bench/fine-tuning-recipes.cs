#:project ../src/MlPipelines.ResNet18/MlPipelines.ResNet18.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// What a way of fine-tuning gives, epoch by epoch: accuracy and log-loss on the images to test with, which choose nothing.
// dotnet run -c Release bench/fine-tuning-recipes.cs NETWORK.onnx|resnet18 EPOCHS TRAIN TEST RESIZING AUGMENTATIONS [SEED] [RATE]
// RESIZING is IsoCrop, IsoPad or Fill; AUGMENTATIONS as mlpipe's --augment takes them.
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
var ml = new MLContext(args.Length > 6 ? int.Parse(args[6]) : 1);
var (train, test) = (ml.Data.LoadFromImageFolder(args[2]), ml.Data.LoadFromImageFolder(args[3]));
var load = ml.Transforms.LoadImages("Image", "ImagePath", 224, 224, Enum.Parse<ResizingKind>(args[4]));
var clock = Stopwatch.StartNew();
load.Append(ml.Transforms.AugmentImages("Image", [.. AugmentationText.Parse(args[5])]))
    .Append(ml.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
    {
        FeatureColumnName = "Image",
        Network = network.WithClassifier(new Dense(train.Classes.Length)),
        FineTuning = new(args.Length > 7 ? float.Parse(args[7]) : null),
        Epoch = int.Parse(args[1]),
        ValidationSet = load.Fit(test).Transform(test),
        EpochCallback = epoch => Console.WriteLine($"{epoch.Phase ?? "network"} {epoch.Epoch}: accuracy {epoch.ValidationAccuracy:P1}, "
            + $"log-loss {epoch.ValidationLoss:F3}, {clock.Elapsed.TotalSeconds:F0} s"),
    })).Fit(train);
return 0;
