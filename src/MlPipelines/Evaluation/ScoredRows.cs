using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>Label, prediction and scores of each row of a scored data view, read once.</summary>
sealed class ScoredRows
{
    /// <summary>Names of the scores' classes, then of the labels that the model does not know.</summary>
    internal required ImmutableArray<string> ClassNames { get; init; }

    internal required ImmutableArray<ScoredRow> Rows { get; init; }

    /// <summary>Number of classes that the model knows.</summary>
    internal int KnownCount => Rows is [var first, ..] ? first.Scores.Length : ClassNames.Length;

    /// <summary>Number of rows of classes that the model does not know.</summary>
    internal int UnknownCount => Rows.Count(row => row.Label >= KnownCount);

    internal required ImmutableArray<SkippedRow> Skipped { get; init; }

    /// <summary>Number of rows without a label, which are left out.</summary>
    internal required int UnlabelledCount { get; init; }

    /// <param name="data">Rows with label, scores and prediction.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="wrong">Called for a row predicted wrongly, on the reading threads; what it gives back is kept with the row.</param>
    /// <param name="progress">Told of the number of rows read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal static ScoredRows Read(IDataView data, ScoredColumns columns, RowPicture? wrong = null, IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var reader = new ScoredRowReader(data.Schema, columns, wrong);
        var skipped = ImmutableArray.CreateBuilder<SkippedRow>();
        var done = 0L;
        return reader.Finish([.. data.Read(reader.Columns, reader.Read, new() { Skipped = skipped.Add }, cancellation).Select(row =>
        {
            progress?.Report(++done);
            return row;
        })], skipped.ToImmutable());
    }

    /// <summary>The rows of several models together. Classes that one of them does not know have the score 0 there; those that none
    /// knows come last.</summary>
    internal static ScoredRows Pooled(ImmutableArray<ScoredRows> parts)
    {
        ImmutableArray<string> known = [.. parts.SelectMany(part => part.ClassNames.Take(part.KnownCount)).Distinct()];
        ImmutableArray<string> names = [.. known.Concat(parts.SelectMany(part => part.ClassNames)).Distinct()];
        var index = names.Select((name, position) => (name, position)).ToDictionary(pair => pair.name, pair => pair.position);
        return new()
        {
            ClassNames = names,
            Rows = [.. parts.SelectMany(part => part.Rows, (part, row) => Moved(part, row))],
            Skipped = [.. parts.SelectMany(part => part.Skipped)],
            UnlabelledCount = parts.Sum(part => part.UnlabelledCount),
        };

        ScoredRow Moved(ScoredRows part, ScoredRow row)
        {
            var scores = new float[known.Length];
            for (var of = 0; of < row.Scores.Length; of++)
                scores[index[part.ClassNames[of]]] = row.Scores[of];
            var (label, predicted) = (index[part.ClassNames[row.Label]], index[part.ClassNames[row.Predicted]]);
            return row with { Label = label, Predicted = predicted, Scores = scores };
        }
    }

    /// <summary>The same classes, and some of the rows.</summary>
    internal ScoredRows Only(ImmutableArray<ScoredRow> rows) =>
        new() { ClassNames = ClassNames, Rows = rows, Skipped = [], UnlabelledCount = 0 };

    internal Mistake MistakeOf(ScoredRow row) =>
        new(row.Id, row.Path, ClassNames[row.Label], ClassNames[row.Predicted],
            row.Predicted < row.Scores.Length ? row.Scores[row.Predicted] : 0);
}

/// <summary>What is kept of the picture of a row: the column that holds it, and what is made of it.</summary>
sealed record RowPicture(string Column, Func<Picture, byte[]> Keep);

/// <summary>What a row says before the names of the classes are known.</summary>
sealed record NamedScore(long Id, string? Path, string? Label, string? Predicted, float[] Scores, byte[]? Picture)
{
    /// <summary>Which cohort it belongs to; null for none.</summary>
    public string? Cohort { get; init; }
}

