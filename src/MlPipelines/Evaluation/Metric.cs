using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>A metric: its name in metrics.json, how it is read, and what the short summary says of it.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Value">Its value in JSON; null where there is no number.</param>
/// <typeparam name="TReport">What it is read from.</typeparam>
sealed record Metric<TReport>(string Name, Func<TReport, JsonNode?> Value)
{
    /// <summary>Its part of the summary's first line; null for none.</summary>
    public Func<TReport, string>? Summary { get; init; }

    /// <summary>Its own line of the summary, or null where that report has none; null for a metric that never has.</summary>
    public Func<TReport, string?>? SummaryLine { get; init; }
}

/// <summary>All metrics, in the order of metrics.json and of the summary.</summary>
static class Metric
{
    /// <summary>Those of a whole evaluation.</summary>
    public static ImmutableArray<Metric<ClassificationReport>> OfReport { get; } =
    [
        new("rows", report => report.RowCount),
        new("skippedRows", report => report.Skipped.Length),
        new("unlabelledRows", report => report.UnlabelledRowCount),
        new("unknownClassRows", report => report.UnknownClassRowCount)
        {
            SummaryLine = report => report.UnknownClassRowCount == 0 ? null
                : Counted.Of(report.UnknownClassRowCount, "image is of a class that the model does not know, and counts as a mistake",
                    "images are of classes that the model does not know, and count as mistakes"),
        },
        new("microAccuracy", report => report.MicroAccuracy)
        {
            Summary = report => $"accuracy {report.MicroAccuracy:0.0%} of {Counted.Of(report.RowCount, "image")} (95 % "
                + $"interval {report.AccuracyInterval.Lower:0.0%} to {report.AccuracyInterval.Upper:0.0%})",
        },
        new("microAccuracyInterval95", report => new JsonArray(report.AccuracyInterval.Lower, report.AccuracyInterval.Upper)),
        new("macroAccuracy", report => report.MacroAccuracy) { Summary = report => $"mean over classes {report.MacroAccuracy:0.0%}" },
        new("macroF1Score", report => report.MacroF1Score),
        new("weightedF1Score", report => report.WeightedF1Score),
        new("cohensKappa", report => JsonText.Number(report.CohensKappa)),
        new("logLoss", report => JsonText.Number(report.LogLoss)) { Summary = report => $"log-loss {report.LogLoss:0.000}" },
        new("logLossReduction", report => JsonText.Number(report.LogLossReduction)),
        new("brierScore", report => JsonText.Number(report.BrierScore)),
        new("macroAreaUnderRocCurve", report => JsonText.Number(report.MacroAreaUnderRocCurve)),
        new("macroAreaUnderPrecisionRecallCurve", report => JsonText.Number(report.MacroAreaUnderPrecisionRecallCurve)),
        new("areaUnderRiskAndCoverage", report => JsonText.Number(report.Coverage?.Risk ?? double.NaN)),
        new("expectedCalibrationError", report => JsonText.Number(report.ExpectedCalibrationError)),
        new("topKPredictionCount", report => report.TopKPredictionCount > 0 ? report.TopKPredictionCount : null),
        new("topKAccuracy", report => report.TopKPredictionCount > 0 ? report.TopKAccuracy : null)
        {
            SummaryLine = report =>
                report.TopKPredictionCount > 0 ? $"top-{report.TopKPredictionCount} accuracy {report.TopKAccuracy:0.0%}" : null,
        },
        new("topKAccuracyForAllK", report => new JsonArray([.. report.TopKAccuracyForAllK.Select(value => JsonValue.Create(value))])),
    ];

    /// <summary>Those of one class.</summary>
    public static ImmutableArray<Metric<ClassMetrics>> OfClass { get; } =
    [
        new("precision", one => one.Precision),
        new("recall", one => one.Recall),
        new("f1Score", one => one.F1Score),
        new("support", one => one.Support),
        new("logLoss", one => JsonText.Number(one.LogLoss)),
        new("areaUnderRocCurve", one => JsonText.Number(one.Areas?.Roc ?? double.NaN)),
        new("areaUnderPrecisionRecallCurve", one => JsonText.Number(one.Areas?.PrecisionRecall ?? double.NaN)),
    ];

    /// <summary>Metrics as lines for people.</summary>
    public static IEnumerable<string> Summary(ClassificationReport report) =>
    [
        string.Join(", ", OfReport.Select(metric => metric.Summary?.Invoke(report)).OfType<string>()),
        .. OfReport.Select(metric => metric.SummaryLine?.Invoke(report)).OfType<string>(),
    ];

    /// <summary>Metrics under their names.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Json<TReport>(this IEnumerable<Metric<TReport>> metrics, TReport report) =>
        metrics.Select(metric => KeyValuePair.Create(metric.Name, metric.Value(report)));
}
