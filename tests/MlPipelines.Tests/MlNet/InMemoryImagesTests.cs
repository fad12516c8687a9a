using Microsoft.ML.Transforms;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.MlNet;

/// <summary>ML.NET's images in memory: bytes of files in objects, the trainer by its column names, a prediction engine over a loaded model,
/// names of the classes from the schema.</summary>
[Trait("Category", "Runtime")]
public sealed class InMemoryImagesTests
{
    public class InMemoryImageData
    {
        public readonly byte[] Image;
        public readonly string Label;
        public readonly string ImageFileName;

        public InMemoryImageData(byte[] image, string label, string imageFileName) =>
            (Image, Label, ImageFileName) = (image, label, imageFileName);
    }

    public class ImagePrediction
    {
        [ColumnName("Score")]
        public float[]? Score;

        [ColumnName("PredictedLabel")]
        public string? PredictedLabel;
    }

    static (ImagePrediction Prediction, string[] Classes) Program(string[] trainFiles, string imageToPredict, string outputModel)
    {
        var mlContext = new MLContext(seed: 1);
        var images = trainFiles.Select(file =>
            new InMemoryImageData(File.ReadAllBytes(file), Directory.GetParent(file)!.Name, Path.GetFileName(file)));
        var fullImagesDataset = mlContext.Data.LoadFromEnumerable(images);
        var shuffledFullImagesDataset = mlContext.Data.ShuffleRows(fullImagesDataset);
        var shuffledData = mlContext.Transforms.Conversion.MapValueToKey(outputColumnName: "LabelAsKey", inputColumnName: "Label",
            keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(shuffledFullImagesDataset)
            .Transform(shuffledFullImagesDataset);
        var trainTestData = mlContext.Data.TrainTestSplit(shuffledData, testFraction: 0.2);

        var pipeline = mlContext.MulticlassClassification.Trainers.ImageClassification(featureColumnName: "Image",
            labelColumnName: "LabelAsKey", validationSet: trainTestData.TestSet)
            .Append(mlContext.Transforms.Conversion.MapKeyToValue(outputColumnName: "PredictedLabel", inputColumnName: "PredictedLabel"));
        ITransformer trainedModel = pipeline.Fit(trainTestData.TrainSet);
        mlContext.Model.Save(trainedModel, trainTestData.TrainSet.Schema, outputModel);

        ITransformer loadedModel = mlContext.Model.Load(outputModel, out var modelInputSchema);
        var predictionEngine = mlContext.Model.CreatePredictionEngine<InMemoryImageData, ImagePrediction>(loadedModel);
        var prediction =
            predictionEngine.Predict(new InMemoryImageData(File.ReadAllBytes(imageToPredict), "", Path.GetFileName(imageToPredict)));

        VBuffer<ReadOnlyMemory<char>> keys = default;
        trainTestData.TrainSet.Schema["LabelAsKey"].GetKeyValues(ref keys);
        VBuffer<ReadOnlyMemory<char>> slots = default;
        predictionEngine.OutputSchema["Score"].GetSlotNames(ref slots);
        var originalLabels = keys.DenseValues().Select(label => label.ToString()).ToArray();
        if (!originalLabels.SequenceEqual(slots.DenseValues().Select(name => name.ToString())))
            throw new InvalidOperationException("scores are not in the order of the keys");
        return (prediction, originalLabels);
    }

    [Fact]
    public void The_program_learns_from_bytes_alone()
    {
        using var folder = new TemporaryFolder();
        var files = Pictures.Save(Path.Combine(folder.Path, "assets"), 6);
        var (prediction, classes) = Program(files[2..], files[0], Path.Combine(folder.Path, "imageClassifier.zip"));
        Assert.Equal(["across", "down"], classes);
        Assert.Equal(2, prediction.Score!.Length);
        Assert.Equal(1, prediction.Score!.Sum(), 1e-5f);
        Assert.Equal(classes[Array.IndexOf(prediction.Score!, prediction.Score!.Max())], prediction.PredictedLabel);
    }
}
