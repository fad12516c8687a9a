using MlPipelines.Tests.Data;
using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.MlNet;

/// <summary>ML.NET's cross-validation over a pipeline of images with one estimator,
/// whose early stopping must not remember the fold before.</summary>
[Trait("Category", "Runtime")]
public sealed class CrossValidationTests
{
    public class ImageData
    {
        public string? ImagePath { get; set; }
        public string? Label { get; set; }
    }

    static IReadOnlyList<TrainCatalogBase.CrossValidationResult<MulticlassClassificationMetrics>> Program(string[] files, List<int> epochs)
    {
        var mlContext = new MLContext(seed: 4);
        var images = mlContext.Data.LoadFromEnumerable(
            files.Select(file => new ImageData { ImagePath = file, Label = Directory.GetParent(file)!.Name }));
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
            .Append(mlContext.Transforms.LoadImages("Image", null, "ImagePath"))
            .Append(mlContext.Transforms.ResizeImages("Image", 12, 12))
            .Append(mlContext.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options()
            {
                FeatureColumnName = "Image",
                LabelColumnName = "LabelKey",
                Network = Patterns.Small(),
                LearningRate = 0.01f,
                Epoch = 12,
                BatchSize = 8,
                EarlyStoppingCriteria = new ImageClassificationTrainer.EarlyStopping(minDelta: 0.001f, patience: 4,
                    metric: ImageClassificationTrainer.EarlyStoppingMetric.Accuracy),
                MetricsCallback = metrics =>
                {
                    if (metrics.Train?.DatasetUsed
                == ImageClassificationTrainer.ImageClassificationMetrics.Dataset.Train) epochs.Add(metrics.Train.Epoch);
                },
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var results = mlContext.MulticlassClassification.CrossValidate(images, pipeline, numberOfFolds: 3, labelColumnName: "LabelKey");
        Console.WriteLine($"Average micro-accuracy: {results.Average(fold => fold.Metrics.MicroAccuracy):F2}");
        return results;
    }

    [Fact]
    public void Each_row_is_judged_once_and_each_fold_trains_anew()
    {
        using var folder = new TemporaryFolder();
        var (printed, epochs) = (Console.Open(), new List<int>());
        var results = Program(Pictures.Save(folder.Path, 45, size: 12), epochs);
        Assert.Equal([0, 1, 2], results.Select(fold => fold.Fold));
        Assert.Equal(45, results.SelectMany(fold => fold.ScoredHoldOutSet.GetColumn<string>("ImagePath")).Distinct().Count());
        Assert.All(results, fold => Assert.InRange(fold.Metrics.MicroAccuracy, 0.6, 1));
        Assert.Equal(3, epochs.Count(epoch => epoch == 0));
        Assert.Equal(3, epochs.Count(epoch => epoch == 1));
        Assert.Contains("Average micro-accuracy:", printed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_may_be_stratified_and_grouped_and_none_is_empty()
    {
        var mlContext = new MLContext(seed: 4);
        var images = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 20)
            .Select(number => new ImageData { ImagePath = $"{number / 2}", Label = number < 4 ? "rare" : "often" }));
        foreach (var fold in mlContext.Data.CrossValidationSplit(images, numberOfFolds: 2, stratificationColumn: "Label"))
            Assert.Equal(2, fold.TestSet.GetColumn<string>("Label").Count(label => label == "rare"));
        foreach (var fold in mlContext.Data.CrossValidationSplit(images, numberOfFolds: 5, samplingKeyColumnName: "ImagePath"))
            Assert.Empty(fold.TestSet.GetColumn<string>("ImagePath").Intersect(fold.TrainSet.GetColumn<string>("ImagePath")));
        var few = mlContext.Data.TakeRows(images, 2);
        Assert.Equal("CrossValidateByClass: fold 3 of 3 has none of the 2 rows. Take fewer folds.",
            Assert.Throws<InvalidDataException>(() =>
                mlContext.MulticlassClassification.CrossValidateByClass(few, new Untouched(), 3)).Message);
    }

    sealed class Untouched : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => throw new InvalidOperationException("nothing should be fitted");

        public SchemaShape GetOutputSchema(SchemaShape input) => input;
    }
}