/// <summary>Takes label, prediction and scores out of rows.</summary>
sealed class ScoredRowReader
{
    readonly LabelColumn label, predicted;
    readonly LabelColumn? cohort;
    readonly DataViewSchema.Column score;
    readonly ScoredColumns columns;
    readonly RowPicture? wrong;
    readonly bool hasPath;

    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public ScoredRowReader(DataViewSchema schema, ScoredColumns columns, RowPicture? wrong)
    {
        cohort = columns.Cohort is null ? null : LabelColumn.Of(schema, columns.Cohort, "column of cohorts");
        (this.columns, this.wrong, score) = (columns, wrong, schema.Find(columns.Score));
        (label, predicted) = (LabelColumn.Of(schema, columns.Label), LabelColumn.Of(schema, columns.PredictedLabel));
        hasPath = schema.FindText(columns.ImagePath) is not null;
        if (score.Type is not VectorDataViewType { ItemType: var item } || item != NumberDataViewType.Single)
            throw new ArgumentException($"Column '{score.Name}': got {score.Type.InWords()}, needs a vector of float, one score a class. "
                + "Is this the output of a classifier?");
    }

    /// <summary>Checks that there are the columns to read.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static void CheckColumns(DataViewSchema schema, ScoredColumns columns, RowPicture? wrong) =>
        _ = new ScoredRowReader(schema, columns, wrong);

    public IEnumerable<string> Columns =>
        new[] { columns.Label, columns.PredictedLabel, columns.Score, hasPath ? columns.ImagePath : null, wrong?.Column,
            cohort?.Name }.OfType<string>()
        .Distinct(StringComparer.Ordinal);

    public NamedScore Read(RowValues row)
    {
        var (actual, guess, scores) =
            (label.NameOf(row[columns.Label]), predicted.NameOf(row[columns.PredictedLabel]), row.Get<float[]>(columns.Score));
        var picture = actual is not null && actual != guess ? wrong : null;
        return new(row.Id, hasPath ? row.Get<string>(columns.ImagePath) : null, actual, guess, scores,
            picture?.Keep(row.Get<Picture>(picture.Column)))
        {
            Cohort = cohort?.NameOf(row[cohort.Name]),
        };
    }

    public ScoredRows Finish(NamedScore[] read, ImmutableArray<SkippedRow> skipped)
    {
        var classes = Names(read.Select(row => row.Scores.Length).FirstOrDefault());
        if (Array.Find(read, row => row.Scores.Length != classes.Length) is { Scores: { } odd } row)
            throw new ArgumentException(
                $"Column '{score.Name}': row {row.Id} has {odd.Length} scores, needs {classes.Length}, one a class.");
        // A row without a label is counted and not judged.
        var labelled = read.Where(row => row.Label is not null && row.Predicted is not null).ToArray();
        var names = classes.AddRange(labelled.SelectMany(row => new[] { row.Label!, row.Predicted! }).Distinct().Except(classes)
            .Order(StringComparer.Ordinal));
        var index = names.Select((name, position) => (name, position)).DistinctBy(pair => pair.name)
            .ToDictionary(pair => pair.name, pair => pair.position);
        return new()
        {
            ClassNames = names,
            Rows = [.. labelled.Select(row =>
                new ScoredRow(row.Id, row.Path, index[row.Label!], index[row.Predicted!], row.Scores, row.Picture)
                {
                    Cohort = row.Cohort,
                })],
            Skipped = skipped,
            UnlabelledCount = read.Length - labelled.Length,
        };
    }

    ImmutableArray<string> Names(int count) => [.. Written(count).Select(NormalForm.Of)];

    ImmutableArray<string> Written(int count) => KeyNames.OfSlots(score) ?? predicted.Known
        ?? (label.Known is { } known && known.Length == count ? known : null as ImmutableArray<string>?)
        ?? (predicted.IsKey ? [.. Enumerable.Range(1, count).Select(key => key.ToString(CultureInfo.InvariantCulture))]
            : throw new ArgumentException($"Column '{score.Name}': its {count} scores have no class names, and '{predicted.Name}' "
                + $"({predicted.Column.Type.InWords()}) is no key that would give them. "
                + "Evaluate the output of the model itself, or make both labels keys by MapValueToKey."));
}

/// <param name="Id">Which sample.</param>
/// <param name="Path">Its file, if it has one.</param>
/// <param name="Label">Index of its class.</param>
/// <param name="Predicted">Index of the class predicted.</param>
/// <param name="Scores">Score of each class the model knows.</param>
/// <param name="Picture">What the reader made of a row predicted wrongly.</param>
sealed record ScoredRow(long Id, string? Path, int Label, int Predicted, float[] Scores, byte[]? Picture)
{
    /// <summary>Which cohort it belongs to; null for none.</summary>
    public string? Cohort { get; init; }
}
