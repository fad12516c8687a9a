
namespace MlPipelines.Tests.Evaluation;

public sealed class ComparisonTests
{
    readonly MLContext ml = new(1);

    [Fact]
    public void Images_that_changed_sides_are_named()
    {
        var comparison = ml.MulticlassClassification.Compare(
            Scored.Files(("a", "cat", "cat"), ("b", "cat", "dog"), ("c", "dog", "cat"), ("d", "dog", "dog")),
            // In another order.
            Scored.Files(("d", "dog", "cat"), ("c", "dog", "dog"), ("b", "cat", "cat"), ("a", "cat", "cat")));
        Assert.Equal((4, 1, 0, 2, 1), (comparison.RowCount, comparison.BothRight, comparison.BothWrong, comparison.Gained,
            comparison.Lost));
        Assert.Equal((0.5, 0.75, 0.25), (comparison.FirstAccuracy, comparison.SecondAccuracy, comparison.Difference));
        Assert.Equal(["b", "c", "d"], comparison.Changed.Select(one => one.Path));
        Assert.Equal([true, true, false], comparison.Changed.Select(one => one.IsGain));
        Assert.Equal("path,true,first,second,change\nb,cat,dog,cat,gained\nc,dog,cat,dog,gained\nd,dog,dog,cat,lost\n",
            comparison.ToCsv().ReplaceLineEndings("\n"));
        // (2.5 - 1.5) / 6 ± 1.96 √(4 - 1/6) / 6, by hand.
        Assert.Equal((-0.47290, 0.80623), (Math.Round(comparison.DifferenceInterval.Lower, 5),
            Math.Round(comparison.DifferenceInterval.Upper, 5)));
        Assert.Equal("50.0% and 75.0% of 4 images: 2 gained, 1 lost, a difference of +25.0 points (-47.3 to +80.6 with 95 % confidence, "
            + "p = 1)", comparison.ToString());
    }

    [Fact]
    public void A_difference_that_chance_hardly_makes_has_no_p_of_nothing()
    {
        var (wrong, right) = (Enumerable.Range(0, 20).Select(i => ($"{i}", "cat", "dog")), Enumerable.Range(0, 20)
            .Select(i => ($"{i}", "cat", "cat")));
        Assert.EndsWith(" p < 0.0001)", ml.MulticlassClassification.Compare(Scored.Files([.. wrong, ("x", "dog", "dog")]),
            Scored.Files([.. right, ("x", "dog", "dog")])).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_counts_the_rows_of_both()
    {
        var (counts, files) = (new List<long>(), Scored.Files(("a", "cat", "cat"), ("b", "cat", "dog")));
        ml.MulticlassClassification.Compare(files, files, progress: new Training.Patterns.Told<long>(counts.Add));
        Assert.Equal(4, counts[^1]);
        Assert.Equal(counts.Order(), counts);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            ml.MulticlassClassification.Compare(files, files, cancellation: stopped.Token));
    }

    [Fact]
    public void Other_images_are_not_compared()
    {
        var first = Scored.Files(("a", "cat", "cat"), ("b", "cat", "dog"));
        Assert.Equal("Compare: the first data has 2 rows, the second 1, 1 in common; b is in the first alone. Compare models on the same "
            + "data.", Fault(Scored.Files(("a", "cat", "cat"))));
        Assert.Equal("b: is 'cat' in the first data and 'dog' in the second. Compare models on the same data.",
            Fault(Scored.Files(("a", "cat", "cat"), ("b", "dog", "dog"))));

        string Fault(IDataView second) =>
            Assert.Throws<InvalidDataException>(() => ml.MulticlassClassification.Compare(first, second)).Message;
    }

    [Fact]
    public void Cohorts_are_judged_each_on_their_own()
    {
        (string True, string Predicted, long Camera)[] rows =
            [("cat", "cat", 2), ("dog", "dog", 2), ("cat", "dog", 1), ("dog", "dog", 1), ("cat", "cat", 2)];
        var data = MadeUp.Rows(rows.Length, MadeUp.Text("Label", row => rows[row].True), MadeUp.Text("PredictedLabel",
            row => rows[row].Predicted), MadeUp.Scores("Score", Scored.Classes, _ => [0.5f, 0.5f]), MadeUp.Number("Camera",
            row => rows[row].Camera));
        var cohorts = ml.MulticlassClassification.ReportByCohort(data, "Camera");
        Assert.Equal([("1", 0.5, 1), ("2", 1, 0.5)], cohorts.Select(one => (one.Value, one.Report.MicroAccuracy, one.Rest)));
        // Newcombe's method 10 by hand, of 1 in 2 against 3 in 3.
        var interval = cohorts[0].DifferenceInterval;
        Assert.Equal((-0.9055, 0.1926), (Math.Round(interval.Lower, 4), Math.Round(interval.Upper, 4)));
        Assert.Throws<ArgumentException>(() => ml.MulticlassClassification.ReportByCohort(data, "Hospital"));
    }
}
