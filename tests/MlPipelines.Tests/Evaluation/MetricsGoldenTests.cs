using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace MlPipelines.Tests.Evaluation;

/// <summary>Against the numbers of tests/golden/metrics.py.</summary>
public sealed class MetricsGoldenTests
{
    const double Tolerance = 1e-9;

    public static IEnumerable<TheoryDataRow<string>> Names => Cases().Select(one => new TheoryDataRow<string>((string)one["name"]!));

    [Theory, MemberData(nameof(Names))]
    public void Metrics_agree_with_scikit_learn(string name)
    {
        var golden = Cases().Single(one => (string)one["name"]! == name);
        var metrics = Metrics(golden);

        Assert.Equal((double)golden["accuracy"]!, metrics.MicroAccuracy, Tolerance);
        Assert.Equal((double)golden["balancedAccuracy"]!, metrics.MacroAccuracy, Tolerance);
        Assert.Equal((double)golden["macroF1"]!, metrics.MacroF1Score, Tolerance);
        Assert.Equal((double)golden["weightedF1"]!, metrics.WeightedF1Score, Tolerance);
        Assert.Equal((double?)golden["kappa"] ?? double.NaN, metrics.CohensKappa, Tolerance);
        Assert.Equal(Numbers(golden["precision"]!), metrics.PerClass.Select(one => one.Precision), Near);
        Assert.Equal(Numbers(golden["recall"]!), metrics.PerClass.Select(one => one.Recall), Near);
        Assert.Equal(Numbers(golden["f1"]!), metrics.PerClass.Select(one => one.F1Score), Near);
        Assert.Equal(Numbers(golden["support"]!), metrics.PerClass.Select(one => (double)one.Support));
        Assert.Equal(Numbers(golden["interval"]!), [metrics.AccuracyInterval.Lower, metrics.AccuracyInterval.Upper], Near);
        Assert.Equal(golden["confusion"]!.AsArray().Select(line => Numbers(line!)),
            metrics.ConfusionMatrix.Counts.Select(line => line.ToArray()));
    }

    [Theory, MemberData(nameof(Names))]
    public void Metrics_of_scores_agree_with_the_reference(string name)
    {
        var golden = Cases().Single(one => (string)one["name"]! == name);
        var metrics = Metrics(golden);
        var topK = Numbers(golden["topK"]!);

        Assert.Equal((double)golden["logLoss"]!, metrics.LogLoss, Tolerance);
        Assert.Equal((double?)golden["logLossReduction"] ?? double.NegativeInfinity, metrics.LogLossReduction, Tolerance);
        Assert.Equal((double)golden["calibration"]!, metrics.ExpectedCalibrationError, 1e-6);
        Assert.Equal(topK, metrics.TopKAccuracyForAllK.Take(topK.Length), Near);
        Assert.Equal(1, metrics.TopKAccuracyForAllK[^1]);
    }

    [Theory, MemberData(nameof(Names))]
    public void Curves_and_the_squared_error_agree_with_scikit_learn(string name)
    {
        var golden = Cases().Single(one => (string)one["name"]! == name);
        var metrics = Metrics(golden);

        Assert.Equal((double)golden["brier"]!, metrics.BrierScore, Tolerance);
        Assert.Equal(Perhaps(golden["rocArea"]!), metrics.PerClass.Select(one => one.RocCurve?.Area ?? -1), Near);
        Assert.Equal(Perhaps(golden["averagePrecision"]!), metrics.PerClass.Select(one => one.PrecisionRecallCurve?.Area ?? -1), Near);
        Assert.Equal((double)golden["rejectRisk"]!, metrics.Coverage!.Risk, Tolerance);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_temperature_has_the_least_loss(string name)
    {
        var golden = Cases().Single(one => (string)one["name"]! == name);
        var (scores, labels) = (ScoresOf(golden), Numbers(golden["labels"]!).Select(label => (int)label).ToArray());
        var expected = Numbers(golden["temperature"]!);

        var temperature = Temperature.Fit(scores, labels);
        foreach (var row in scores)
            Temperature.Apply(row, temperature);

        var loss = new ClassificationReport([.. scores[0].Select((_, of) => $"class {of}")], labels, labels, scores).LogLoss;
        Assert.Equal(expected[1], loss, 1e-6);
        // Where all answers are right, or wrong, no temperature is the best.
        if (name is not ("perfect" or "worst"))
            Assert.Equal(expected[0], temperature, 1e-4 * expected[0]);
    }

    [Fact]
    public void Comparisons_agree_with_scipy()
    {
        foreach (var golden in Golden("comparisons"))
        {
            var (first, second) = (Sides(golden["first"]!), Sides(golden["second"]!));
            var comparison = new MLContext(1).MulticlassClassification.Compare(first, second);
            Assert.Equal(((int)golden["gained"]!, (int)golden["lost"]!), (comparison.Gained, comparison.Lost));
            Assert.Equal((double)golden["p"]!, comparison.PValue, Tolerance);
        }

        static IDataView Sides(JsonNode right)
        {
            bool[] sides = [.. right.AsArray().Select(one => (bool)one!)];
            return Scored.Files([.. sides.Select((one, row) => ($"{row}.png", "cat", one ? "cat" : "dog"))]);
        }
    }

    static readonly EqualityComparer<double> Near =
        EqualityComparer<double>.Create((left, right) => Math.Abs(left - right) < Tolerance, _ => 0);

    static ClassificationReport Metrics(JsonNode golden)
    {
        var scores = ScoresOf(golden);
        return new([.. Enumerable.Range(0, scores[0].Length).Select(index => $"class {index}")],
            [.. Numbers(golden["labels"]!).Select(label => (int)label)], [.. Numbers(golden["predicted"]!).Select(label => (int)label)],
            scores);
    }

    static float[][] ScoresOf(JsonNode golden) =>
        [.. golden["scores"]!.AsArray().Select(row => Numbers(row!).Select(score => (float)score).ToArray())];

    static double[] Perhaps(JsonNode node) => [.. node.AsArray().Select(number => (double?)number ?? -1)];

    static double[] Numbers(JsonNode node) => [.. node.AsArray().Select(number => (double)number!)];

    static JsonNode[] Cases() => Golden("cases");

    static JsonNode[] Golden(string table, [CallerFilePath] string here = "") =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../golden/metrics.json")))![table]!.AsArray()
            .Select(one => one!)];
}
