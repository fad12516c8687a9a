using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>Metrics as JSON; numbers that are not finite become null.</summary>
public static class MetricsJson
{
    /// <summary>All metrics, those of each class, and the confusion matrix.</summary>
    public static JsonObject ToJson(this ClassificationReport metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return new(Metric.OfReport.Json(metrics))
        {
            ["classes"] = new JsonArray([.. metrics.PerClass.Select(ToJson)]),
            ["confusionMatrix"] = new JsonArray(
                [.. metrics.ConfusionMatrix.Counts.Select(line => new JsonArray([.. line.Select(count => JsonValue.Create(count))]))]),
        };
    }

    static JsonNode ToJson(ClassMetrics one) => new JsonObject([new("name", one.Name), .. Metric.OfClass.Json(one)]);
}
