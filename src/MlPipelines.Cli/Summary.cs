
namespace MlPipelines.Cli;

/// <summary>Metrics as a few lines for people.</summary>
static class Summary
{
    public static void Write(Terminal terminal, ClassificationReport metrics)
    {
        terminal.Line();
        terminal.Line(metrics.ConfusionMatrix.ToString().TrimEnd());
        terminal.Line();
        terminal.Line(TextBars.Render(metrics.PerClass.Select(one => ($"{one.Name} (F1)", one.F1Score)), full: 1, format: "0.0%")
            .TrimEnd());
        terminal.Line();
        terminal.Line($"accuracy {metrics.MicroAccuracy:0.0%} of {metrics.RowCount} images (95 % "
            + $"interval {metrics.AccuracyInterval.Lower:0.0%} to {metrics.AccuracyInterval.Upper:0.0%}), mean over "
            + $"classes {metrics.MacroAccuracy:0.0%}, log-loss {metrics.LogLoss:0.000}");
        if (metrics.TopKPredictionCount > 0)
            terminal.Line($"top-{metrics.TopKPredictionCount} accuracy {metrics.TopKAccuracy:0.0%}");
        if (metrics.Skipped.Length > 0)
            terminal.Line($"skipped {metrics.Skipped.Length} images that could not be read, listed above");
    }
}
