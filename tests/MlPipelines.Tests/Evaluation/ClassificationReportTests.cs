
namespace MlPipelines.Tests.Evaluation;

public sealed class ClassificationReportTests
{
    static readonly string[] Names = ["cat", "dog", "owl"];

    [Fact]
    public void Perfect_predictions_reach_the_best_of_everything()
    {
        var metrics = Of([0, 1, 2, 1], [0, 1, 2, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]]);

        Assert.Equal((1, 1, 1, 1, 1),
            (metrics.MicroAccuracy, metrics.MacroAccuracy, metrics.MacroF1Score, metrics.WeightedF1Score, metrics.CohensKappa));
        Assert.Equal((0, 1, 0), (metrics.LogLoss, metrics.LogLossReduction, metrics.ExpectedCalibrationError));
        Assert.Equal(1, metrics.AccuracyInterval.Upper);
        Assert.Equal([1, 1, 1], metrics.TopKAccuracyForAllK);
    }

    [Fact]
    public void Certain_and_wrong_everywhere_is_bounded_by_the_smallest_score()
    {
        var metrics = Of([0, 1], [1, 0], [[0, 1, 0], [1, 0, 0]]);

        Assert.Equal((0, 0, 0, 0), (metrics.MicroAccuracy, metrics.MacroAccuracy, metrics.MacroF1Score, metrics.AccuracyInterval.Lower));
        Assert.Equal(-Math.Log(1e-15), metrics.LogLoss, 1e-9);
        Assert.Equal(1, metrics.ExpectedCalibrationError);
        Assert.Equal(-1, metrics.CohensKappa, 1e-12);
        Assert.Equal([0, 1, 1], metrics.TopKAccuracyForAllK);
    }

    [Fact]
    public void One_class_only_has_accuracy_but_no_kappa_and_no_reduction()
    {
        var metrics = new ClassificationReport(["cat"], [0, 0], [0, 0], [[1], [1]]);

        Assert.Equal((1, 1, 0), (metrics.MicroAccuracy, metrics.MacroF1Score, metrics.LogLoss));
        Assert.True(double.IsNaN(metrics.CohensKappa));
        Assert.True(double.IsNaN(metrics.LogLossReduction));
    }

    [Fact]
    public void No_rows_are_nothing_to_evaluate()
    {
        var error = Assert.Throws<InvalidDataException>(() => Of([], [], []));
        Assert.StartsWith("Report: got no row with a label and a prediction, needs at least one.", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_without_rows_and_predictions_counts_in_no_mean()
    {
        var metrics = Of([0, 1], [0, 1], [[1, 0, 0], [0, 1, 0]]);

        Assert.Equal((1, 1), (metrics.MacroAccuracy, metrics.MacroF1Score));
        Assert.Equal((0, 0, 0, 0),
            (metrics.PerClass[2].Precision, metrics.PerClass[2].Recall, metrics.PerClass[2].F1Score, metrics.PerClass[2].Support));
        Assert.True(double.IsNaN(metrics.PerClassLogLoss[2]));
    }

    [Fact]
    public void Order_of_rows_does_not_matter()
    {
        var dice = Dice.For(5);
        var labels = Enumerable.Range(0, 50).Select(_ => dice.Below(3)).ToArray();
        var scores = labels.Select(_ => Enumerable.Range(0, 3).Select(_ => (float)dice.Unit()).ToArray()).ToArray();
        var predicted = scores.Select(row => Array.IndexOf(row, row.Max())).ToArray();
        var order = Enumerable.Range(0, 50).ToArray();
        dice.Shuffle(order.AsSpan());

        var (one, other) = (Of(labels, predicted, scores),
            Of([.. order.Select(i => labels[i])], [.. order.Select(i => predicted[i])], [.. order.Select(i => scores[i])]));

        Assert.Equal(one.ConfusionMatrix.ToCsv(), other.ConfusionMatrix.ToCsv());
        Assert.Equal(one.LogLoss, other.LogLoss, 1e-12);
        Assert.Equal(one.ExpectedCalibrationError, other.ExpectedCalibrationError, 1e-12);
        Assert.Equal(one.TopKAccuracyForAllK, other.TopKAccuracyForAllK);
    }

    [Fact]
    public void Equal_scores_rank_in_the_order_of_the_classes() =>
        Assert.Equal([1 / 3.0, 2 / 3.0, 1],
            Of([0, 1, 2], [0, 0, 0], [[0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]]).TopKAccuracyForAllK);

    [Fact]
    public void Top_k_accuracy_is_that_of_the_k_asked_for()
    {
        float[][] scores = [[0.5f, 0.3f, 0.2f], [0.5f, 0.3f, 0.2f]];
        Assert.Equal(0.5, new ClassificationReport(Names, [1, 2], [0, 0], scores, topKPredictionCount: 2).TopKAccuracy);
        Assert.Equal(0, Of([1, 2], [0, 0], scores).TopKAccuracy);
    }

    [Fact]
    public void A_label_the_model_does_not_know_is_a_mistake_with_the_smallest_score()
    {
        var metrics = Of([2, 0], [0, 0], [[0.6f, 0.4f], [0.6f, 0.4f]]);

        Assert.Equal(0.5, metrics.MicroAccuracy);
        Assert.Equal(-Math.Log(1e-15), metrics.PerClassLogLoss[2], 1e-9);
        Assert.Equal([0.5, 0.5, 0.5], metrics.TopKAccuracyForAllK);
    }

    [Fact]
    public void Without_scores_what_needs_them_is_not_a_number()
    {
        var metrics = new ClassificationReport(Names, [0, 1], [0, 0]);

        Assert.Equal(0.5, metrics.MicroAccuracy);
        Assert.True(double.IsNaN(metrics.LogLoss) && double.IsNaN(metrics.ExpectedCalibrationError));
        Assert.Empty(metrics.TopKAccuracyForAllK);
        Assert.Null(metrics.ToJson()["logLoss"]);
    }

    [Fact]
    public void Lists_that_do_not_fit_are_refused()
    {
        Assert.Contains("got 1 rows, needs 2", Assert.Throws<ArgumentException>(() => Of([0, 1], [0], [])).Message,
            StringComparison.Ordinal);
        Assert.Contains("is of class 3, needs one from 0 to 2", Assert.Throws<ArgumentException>(() => Of([3], [0], [])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Wilson_interval_of_one_half_has_its_closed_form()
    {
        const double z = 1.959963984540054;
        var half = z * Math.Sqrt(1 / (4 * 100.0) + z * z / (4 * 100.0 * 100)) / (1 + z * z / 100);
        Assert.Equal(0.5 - half, Interval.Wilson(50, 100).Lower, 1e-12);
        Assert.Equal(0.5 + half, Interval.Wilson(50, 100).Upper, 1e-12);
    }

    static ClassificationReport Of(int[] labels, int[] predicted, float[][] scores) => new(Names, labels, predicted, scores);
}
