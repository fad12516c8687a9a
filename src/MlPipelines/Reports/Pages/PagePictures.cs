using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using MlPipelines.Graphs;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>The pictures of a page: mistakes, the greatest loss first, with what explains them, some images that are recognised, and those
/// whose label is doubtful.</summary>
sealed class PagePictures(ScoredRows rows, EvaluationPageOptions options)
{
    const int Side = 112;

    /// <summary>Recognised images of a class that are shown, those of the greatest loss, and of all classes.</summary>
    const int RightOfClass = 12, RightOfAll = 600;

    /// <summary>Neighbours that are looked for.</summary>
    const int Neighbours = 3;

    // As the check for near duplicates has them.
    static readonly NearDuplicates alike = new();

    /// <summary>What could not be explained, and why.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>The pictures as JSON.</summary>
    /// <param name="scored">The rows.</param>
    /// <param name="doubtful">Rows that are shown whatever else is.</param>
    /// <param name="cancellation">Ends it.</param>
    public JsonArray Read(IDataView scored, IEnumerable<long> doubtful, CancellationToken cancellation)
    {
        var asked = doubtful.ToHashSet();
        var byLoss = rows.Rows.OrderByDescending(Loss).ToArray();
        var wrong = byLoss.Where(row => row.Label != row.Predicted).Take(options.Shown).ToArray();
        var right = byLoss.Where(row => row.Label == row.Predicted).GroupBy(row => row.Label)
            .SelectMany(group => group.Take(RightOfClass)).Take(RightOfAll);
        var shown = wrong.Concat(right).Concat(rows.Rows.Where(row => asked.Contains(row.Id))).DistinctBy(row => row.Id).ToArray();
        var source = new SheetSource(scored.Schema, scored.Schema.FindText(PathColumn) is null ? null : PathColumn);
        var (explained, drawn) = (wrong.Take(options.Explainer is null ? 0 : options.Explained).Select(row => row.Id).ToHashSet(),
            shown.Select(row => row.Id).ToHashSet());
        var read = scored.Read([source.Column], row => (row.Id, Shown: drawn.Contains(row.Id) ? Shown(source.Of(row), row.Id) : default),
            cancellation: cancellation).Where(one => one.Shown.Address is not null).ToDictionary(one => one.Id, one => one.Shown);
        var reasons = Explained([.. wrong.Where(row => explained.Contains(row.Id) && read.ContainsKey(row.Id))
            .Select(row => (row, read[row.Id].Kept!))], cancellation);
        return [.. shown.Where(row => read.ContainsKey(row.Id)).Select(row => Picture(row, read[row.Id].Address,
            reasons.GetValueOrDefault(row.Id)))];

        (string Address, Explainable? Kept) Shown(Image image, long id)
        {
            var decoded = image.Decoded();
            return (Thumbnail.Address(decoded, Side),
                explained.Contains(id) ? new(options.Explainer!.Seen(decoded), Fingerprint.Of(decoded)) : null);
        }
    }

    /// <summary>What is kept of an image that is explained later: it may be large itself.</summary>
    sealed record Explainable(Image Seen, Fingerprint Fingerprint);

    string PathColumn => (options.Columns ?? new()).ImagePath;

    static JsonObject Picture(ScoredRow row, string address, JsonObject? reasons)
    {
        var picture = new JsonObject
        {
            ["id"] = row.Id,
            ["picture"] = address,
            ["name"] = DisplayText.Visible(row.Path ?? $"row {row.Id}"),
            ["true"] = row.Label,
            ["predicted"] = row.Predicted,
            ["score"] = JsonText.Number(row.Predicted < row.Scores.Length ? row.Scores[row.Predicted] : double.NaN),
            ["loss"] = JsonText.Number(Loss(row)),
        };
        foreach (var (key, value) in reasons?.ToArray() ?? [])
        {
            reasons!.Remove(key);
            picture[key] = value;
        }
        return picture;
    }

