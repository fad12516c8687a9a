using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>An evaluation as a few lines for people, or as objects for machines.</summary>
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
            terminal.Line($"skipped {Counted.Of(report.Skipped.Length, "image")} that could not be read, listed above");
        terminal.Result(new([new("event", "tested"), .. Metric.OfReport.Json(report)]));
    }

    /// <summary>Says where a run has left its files.</summary>
    public static void WriteFiles(Terminal terminal, RunFolder run)
    {
        terminal.Result(new() { ["event"] = "run", ["folder"] = run.Folder, ["model"] = run.ModelPath });
        terminal.Line($"model:    {run.ModelPath}");
        if (File.Exists(run.PagePath))
            terminal.Line($"look at:  {run.PagePath}");
        terminal.Line($"all else: {run.Folder}");
    }

    /// <summary>Says what is gained by answering 'unknown' where the best score is low.</summary>
    public static void WriteRejected(Terminal terminal, ClassificationReport report, float threshold)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"answered from a best score of {threshold:0.####} on: ");
        terminal.Line(report.Coverage?.From(threshold) is not { } point ? $"{words}none of the images"
            : $"{words}{point.Coverage:0.0%} of the images, {point.Accuracy:0.0%} of them right (95 % interval "
                + $"{point.AccuracyInterval.Lower:0.0%} to {point.AccuracyInterval.Upper:0.0%})");
    }

    /// <summary>A line a cohort, those that are clearly unlike the rest marked.</summary>
    public static void WriteCohorts(Terminal terminal, IReadOnlyList<CohortReport> cohorts)
    {
        if (cohorts.Count == 0)
            return;
        terminal.Line();
        var width = cohorts.Max(cohort => DisplayText.Width(DisplayText.Visible(cohort.Value)));
        foreach (var cohort in cohorts)
        {
            var (report, interval, difference) = (cohort.Report, cohort.Report.AccuracyInterval, cohort.DifferenceInterval);
            terminal.Line(string.Create(CultureInfo.InvariantCulture,
                $"{DisplayText.PadRight(DisplayText.Visible(cohort.Value), width)}  {report.MicroAccuracy,6:0.0%} "
                + $"of {report.RowCount,5} images (95 % interval {interval.Lower:0.0%} to {interval.Upper:0.0%})")
                + (difference.Upper < 0 ? $", worse than the rest's {cohort.Rest:0.0%}"
                    : difference.Lower > 0 ? $", better than the rest's {cohort.Rest:0.0%}" : ""));
            terminal.Result(new([new("event", "cohort"), new("cohort", cohort.Value), .. Metric.OfReport.Json(report)]));
        }
    }

    /// <summary>Says that images were tried that the model has learnt from, where there are any.</summary>
    public static void WarnOfLearnt(Terminal terminal, LearntOverlap? overlap, string model)
    {
        if (overlap is { Learnt: > 0 })
            terminal.Error($"warning: {overlap.Learnt} of {Counted.Of(overlap.Told, "image")} looked at "
                + $"{(overlap.Learnt == 1 ? "is" : "are")} among those that {model} has learnt from "
                + $"({overlap.Share:0.0%}), so the figures flatter it. Evaluate with others.");
    }
}
