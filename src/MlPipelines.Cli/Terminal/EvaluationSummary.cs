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
        foreach (var line in Metric.Summary(report))
            terminal.Line(line);
        if (report.Skipped.Length > 0)
            terminal.Line($"skipped {report.Skipped.Length} images that could not be read, listed above");
    }

    /// <summary>Says that images were tried that the model has learnt from, where there are any.</summary>
    public static void WarnOfLearnt(Terminal terminal, LearntOverlap? overlap, string model)
    {
        if (overlap is { Learnt: > 0 })
            terminal.Error($"warning: {overlap.Learnt} of {overlap.Told} images looked at are among those that {model} has learnt from "
                + $"({overlap.Share:0.0%}), so the figures flatter it. Evaluate with others.");
    }
}
