using System.Diagnostics;
using MlPipelines.Tests.Execution;

namespace MlPipelines.Tests.Evaluation;

[Collection(Alone.Name)]
public sealed class ReportSpeedTests
{
    [Fact]
    public void A_hundred_thousand_rows_are_evaluated_within_a_second()
    {
        const int rows = 100_000, most = 5;
        string[] classes = [.. Enumerable.Range(0, 10).Select(name => $"class {name}")];
        var dice = new Random(1);
        float[][] scores = [.. Enumerable.Range(0, rows).Select(row =>
        {
            double[] weights = [.. classes.Select((_, one) => Math.Exp(dice.NextDouble() * 4 + (one == row % 10 ? 2 : 0)))];
            return weights.Select(each => (float)(each / weights.Sum())).ToArray();
        })];
        string[] predicted = [.. scores.Select(row => classes[Array.IndexOf(row, row.Max())])];
        var data = Scored.Rows(rows, [.. classes], row => classes[row % 10], row => predicted[row], row => scores[row]);
        // What else the machine does makes it longer: the quickest says how long it takes.
        var quickest = double.PositiveInfinity;
        for (var tried = 0; quickest > 1 && tried < most; tried++)
        {
            var clock = Stopwatch.StartNew();
            Assert.NotEmpty(Metric.OfReport.Json(new MLContext(1).MulticlassClassification.Report(data,
                cancellation: TestContext.Current.CancellationToken)).ToArray());
            quickest = Math.Min(quickest, clock.Elapsed.TotalSeconds);
            TestContext.Current.TestOutputHelper?.WriteLine($"{tried + 1}: {clock.Elapsed.TotalSeconds:0.000} s");
        }
        Assert.InRange(quickest, 0, 1);
    }
}
