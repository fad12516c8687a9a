using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>Label, prediction and scores of each row of a scored data view, read once.</summary>
sealed class ScoredRows
{
    /// <summary>Names of the scores' classes, then of the labels that the model does not know.</summary>
    internal required ImmutableArray<string> ClassNames { get; init; }

    internal required ImmutableArray<ScoredRow> Rows { get; init; }
    internal required ImmutableArray<SkippedRow> Skipped { get; init; }

    /// <summary>Number of rows without a label, which are left out.</summary>
    internal required int UnlabelledCount { get; init; }

    /// <param name="data">Rows with label, scores and prediction.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="wrong">Called for a row predicted wrongly, on the reading threads; what it gives back is kept with the row.</param>
    /// <param name="progress">Told of the number of rows read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal static ScoredRows Read(IDataView data, ScoredColumns columns, Func<DataViewRow, byte[]?>? wrong = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (label, predicted, score) = (data.Schema.Find(columns.Label), data.Schema.Find(columns.PredictedLabel), data.Schema.Find(columns.Score));
        if (score.Type is not VectorDataViewType { Item: var item } || item != typeof(float))
            throw new ArgumentException($"Column '{score.Name}': got {score.Type}, needs a vector of float, one score a class. Is this the output of a classifier?");
        var path = data.Schema.GetColumnOrNull(columns.ImagePath) is { Type: TextDataViewType } found ? found : null;

        var skipped = ImmutableArray.CreateBuilder<SkippedRow>();
        var done = 0L;
        var read = data.Read(row =>
        {
            var (actual, guess) = (Name(label, row), Name(predicted, row));
            var (file, scores) = (path is null ? null : (string)row.GetValue(path.Index), (float[])row.GetValue(score.Index));
            return (row.Id, Path: file, Label: actual, Predicted: guess, Scores: scores, Picture: actual is not null && actual != guess ? wrong?.Invoke(row) : null);
        }, new() { Skipped = skipped.Add }, cancellation).Select(row =>
        {
            progress?.Report(++done);
            return row;
        }).ToArray();

        var classes = Names(score, predicted, label, read.Select(row => row.Scores.Length).FirstOrDefault());
        if (Array.Find(read, row => row.Scores.Length != classes.Length) is { Scores: { } odd } row)
            throw new ArgumentException($"Column '{score.Name}': row {row.Id} has {odd.Length} scores, needs {classes.Length}, one a class.");
        var labelled = read.Where(row => row.Label is not null && row.Predicted is not null).ToArray();
        var names = classes.AddRange(labelled.SelectMany(row => new[] { row.Label!, row.Predicted! }).Distinct().Except(classes).Order(StringComparer.Ordinal));
        var index = names.Select((name, position) => (name, position)).DistinctBy(pair => pair.name).ToDictionary(pair => pair.name, pair => pair.position);
        return new()
        {
            ClassNames = names,
            Rows = [.. labelled.Select(row => new ScoredRow(row.Id, row.Path, index[row.Label!], index[row.Predicted!], row.Scores, row.Picture))],
            Skipped = skipped.ToImmutable(),
            UnlabelledCount = read.Length - labelled.Length,
        };
    }

    internal Mistake MistakeOf(ScoredRow row) => new(row.Id, row.Path, ClassNames[row.Label], ClassNames[row.Predicted], row.Predicted < row.Scores.Length ? row.Scores[row.Predicted] : 0);

    static string? Name(DataViewSchema.Column column, DataViewRow row) => (column.Type, row.GetValue(column.Index)) switch
    {
        (_, string text) => text.Length == 0 ? null : text,
        (KeyDataViewType, 0u) => null,
        (KeyDataViewType { KeyValues: { } values }, uint key) => values[(int)key - 1],
        (_, var other) => Convert.ToString(other, CultureInfo.InvariantCulture),
    };

    static ImmutableArray<string> Names(DataViewSchema.Column score, DataViewSchema.Column predicted, DataViewSchema.Column label, int count) => (score.Type, predicted.Type, label.Type) switch
    {
        (VectorDataViewType { SlotNames: { } slots }, _, _) => slots,
        (_, KeyDataViewType { KeyValues: { } values }, _) => values,
        (_, _, KeyDataViewType { KeyValues: { } values }) when values.Length == count => values,
        (_, KeyDataViewType, _) => [.. Enumerable.Range(1, count).Select(key => key.ToString(CultureInfo.InvariantCulture))],
        _ => throw new ArgumentException($"Column '{score.Name}': its {count} scores have no class names, and '{predicted.Name}' ({predicted.Type}) is no key that would give them. Evaluate the output of the model itself, or make both labels keys by MapValueToKey."),
    };
}

/// <summary>Names of the columns of scored data.</summary>
readonly record struct ScoredColumns(string Label, string Score, string PredictedLabel, string ImagePath);

/// <param name="Id">Which sample.</param>
/// <param name="Path">Its file, if it has one.</param>
/// <param name="Label">Index of its class.</param>
/// <param name="Predicted">Index of the class predicted.</param>
/// <param name="Scores">Score of each class the model knows.</param>
/// <param name="Picture">What the reader made of a row predicted wrongly.</param>
sealed record ScoredRow(long Id, string? Path, int Label, int Predicted, float[] Scores, byte[]? Picture);
