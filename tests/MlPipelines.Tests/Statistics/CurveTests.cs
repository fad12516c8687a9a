using MlPipelines.Imaging;

namespace MlPipelines.Tests.Evaluation;

public sealed class CurveTests
{
    // Two classes; the score of the second is given.
    static ClassificationReport Report(params (int Label, float Score)[] rows) => new(["no", "yes"], [.. rows.Select(row => row.Label)],
        [.. rows.Select(row => row.Score > 0.5f ? 1 : 0)], [.. rows.Select(row => new[] { 1 - row.Score, row.Score })]);

    [Fact]
    public void Curves_have_the_corners_that_can_be_counted()
    {
        var yes = Report((1, 0.875f), (0, 0.75f), (1, 0.625f), (1, 0.625f), (0, 0.25f), (0, 0.125f)).PerClass[1];
        Assert.Equal([(double.PositiveInfinity, 0, 0), (0.875, 0, 1 / 3.0), (0.75, 1 / 3.0, 1 / 3.0), (0.625, 1 / 3.0, 1), (0.125, 1, 1)],
            yes.RocCurve!.Points.Select(point => (point.Threshold, point.FalsePositiveRate, point.TruePositiveRate)));
        Assert.Equal(7 / 9.0, yes.RocCurve.Area, 1e-12);
        Assert.Equal([(0, 1), (1 / 3.0, 1), (1 / 3.0, 0.5), (1, 0.75), (1, 0.6), (1, 0.5)],
            yes.PrecisionRecallCurve!.Points.Select(point => (point.Recall, point.Precision)));
        Assert.Equal(1 / 3.0 + 2 / 3.0 * 0.75, yes.PrecisionRecallCurve.Area, 1e-12);
    }

    [Fact]
    public void A_class_that_cannot_be_told_from_others_has_no_curve()
    {
        var all = Report((1, 0.9f), (1, 0.2f));
        Assert.All(all.PerClass, one => Assert.Null(one.RocCurve));
        Assert.All(all.PerClass, one => Assert.Null(one.PrecisionRecallCurve));
        Assert.Equal(double.NaN, all.MacroAreaUnderRocCurve);
        var unscored = new ClassificationReport(["no", "yes"], [0, 1], [0, 1]);
        Assert.Null(unscored.PerClass[0].RocCurve);
        Assert.Null(unscored.Coverage);
        Assert.Equal((double.NaN, double.NaN), (unscored.BrierScore, unscored.ExpectedCalibrationError));
        Assert.Throws<ArgumentException>(unscored.ToReliabilityChart);
        Assert.Throws<ArgumentException>(unscored.ToCoverageChart);
    }

    [Fact]
    public void What_is_no_number_ranks_last()
    {
        var yes = Report((1, 0.9f), (0, float.NaN), (0, 0.4f)).PerClass[1];
        Assert.Equal(1, yes.RocCurve!.Area);
    }

    [Fact]
    public void A_threshold_is_the_one_that_answers_most()
    {
        // Right, right, wrong, right, by falling score.
        var curve = Report((1, 0.95f), (0, 0.1f), (1, 0.2f), (1, 0.7f)).Coverage!;
        Assert.Equal([(0.95f, 0.25, 1), (0.9f, 0.5, 1), (0.8f, 0.75, 2 / 3.0), (0.7f, 1, 0.75)],
            curve.Points.Select(point => ((float)point.Threshold, point.Coverage, point.Accuracy)));
        Assert.Equal(1, curve.At(0.7)!.Value.Coverage);
        Assert.Equal(0.5, curve.At(0.8)!.Value.Coverage);
        Assert.Null(curve.At(0.8, confident: true));
        Assert.Null(Report((1, 0.1f)).Coverage!.At(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => curve.At(1.5));
    }

    [Fact]
    public void Bins_of_reliability_hold_every_row_and_make_the_error()
    {
        var report = Report((1, 0.95f), (0, 0.1f), (1, 0.2f), (1, 0.7f));
        Assert.Equal(15, report.Reliability.Length);
        Assert.Equal(4, report.Reliability.Sum(bin => bin.Count));
        Assert.Equal((0.05 + 0.1 + 0.8 + 0.3) / 4, report.ExpectedCalibrationError, 1e-6);
        var empty = report.Reliability[0];
        Assert.Equal((0, double.NaN, double.NaN), (empty.Count, empty.Confidence, empty.Accuracy));
    }

    [Fact]
    public void A_hundred_thousand_rows_take_less_than_a_second()
    {
        var dice = Dice.For(1);
        var scores = new float[100_000][];
        var labels = new int[scores.Length];
        for (var row = 0; row < scores.Length; row++)
        {
            labels[row] = dice.Below(10);
            scores[row] = [.. Enumerable.Range(0, 10).Select(_ => (float)dice.Unit())];
            scores[row][labels[row]] += 0.3f;
            var sum = scores[row].Sum();
            scores[row] = Array.ConvertAll(scores[row], score => score / sum);
        }
        int[] predicted = [.. scores.Select(row => Array.IndexOf(row, row.Max()))];
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var json = new ClassificationReport([.. "abcdefghij".Select(letter => letter.ToString())], labels, predicted, scores).ToJson();
        Assert.InRange((double)json["macroAreaUnderRocCurve"]!, 0.6, 0.9);
        // Four times the second that it may take on a machine with nothing else to do.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 4);
    }

    [Fact]
    public void Charts_show_the_worst_classes_and_name_what_is_missing()
    {
        var report = Report((1, 0.875f), (0, 0.75f), (1, 0.625f), (0, 0.25f));
        foreach (var chart in new[] { report.ToRocChart(), report.ToPrecisionRecallChart("yes"), report.ToReliabilityChart(),
            report.ToCoverageChart() })
            Assert.InRange(Image.FromSvg(chart.ToSvg()).Width, 400, 800);
        Assert.Contains("aria-label=\"yes 0.750\"", report.ToRocChart().ToSvg(), StringComparison.Ordinal);
        Assert.StartsWith("There is no class 'maybe'. There are no, yes.",
            Assert.Throws<ArgumentException>(() => report.ToRocChart("maybe")).Message, StringComparison.Ordinal);
        Assert.StartsWith("Class 'no' has no curve",
            Assert.Throws<ArgumentException>(() => Report((1, 0.9f)).ToRocChart("no")).Message, StringComparison.Ordinal);
    }
}
