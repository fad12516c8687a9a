using MlPipelines.Execution;
using MlPipelines.Imaging;
using MlPipelines.Tensors;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Evaluation;

public sealed class TemperatureScalingTests : IDisposable
{
    static readonly string[] names = ["red", "green", "blue"];

    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string PathOf(string name) => Path.Combine(folder.Path, name);

    // Scores follow the mean colours; one label in five is another, so that they are far too sure.
    IDataView Images()
    {
        foreach (var of in Enumerable.Range(0, 30))
            Image.FromPixels(2, 2, 3, [.. Enumerable.Range(0, 12).Select(i => (byte)(i % 3 == of % 3 ? 90 + of : 90))])
                .Save(PathOf($"{of}.png"));
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(of => new Example
        {
            ImagePath = PathOf($"{of}.png"),
            Label = names[of % 5 == 0 ? (of + 1) % 3 : of % 3],
        }).ToArray());
    }

    sealed class Example
    {
        public string Label { get; set; } = "";
        public string ImagePath { get; set; } = "";
    }

    TransformerChain<ImageClassifier> Classifier(IDataView images) => ml.Transforms.LoadImages("Image", "", "ImagePath").Fit(images)
        .Append(new ImageClassifier(MeanColourNetwork.Onnx(), [.. names], "Image"));

    TransformerChain<TemperatureScaler> Calibrated(IDataView images)
    {
        var model = Classifier(images);
        return model.Append(ml.MulticlassClassification.TemperatureScaling().Fit(model.Transform(images)));
    }

    [Fact]
    public void Scores_become_honest_and_the_class_stays()
    {
        var images = Images();
        var (plain, calibrated) = (Classifier(images).Transform(images), Calibrated(images).Transform(images));
        var (before, after) = (ml.MulticlassClassification.Report(plain), ml.MulticlassClassification.Report(calibrated));
        Assert.True(after.LogLoss < before.LogLoss, $"{before.LogLoss} {after.LogLoss}");
        Assert.True(after.ExpectedCalibrationError < before.ExpectedCalibrationError);
        Assert.Equal(before.MicroAccuracy, after.MicroAccuracy);
        Assert.Equal(before.ConfusionMatrix.ClassNames, after.ConfusionMatrix.ClassNames);
        // ML.NET's own evaluation still knows the column.
        var key = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator
            .KeyOrdinality.ByValue).Fit(calibrated).Transform(calibrated);
        Assert.InRange(ml.MulticlassClassification.Evaluate(key).LogLoss, 0, 5);
    }

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.onnx")]
    public void A_saved_model_gives_the_same_scores(string name)
    {
        var images = Images();
        var model = Calibrated(images);
        if (name.EndsWith(".zip", StringComparison.Ordinal))
            ml.Model.Save(model, images.Schema, PathOf(name));
        else
            ml.Model.SaveAsOnnx(model, PathOf(name), images.Schema);
        var expected = model.Transform(images).GetColumn<float[]>("Score").ToArray();
        var loaded = new MLContext(2).Model.LoadModel(PathOf(name), out _).Transform(images).GetColumn<float[]>("Score").ToArray();
        foreach (var (one, other) in expected.Zip(loaded))
            Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Any_runtime_has_the_scaled_scores()
    {
        var images = Images();
        var model = Calibrated(images);
        // A step that leaves scores alone stands between.
        var named = ((IEnumerable<ITransformer>)model).ToArray();
        var schema = named[..^1].Aggregate(images.Schema, (before, step) => step.GetOutputSchema(before));
        var chain = new TransformerChain<ITransformer>([.. named[..^1],
            ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(named[..^1].Aggregate(images, (view, step) =>
                step.Transform(view))), named[^1]]);
        Assert.NotNull(schema);
        ml.Model.SaveAsOnnx(chain, PathOf("model.onnx"), images.Schema);
        using var session = Session.Load(PathOf("model.onnx"));
        var pixels = images.GetColumn<string>("ImagePath").Select(path => Image.FromFile(path).Pixels.ToArray()).First();
        var planes = Enumerable.Range(0, 3)
            .SelectMany(channel => Enumerable.Range(0, 4).Select(pixel => (float)pixels[pixel * 3 + channel]));
        var scores = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<float>([1, 3, 2, 2], [.. planes]) })[0];
        var expected = model.Transform(images).GetColumn<float[]>("Score").First();
        Assert.All(expected.Zip(scores.Elements<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Rows_of_no_known_class_cannot_be_fitted_on()
    {
        var data = Scored.Files(("a", "horse", "cat"));
        Assert.Equal("TemperatureScaling: none of the 1 rows has a label in 'Label' that the scores know. Fit it on labelled rows of the "
            + "classes that the model was trained on.",
            Assert.Throws<InvalidDataException>(() => ml.MulticlassClassification.TemperatureScaling().Fit(data)).Message);
        Assert.Throws<ArgumentException>(() => ml.MulticlassClassification.TemperatureScaling(scoreColumnName: "Label").Fit(data));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TemperatureScaler("Score", 0));
    }

    [Theory]
    [InlineData(0.7f, "cat")]
    [InlineData(0.75f, "cat")]
    [InlineData(0.76f, "unknown")]
    public void A_low_score_is_answered_with_unknown(float threshold, string answer)
    {
        var data = Scored.Files(("a", "cat", "cat"));
        var step = ml.MulticlassClassification.RejectBelow(threshold).Fit(data);
        Assert.Equal([answer], step.Transform(data).GetColumn<string>("Answer"));
        ml.Model.Save(step, data.Schema, PathOf("step.zip"));
        Assert.Equal([answer], ml.Model.LoadModel(PathOf("step.zip"), out _).Transform(data).GetColumn<string>("Answer"));
    }

    [Fact]
    public void Unknown_is_no_class()
    {
        var data = Scored.Files(("a", "cat", "cat"));
        Assert.StartsWith("RejectOption: 'cat' is the name of a class.", Assert.Throws<ArgumentException>(() =>
            (new RejectOption(0.5f) { Unknown = "cat" }).GetOutputSchema(data.Schema)).Message, StringComparison.Ordinal);
    }
}
