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

    static readonly EqualityComparer<double> Near =
        EqualityComparer<double>.Create((left, right) => Math.Abs(left - right) < Tolerance, _ => 0);

    static ClassificationReport Metrics(JsonNode golden)
    {
        var scores = golden["scores"]!.AsArray().Select(row => Numbers(row!).Select(score => (float)score).ToArray()).ToArray();
        return new([.. Enumerable.Range(0, scores[0].Length).Select(index => $"class {index}")],
            [.. Numbers(golden["labels"]!).Select(label => (int)label)], [.. Numbers(golden["predicted"]!).Select(label => (int)label)],
            scores);
    }

    static double[] Numbers(JsonNode node) => [.. node.AsArray().Select(number => (double)number!)];

    static JsonNode[] Cases([CallerFilePath] string here = "") =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../golden/metrics.json")))!["cases"]!.AsArray()
            .Select(one => one!)];
}
