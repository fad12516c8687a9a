using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Scored rows on their way into a part.</summary>
static class ScoredShard
{
    // What merged rows are evaluated and answered by, beside the paths and the numbers.
    static readonly string[] texts = ["Label", LabelledImages.GroupColumn, "PredictedLabel"];

    /// <summary>Writes the part of a share.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">What it is of; what it holds is added.</param>
    /// <param name="scored">The share's rows behind the model, with the ids of the whole.</param>
    /// <param name="numbers">Column of the scores or features.</param>
    /// <param name="skipped">Told of each row whose picture cannot be read.</param>
    /// <param name="watch">What is told of the number of rows, and what ends it.</param>
    /// <returns>How many rows cannot be read.</returns>
    /// <exception cref="ArgumentException">The numbers are no vector.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static int Write(string path, ShardHeader header, IDataView scored, string numbers, Action<SkippedRow> skipped,
        (IProgress<long> Progress, CancellationToken Cancellation) watch)
    {
        var (schema, failed) = (scored.Schema, 0);
        var columns = texts.Where(name => schema.GetColumnOrNull(name) is not null).Select(name => LabelColumn.Of(schema, name))
            .ToImmutableArray();
        var filled = header with
        {
            Numbers = numbers,
            Width = schema.Find(numbers).Type is VectorDataViewType { IsKnownSize: true, ItemType: var item } vector
                && item == NumberDataViewType.Single ? vector.Size
                : throw new ArgumentException($"Column '{numbers}': holds {schema.Find(numbers).Type.InWords()}, a vector of float of a "
                    + "known size is needed."),
            Classes = KeyNames.OfSlots(schema.Find(numbers))
                ?? columns.FirstOrDefault(column => column.Name == "PredictedLabel")?.Known ?? [],
            Texts = [.. columns.Select(column => column.Name)],
        };
        ShardPart.Write(path, filled, Rows());
        return failed;

        IEnumerable<SavedRow> Rows()
        {
            var done = 0L;
            foreach (var row in scored.Read([numbers, .. columns.Select(column => column.Name)], SavedOrFailed, null, watch.Cancellation))
            {
                if (row.Failure is not null)
                {
                    failed++;
                    skipped(new(row.Place, row.Path, row.Failure));
                }
                watch.Progress.Report(++done);
                yield return row;
            }
        }

        // Nothing is thrown for a row, whose place among the others would be lost.
        SavedRow SavedOrFailed(RowValues row)
        {
            try
            {
                return Saved(row);
            }
            catch (Exception exception) when (RowReader.IsUnreadable(exception))
            {
                return new(row.Id, row.Name, [.. columns.Select(_ => "")], null, exception.Message);
            }
        }

        SavedRow Saved(RowValues row) => new(row.Id, row.Get<string>(RowSelection.PathColumn),
            [.. columns.Select(column => column.NameOf(row[column.Name]) ?? "")], row.Get<float[]>(numbers), null);
    }
}
