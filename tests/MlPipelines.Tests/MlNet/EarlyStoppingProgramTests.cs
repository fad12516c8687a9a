using Microsoft.ML.Trainers;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;
using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.MlNet;

/// <summary>ML.NET's early stopping and its schedules, with options assigned after they were made,
/// and a callback that reads the metrics.</summary>
[Trait("Category", "Runtime")]
public sealed class EarlyStoppingProgramTests
{
    public class ImageData
    {
        [LoadColumn(0)]
        public string? ImagePath;

        [LoadColumn(1)]
        public string? Label;
    }

    static (List<ImageClassificationTrainer.TrainMetrics> History, int StepsPerEpoch) Program(string[] files,
        LearningRateScheduler scheduler)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView images = mlContext.Data.LoadFromEnumerable(
            files.Select(file => new ImageData { ImagePath = file, Label = Directory.GetParent(file)!.Name }));
        IDataView shuffledFullImagesDataset = mlContext.Data.ShuffleRows(images);
        shuffledFullImagesDataset = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.LoadRawImageBytes("Image", "", "ImagePath"))
            .Fit(shuffledFullImagesDataset)
            .Transform(shuffledFullImagesDataset);
        var trainTestData = mlContext.Data.TrainTestSplit(shuffledFullImagesDataset, testFraction: 0.25, seed: 1);

        var history = new List<ImageClassificationTrainer.TrainMetrics>();
        var options = new ImageClassificationTrainer.Options()
        {
            FeatureColumnName = "Image",
            LabelColumnName = "Label",
            ScoreColumnName = "Probabilities",
            PredictedLabelColumnName = "Guess",
        };
        options.Network = new Sequential([new Input(12, 12, 3), .. Patterns.Small().Layers]);
        options.Epoch = 30;
        options.BatchSize = 10;
        options.LearningRateScheduler = scheduler;
        options.ValidationSet = trainTestData.TestSet;
        options.EarlyStoppingCriteria = new ImageClassificationTrainer.EarlyStopping(minDelta: 0.001f, patience: 3,
            metric: ImageClassificationTrainer.EarlyStoppingMetric.Loss, checkIncreasing: false);
        options.MetricsCallback = (metrics) =>
        {
            if (metrics.Train != null
                && metrics.Train.DatasetUsed == ImageClassificationTrainer.ImageClassificationMetrics.Dataset.Validation)
                history.Add(metrics.Train);
        };
        var pipeline = mlContext.MulticlassClassification.Trainers.ImageClassification(options)
            .Append(mlContext.Transforms.Conversion.MapKeyToValue(outputColumnName: "Guess", inputColumnName: "Guess"));
        using var trainedModel = pipeline.Fit(trainTestData.TrainSet);
        var predictions = trainedModel.Transform(trainTestData.TestSet);
        var metrics =
            mlContext.MulticlassClassification.Evaluate(predictions, scoreColumnName: "Probabilities", predictedLabelColumnName: "Guess");
        Console.WriteLine($"Micro-accuracy: {metrics.MicroAccuracy},macro-accuracy = {metrics.MacroAccuracy}, log-loss {metrics.LogLoss}");
        return (history, (trainTestData.TrainSet.GetColumn<string>("ImagePath").Count() + 9) / 10);
    }

    public static TheoryData<LearningRateScheduler> Schedulers =>
        [new LsrDecay(), new PolynomialLRDecay(numEpochsPerDecay: 12, power: 2),
            new ExponentialLRDecay(learningRate: 0.02f, numEpochsPerDecay: 4)];

    [Theory, MemberData(nameof(Schedulers), DisableDiscoveryEnumeration = true)]
    public void Training_stops_three_epochs_after_the_least_loss_and_keeps_that_epoch(LearningRateScheduler scheduler)
    {
        using var folder = new TemporaryFolder();
        var printed = Console.Open();
        var (history, steps) = Program(Pictures.Save(folder.Path, 40, size: 12), scheduler);
        Assert.Equal(Enumerable.Range(0, history.Count), history.Select(epoch => epoch.Epoch));
        for (var epoch = 0; epoch < history.Count; epoch++)
            Assert.Equal(((TrainingSchedule)scheduler).Schedule.At(0, new((epoch * steps) + steps - 1, steps, 30, [], 10)),
                history[epoch].LearningRate);
        if (history.Count < 30)
        {
            var (best, bestEpoch) = (float.MaxValue, -1);
            foreach (var epoch in history)
                if (bestEpoch < 0 || epoch.CrossEntropy < best - 0.001f)
                    (best, bestEpoch) = (epoch.CrossEntropy, epoch.Epoch);
            Assert.Equal(bestEpoch + 3, history[^1].Epoch);
            Assert.Equal(best, double.Parse(printed.ToString().Split("log-loss ")[1]), 1e-4);
        }
    }

    [Fact]
    public void A_direction_that_contradicts_the_metric_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new ImageClassificationTrainer.EarlyStopping(metric: ImageClassificationTrainer.EarlyStoppingMetric.Loss,
                checkIncreasing: true));
        Assert.StartsWith("checkIncreasing: got True for Loss, which is better when it is smaller. Leave it out.", error.Message,
            StringComparison.Ordinal);
        Assert.True(new ImageClassificationTrainer.EarlyStopping(checkIncreasing: true).CheckIncreasing);
    }
}