    Dictionary<long, JsonObject> Explained((ScoredRow Row, Explainable Picture)[] mistakes, CancellationToken cancellation)
    {
        var found = mistakes.ToDictionary(mistake => mistake.Row.Id, _ => new JsonObject());
        if (options.Explainer is not { } explainer || mistakes.Length == 0)
            return found;
        // Not every network has maps to weigh, or features that its classifier starts from; the page is worth its while without.
        Explain("heat maps", () => AddHeatMaps(mistakes, explainer, found, cancellation));
        if (options.LearntFrom is { } learnt)
            Explain("neighbours", () => AddNeighbours(mistakes, explainer.FindNeighbours(mistakes.Select(mistake => mistake.Picture.Seen),
                learnt, Neighbours, cancellation: cancellation), ClassCounts.Of(learnt, "Label", null), found));
        return found;
    }

    void Explain(string what, Action explain)
    {
        try
        {
            explain();
        }
        catch (GraphException problem)
        {
            Remarks.Add($"without {what}: {problem.Message}");
        }
    }

    void AddHeatMaps((ScoredRow Row, Explainable Picture)[] mistakes, NetworkExplainer explainer, Dictionary<long, JsonObject> found,
        CancellationToken cancellation)
    {
        foreach (var group in mistakes.Where(mistake => explainer.Labels.Contains(rows.ClassNames[mistake.Row.Predicted]))
            .GroupBy(mistake => mistake.Row.Predicted))
        {
            cancellation.ThrowIfCancellationRequested();
            var maps = explainer.HeatMaps(group.Select(mistake => mistake.Picture.Seen), className: rows.ClassNames[group.Key]);
            foreach (var ((row, picture), map) in group.Zip(maps))
                found[row.Id]["heatMap"] = Thumbnail.Address(map.Overlay(picture.Seen), Side);
        }
    }

    void AddNeighbours((ScoredRow Row, Explainable Picture)[] mistakes, ImmutableArray<ImmutableArray<TrainingNeighbour>> neighbours,
        ClassCounts counts, Dictionary<long, JsonObject> found)
    {
        foreach (var ((row, picture), nearest) in mistakes.Zip(neighbours))
        {
            var (reasons, shown) = (new JsonArray(), new JsonArray());
            if (IsRare(counts, rows.ClassNames[row.Label]) is { } few)
                reasons.Add(JsonValue.Create(string.Create(CultureInfo.InvariantCulture,
                    $"rare: {few:N0} of {counts.Total:N0} images learnt from are of its class")));
            foreach (var one in nearest.Where(one => one.Path is not null))
            {
                var image = ArchivePath.Image(one.Path!);
                if (LooksLike(picture.Fingerprint, Fingerprint.Of(image)))
                    reasons.Add(JsonValue.Create(NormalForm.Of(one.Label) == rows.ClassNames[row.Label]
                        ? "looks like one that was learnt from, of its own class"
                        : $"looks like one that was learnt from as {DisplayText.Visible(one.Label)}"));
                shown.Add(new JsonObject
                {
                    ["picture"] = Thumbnail.Address(image, Side / 2),
                    ["name"] = DisplayText.Visible(one.Path!),
                    ["class"] = DisplayText.Visible(one.Label),
                    ["similarity"] = one.Similarity,
                });
            }
            (found[row.Id]["reasons"], found[row.Id]["neighbours"]) = (reasons, shown);
        }
    }

    // Fewer than a third of what a class has on the whole.
    static long? IsRare(ClassCounts counts, string name) =>
        counts[name] * 3 * counts.Classes.Count(one => one.Count > 0) < counts.Total ? counts[name] : null;

    static bool LooksLike(Fingerprint one, Fingerprint other) =>
        !one.IsPlain && one.Distance(other) <= alike.Distance && one.Correlation(other) >= alike.Correlation;

    static double Loss(ScoredRow row) => ClassificationReport.Loss(row.Scores, row.Label);
}
