using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>Metrics as JSON; numbers that are not finite become null.</summary>
public static class MetricsJson
{
    /// <summary>All metrics, those of each class, and the confusion matrix.</summary>
    public static JsonObject ToJson(this ClassificationReport metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return new()
        {
            ["rows"] = metrics.RowCount,
            ["skippedRows"] = metrics.Skipped.Length,
            ["unlabelledRows"] = metrics.UnlabelledRowCount,
            ["microAccuracy"] = metrics.MicroAccuracy,
            ["microAccuracyInterval95"] = new JsonArray(metrics.AccuracyInterval.Lower, metrics.AccuracyInterval.Upper),
            ["macroAccuracy"] = metrics.MacroAccuracy,
            ["macroF1Score"] = metrics.MacroF1Score,
            ["weightedF1Score"] = metrics.WeightedF1Score,
            ["cohensKappa"] = JsonText.Number(metrics.CohensKappa),
            ["logLoss"] = JsonText.Number(metrics.LogLoss),
            ["logLossReduction"] = JsonText.Number(metrics.LogLossReduction),
            ["expectedCalibrationError"] = JsonText.Number(metrics.ExpectedCalibrationError),
            ["topKPredictionCount"] = metrics.TopKPredictionCount,
            ["topKAccuracy"] = metrics.TopKAccuracy,
            ["topKAccuracyForAllK"] = new JsonArray([.. metrics.TopKAccuracyForAllK.Select(value => JsonValue.Create(value))]),
            ["classes"] = new JsonArray([.. metrics.PerClass.Select(ToJson)]),
            ["confusionMatrix"] = new JsonArray(
                [.. metrics.ConfusionMatrix.Counts.Select(line => new JsonArray([.. line.Select(count => JsonValue.Create(count))]))]),
        };
    }

    static JsonNode ToJson(ClassMetrics one) => new JsonObject
    {
        ["name"] = one.Name,
        ["precision"] = one.Precision,
        ["recall"] = one.Recall,
        ["f1Score"] = one.F1Score,
        ["support"] = one.Support,
        ["logLoss"] = JsonText.Number(one.LogLoss),
    };
}
