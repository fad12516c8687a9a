using MlPipelines.Networks;
using MlPipelines.Tests.Data;
using static Microsoft.ML.DataOperationsCatalog;

namespace MlPipelines.Tests.MlNet;

/// <summary>ML.NET's transfer learning from a folder: paths and labels as objects, keys, raw bytes, a trainer with options, evaluation,
/// one prediction.</summary>
[Trait("Category", "Runtime")]
public sealed class TransferLearningTests
{
    public class ImageData
    {
        public string? ImagePath { get; set; }
        public string? Label { get; set; }
    }

    public class ModelInput
    {
        public byte[]? Image { get; set; }
        public uint LabelAsKey { get; set; }
        public string? ImagePath { get; set; }
        public string? Label { get; set; }
    }

    public class ModelOutput
    {
        public string? ImagePath { get; set; }
        public string? Label { get; set; }
        public string? PredictedLabel { get; set; }
        public float[]? Score { get; set; }
    }

    static IEnumerable<ImageData> LoadImagesFromDirectory(string folder, bool useFolderNameAsLabel = true)
    {
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(file) is not (".jpg" or ".png"))
                continue;
            yield return new ImageData()
            {
                ImagePath = file,
                Label = useFolderNameAsLabel ? Directory.GetParent(file)!.Name : Path.GetFileName(file),
            };
        }
    }

    static MulticlassClassificationMetrics Program(string assetsFolder, string workspaceFolder, string modelPath)
    {
        MLContext mlContext = new MLContext(seed: 1);

        IEnumerable<ImageData> images = LoadImagesFromDirectory(folder: assetsFolder, useFolderNameAsLabel: true);
        IDataView imageData = mlContext.Data.LoadFromEnumerable(images);
        IDataView shuffledData = mlContext.Data.ShuffleRows(imageData, seed: 2);

        var preprocessingPipeline = mlContext.Transforms.Conversion.MapValueToKey(inputColumnName: "Label", outputColumnName: "LabelAsKey")
            .Append(mlContext.Transforms.LoadRawImageBytes(outputColumnName: "Image", imageFolder: assetsFolder,
                inputColumnName: "ImagePath"));
        IDataView preProcessedData = preprocessingPipeline.Fit(shuffledData).Transform(shuffledData);

        TrainTestData trainSplit = mlContext.Data.TrainTestSplit(data: preProcessedData, testFraction: 0.3);
        TrainTestData validationTestSplit = mlContext.Data.TrainTestSplit(trainSplit.TestSet, testFraction: 0.5);
        IDataView trainSet = trainSplit.TrainSet;
        IDataView validationSet = validationTestSplit.TrainSet;
        IDataView testSet = validationTestSplit.TestSet;

        var classifierOptions = new ImageClassificationTrainer.Options()
        {
            FeatureColumnName = "Image",
            LabelColumnName = "LabelAsKey",
            ValidationSet = validationSet,
            Network = Backbone,
            Head = new MultilayerPerceptron(),
            Epoch = 15,
            BatchSize = 5,
            LearningRate = 0.01f,
            MetricsCallback = (metrics) => Console.WriteLine(metrics),
            TestOnTrainSet = false,
            ReuseTrainSetBottleneckCachedValues = true,
            ReuseValidationSetBottleneckCachedValues = true,
            WorkspacePath = workspaceFolder,
        };
        var trainingPipeline = mlContext.MulticlassClassification.Trainers.ImageClassification(classifierOptions)
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer trainedModel = trainingPipeline.Fit(trainSet);

        // Transform a batch of images, and one.
        IDataView predictionData = trainedModel.Transform(testSet);
        IEnumerable<ModelOutput> predictions = mlContext.Data.CreateEnumerable<ModelOutput>(predictionData, reuseRowObject: true).Take(3);
        foreach (var prediction in predictions)
            Console.WriteLine($"Image: {Path.GetFileName(prediction.ImagePath)} | Actual Value: {prediction.Label} | Predicted "
                + $"Value: {prediction.PredictedLabel}");

        var predictionEngine = mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(trainedModel);
        ModelInput image = mlContext.Data.CreateEnumerable<ModelInput>(testSet, reuseRowObject: true).First();
        ModelOutput one = predictionEngine.Predict(image);
        Console.WriteLine($"{one.Label}: {one.PredictedLabel}, {one.Score!.Max():F2}");

        mlContext.Model.Save(trainedModel, trainSet.Schema, modelPath);
        return mlContext.MulticlassClassification.Evaluate(predictionData, labelColumnName: "LabelAsKey");
    }

    // In place of ML.NET's Arch = ImageClassificationTrainer.Architecture.ResnetV2101, whose file is not there in a test.
    static Network Backbone =>
        new Sequential(new Input(24, 24, 3), new Rescaling(1 / 127.5f, -1), new Conv2D(12, 3, Padding.Same, Activation.Relu),
            new MaxPooling2D(4), new Flatten(), new Dense(1000));

    [Fact]
    public void The_program_trains_evaluates_predicts_and_saves()
    {
        using var folder = new TemporaryFolder();
        var (assets, workspace, path) =
            (Path.Combine(folder.Path, "assets"), Path.Combine(folder.Path, "workspace"), Path.Combine(folder.Path, "model.zip"));
        Pictures.Save(assets, 60);
        var printed = Console.Open();
        MulticlassClassificationMetrics metrics = Program(assets, workspace, path);

        Assert.InRange(metrics.MicroAccuracy, 0.8, 1);
        Assert.Contains("Phase: Bottleneck Computation, Dataset used: Validation, Image Index:   ", printed.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("Phase: Training, Dataset used: Validation, Batch Processed Count:", printed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Dataset used:      Train, Batch", printed.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, printed.ToString().Split("Actual Value:").Length - 1);

        var ml = new MLContext();
        ITransformer loaded = ml.Model.Load(path, out var schema);
        Assert.Equal(["ImagePath", "Label", "LabelAsKey", "Image"], schema.Select(column => column.Name));
        var engine = ml.Model.CreatePredictionEngine<ModelInput, ModelOutput>(loaded);
        var file = Directory.GetFiles(Path.Combine(assets, "down")).Order().First();
        Assert.Equal("down",
            engine.Predict(new ModelInput { Image = File.ReadAllBytes(file), ImagePath = file, Label = "" }).PredictedLabel);
    }
}
