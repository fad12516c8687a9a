using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>What runs have of one thing, side by side.</summary>
/// <param name="Name">The thing.</param>
/// <param name="Values">One text a run; empty where it has none.</param>
sealed record ComparedValues(string Name, ImmutableArray<string> Values);

/// <summary>A run beside the first one, on the images that both were tested with.</summary>
/// <param name="Second">Place of the run.</param>
/// <param name="Comparison">What came of it; null where they cannot be compared.</param>
/// <param name="Reason">Why they cannot; null where they can.</param>
sealed record ComparedRun(int Second, ModelComparison? Comparison, string? Reason);

/// <summary>Runs side by side: what differs in what ran, what came of it, and on which images.</summary>
sealed class RunComparison
{
    // How a run is called and what it came to is no difference in what ran.
    static readonly string[] noOptions = ["name", "kept"];

    /// <param name="runs">At least two; the others are compared with the first.</param>
    public RunComparison(params ImmutableArray<RecordedRun> runs)
    {
        Runs = runs;
        // Runs of several folders may have one name.
        Names = [.. runs.Select(run => runs.Count(other => other.Name == run.Name) == 1 ? run.Name : run.Folder)];
        Pairs = [.. Enumerable.Range(1, runs.Length - 1).Select(place => Compared(runs[0], runs[place], place))];
    }

    /// <summary>The runs.</summary>
    public ImmutableArray<RecordedRun> Runs { get; }

    /// <summary>What each is called.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>All but the first beside the first.</summary>
    public ImmutableArray<ComparedRun> Pairs { get; }

    /// <summary>The values of pipeline.json that are not the same in all.</summary>
    public IEnumerable<ComparedValues> Differences =>
        SideBySide(run => Leaves(run.Pipeline, "").Where(leaf => !noOptions.Contains(leaf.Key)))
            .Where(row => row.Values.Distinct().Count() > 1);

    /// <summary>The figures of metrics.json, and how well each class was recognised.</summary>
    public IEnumerable<ComparedValues> Metrics => SideBySide(run => run.Metrics is { } metrics ? Figures(metrics) : []);

    /// <summary>The epochs of all runs, as far as they are known; null where there are none.</summary>
    public Chart? Curves
    {
        get
        {
            var most = Runs.Max(run => run.History?.Epochs.Length ?? 0);
            LineChart[] charts = [.. new[]
            {
                Curve("Loss on the images learnt from", most, epoch => epoch.Loss),
                Curve("Loss on the images watched", most, epoch => epoch.ValidationLoss ?? double.NaN),
                Curve("Accuracy on the images watched", most, epoch => epoch.ValidationAccuracy ?? double.NaN),
            }.Where(chart => chart.Lines.Count > 0)];
            return charts.Length > 0 ? new ChartColumn(charts) : null;
        }
    }

    LineChart Curve(string title, int most, Func<EpochMetrics, double> value) => new(title, "epoch",
        [.. Enumerable.Range(1, most).Select(epoch => (double)epoch)],
        [.. Runs.Index().Where(run => run.Item.History?.Epochs.Any(epoch => double.IsFinite(value(epoch))) == true)
            .Select(run => new Series(Names[run.Index],
                [.. run.Item.History!.Epochs.Select(value).Concat(Enumerable.Repeat(double.NaN, most)).Take(most)]))]);

    static ComparedRun Compared(RecordedRun first, RecordedRun second, int place)
    {
        try
        {
            return (first.Predictions, second.Predictions) is ({ } before, { } after)
                ? new(place, new ModelComparison(before, after), null)
                : new(place, null, $"{(first.Predictions is null ? first : second).PathOf("predictions.csv")}: not found, so that it "
                    + "is not known on which images they differ.");
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return new(place, null, exception.Message);
        }
    }

    // In the order in which the first run has them that has them at all.
    IEnumerable<ComparedValues> SideBySide(Func<RecordedRun, IEnumerable<KeyValuePair<string, string>>> values)
    {
        var all = Runs.Select(run => values(run).DistinctBy(pair => pair.Key).ToDictionary()).ToArray();
        return all.SelectMany(run => run.Keys).Distinct()
            .Select(key => new ComparedValues(key, [.. all.Select(run => run.GetValueOrDefault(key, ""))]));
    }

    /// <summary>The values within an object by their paths.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject many => many.SelectMany(pair => Leaves(pair.Value, path.Length == 0 ? pair.Key : $"{path}.{pair.Key}")),
        JsonArray list => [new(path, string.Join(", ", list.SelectMany(one => Leaves(one, "")).Select(leaf => leaf.Value)))],
        null => [],
        _ => [new(path, node.ToString())],
    };

    /// <summary>The figures of a metrics.json, as text.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Figures(JsonObject metrics)
    {
        foreach (var (name, value) in metrics)
            if (RecordedRun.Number(value) is { } number)
                yield return new(name, Written(number));
            else if (value is JsonArray { Count: 2 } ends && (RecordedRun.Number(ends[0]), RecordedRun.Number(ends[1])) is ({ } lower,
                { } upper) && name.EndsWith("Interval95", StringComparison.Ordinal))
                yield return new(name, $"{Written(lower)} to {Written(upper)}");
        foreach (var one in (metrics["classes"] as JsonArray ?? []).OfType<JsonObject>())
            if (one["name"] is JsonValue name && RecordedRun.Number(one["f1Score"]) is { } score)
                yield return new($"f1Score {name}", Written(score));
    }

    static string Written(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
