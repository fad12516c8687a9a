
namespace MlPipelines.Tests.Evaluation;

public sealed class ReportTests
{
    static readonly MulticlassClassificationCatalog Catalog = new MLContext(seed: 1).MulticlassClassification;

    [Fact]
    public void Labels_may_be_text()
    {
        var metrics = Report(Scored.Files(("a", "cat", "cat"), ("b", "cat", "dog"), ("c", "dog", "dog"), ("d", "dog", "dog")),
            topKPredictionCount: 1);

        Assert.Equal((0.75, 0.75, 4), (metrics.MicroAccuracy, metrics.TopKAccuracy, metrics.RowCount));
        Assert.Equal(-(3 * Math.Log(0.75) + Math.Log(0.25)) / 4, metrics.LogLoss, 1e-7);
        Assert.Equal(["cat", "dog"], metrics.ConfusionMatrix.ClassNames);
    }

    [Fact]
    public void Labels_may_be_keys_and_a_missing_key_is_left_out_and_counted()
    {
        var metrics = Report(Scored.Pictures((1, 1), (2, 1), (0, 1)));

        Assert.Equal((0.5, 2, 1), (metrics.MicroAccuracy, metrics.RowCount, metrics.UnlabelledRowCount));
        Assert.Equal(1, metrics.ConfusionMatrix.GetCountForClassPair("cat", "dog"));
    }

    [Fact]
    public void A_class_that_the_model_does_not_know_stands_in_the_matrix()
    {
        var ml = new MLContext(seed: 1);
        var log = ml.Warnings();
        var metrics = ml.MulticlassClassification.Report(Scored.Files(("a", "owl", "cat"), ("b", "dog", "dog")));

        Assert.Equal(["the model knows no class 'owl': 1 image of it counts as a mistake."], log);
        Assert.Equal(["cat", "dog", "owl"], metrics.ConfusionMatrix.ClassNames);
        Assert.Equal(1, metrics.ConfusionMatrix.GetCountForClassPair("cat", "owl"));
        Assert.Equal(0.5, metrics.MicroAccuracy);
    }

    [Fact]
    public void Rows_that_cannot_be_read_are_skipped_and_listed()
    {
        var metrics = Report(Scored.Files(("a", "cat", "cat"), ("broken.jpg", "cat", "cat")));

        Assert.Equal(1, metrics.RowCount);
        Assert.Equal(("broken.jpg", "broken.jpg: not an image."), (metrics.Skipped.Single().Path, metrics.Skipped.Single().Reason));
    }

    [Fact]
    public void Nothing_readable_is_nothing_to_evaluate() =>
        Assert.Contains("got no row", Assert.Throws<InvalidDataException>(() =>
            Report(Scored.Files(("broken.jpg", "cat", "cat")))).Message, StringComparison.Ordinal);

    [Fact]
    public void Missing_columns_and_nameless_scores_are_named()
    {
        Assert.Contains("Column 'Truth': not found",
            Assert.Throws<ArgumentException>(() => Report(Scored.Files(), labelColumnName: "Truth")).Message, StringComparison.Ordinal);
        Assert.Contains("Column 'Label': got text, needs a vector of float",
            Assert.Throws<ArgumentException>(() => Report(Scored.Files(), scoreColumnName: "Label")).Message, StringComparison.Ordinal);
        var nameless = Scored.Rows(1, null, _ => "cat", _ => "cat", _ => [0, 0]);
        Assert.Contains("its 2 scores have no class names", Assert.Throws<ArgumentException>(() => Report(nameless)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_are_written_with_the_score_of_each_class()
    {
        using var folder = new TemporaryFolder();
        Catalog.SavePredictions(Scored.Files(("=a.jpg", "cat", "dog")), folder.File("predictions.csv"));
        Assert.Equal("path,true,predicted,score cat,score dog\r\n'=a.jpg,cat,dog,0.25,0.75\r\n",
            File.ReadAllText(folder.File("predictions.csv")));
    }

    static ClassificationReport Report(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        int topKPredictionCount = 0) =>
        Catalog.Report(data, new(labelColumnName, scoreColumnName), topKPredictionCount,
            cancellation: TestContext.Current.CancellationToken);
}
