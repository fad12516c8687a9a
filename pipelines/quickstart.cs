#:project ../src/MlPipelines/MlPipelines.csproj
// Cartoon characters: load a labelled folder, augment, train a small CNN, evaluate, sort the mistakes, save.
// dotnet run pipelines/quickstart.cs [folder with one sub-folder a class]

using Microsoft.ML;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 ? args[0] : CharacterSamples.Create("datasets/characters/images");

var ml = new MLContext(seed: 1);
ImageFolder images;
try
{
    images = ml.Data.LoadFromImageFolder(folder);
}
catch (Exception problem) when (problem is IOException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
var split = ml.Data.TrainTestSplit(images, testFraction: 0.2, stratificationColumn: "Label");

var pipeline = ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
    .Append(ml.Transforms.LoadImages("Image", "ImagePath", 96, 96))
    .Append(ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f), new RandomRotation(15), new RandomErasing()))
    .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
    {
        Network = Architectures.SmallCnn(images.Classes.Length),
        Epoch = 20,
        LearningRateScheduler = new OneCycle(),
        EpochCallback = epoch =>
            Console.WriteLine($"epoch {epoch.Epoch,2}: loss {epoch.Loss:F3}, accuracy {epoch.Accuracy:P1}, "
                + $"validation {epoch.ValidationAccuracy:P1}, {epoch.Samples / epoch.Seconds:F0} images/s"),
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

var model = pipeline.Fit(split.TrainSet);
var scored = ml.MulticlassClassification.SortMistakes(model.Transform(split.TestSet), "miss");
var metrics = ml.MulticlassClassification.Report(scored);
Console.WriteLine(metrics.ConfusionMatrix);
Console.WriteLine($"accuracy {metrics.MicroAccuracy:P1}; the mistakes are in miss/, the model is characters.onnx");
ml.Model.SaveAsOnnx(model, "characters.onnx");
return 0;
