namespace MlPipelines.Cli;

/// <summary>An evaluation as a few lines for people.</summary>
static class EvaluationSummary
{
    public static void Write(Terminal terminal, ClassificationReport report)
    {
        terminal.Line();
        terminal.Line(report.ConfusionMatrix.ToString().TrimEnd());
        terminal.Line();
        terminal.Line(TextBars.Render(report.PerClass.Select(one => ($"{one.Name} (F1)", one.F1Score)), full: 1, format: "0.0%")
            .TrimEnd());
        terminal.Line();
        terminal.Line($"accuracy {report.MicroAccuracy:0.0%} of {report.RowCount} images (95 % "
            + $"interval {report.AccuracyInterval.Lower:0.0%} to {report.AccuracyInterval.Upper:0.0%}), mean over "
            + $"classes {report.MacroAccuracy:0.0%}, log-loss {report.LogLoss:0.000}");
        if (report.TopKPredictionCount > 0)
            terminal.Line($"top-{report.TopKPredictionCount} accuracy {report.TopKAccuracy:0.0%}");
        if (report.Skipped.Length > 0)
            terminal.Line($"skipped {report.Skipped.Length} images that could not be read, listed above");
    }
}
