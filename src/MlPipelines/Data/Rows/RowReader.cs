namespace MlPipelines;

/// <summary>Reads rows with several threads, ahead of whoever takes them, in order and with bounded memory.</summary>
/// <remarks>The cursor is moved by one thread at a time; pictures are decoded by all. What comes out, and in which order, does not depend
/// on the number of threads.</remarks>
static class RowReader
{
    /// <summary>What <paramref name="read"/> makes of each row, in order.</summary>
    /// <param name="view">The rows.</param>
    /// <param name="columns">Columns that are taken out of it.</param>
    /// <param name="read">Called on the reading threads, once a row.</param>
    /// <param name="options">How many threads, and what becomes of rows that cannot be read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    /// <exception cref="InvalidDataException">A row cannot be read, and <see cref="RowReading.Fatal"/> is set.</exception>
    public static IEnumerable<T> Read<T>(this IDataView view, IEnumerable<string> columns, Func<RowValues, T> read,
        RowReading? options = null, CancellationToken cancellation = default)
    {
        var selection = new RowSelection(view.Schema, columns);
        return Read(() => Open(view, selection.Columns), view.GetRowCount(), selection, read, options, cancellation);
    }

    /// <summary>A cursor whose values are computed when they are asked for.</summary>
    /// <remarks>One that ML.NET's steps fill ahead with threads of their own ends at the first value that cannot be had,
    /// and the row could not be skipped.</remarks>
    public static DataViewRowCursor Open(IDataView view, IEnumerable<DataViewSchema.Column> columns)
    {
        var cursors = view.GetRowCursorSet(columns, 1);
        if (cursors is [var only])
            return only;
        foreach (var cursor in cursors)
            cursor.Dispose();
        return view.GetRowCursor(columns);
    }

    /// <summary>The same over a cursor that is opened when the first row is asked for.</summary>
    public static IEnumerable<T> Read<T>(Func<DataViewRowCursor> open, long? count, RowSelection selection, Func<RowValues, T> read,
        RowReading? options, CancellationToken cancellation)
    {
        return Rows();

        IEnumerable<T> Rows()
        {
            using var cursor = open();
            // Of this library's pictures it takes only where they lie: they are decoded when the cursor has moved on.
            var take = selection.Reader(cursor);
            var work = new ReadingWork<RowValues, T>(Next, read, SkippedRow.Of, count ?? long.MaxValue);
            foreach (var result in new OrderedReader<RowValues, T>(work, options ?? new(), cancellation).Read())
                yield return result;

            bool Next(out RowValues row)
            {
                var more = cursor.MoveNext();
                row = more ? take() : null!;
                return more;
            }
        }
    }

    /// <summary>The rows themselves, in order, without reading ahead: for columns that are there at once.</summary>
    public static IEnumerable<RowValues> Rows(this IDataView view, params IEnumerable<string> columns) =>
        view.Read(columns, row => row, new() { Prefetch = 0 });

    /// <summary>What <paramref name="read"/> makes of the rows at some places, by their places;
    /// those that cannot be read are left out.</summary>
    public static Dictionary<int, T> ReadAt<T>(this IDataView view, IEnumerable<int> places, IEnumerable<string> columns,
        Func<RowValues, T> read,
        RowReading? options = null, CancellationToken cancellation = default)
    {
        int[] sorted = [.. places.Distinct().Order()];
        return sorted.Length == 0 ? [] : PickedView.Of(view, sorted, sorted[^1] + 1)
            .Read(columns, row => KeyValuePair.Create(sorted[row.Place], read(row)), options, cancellation).ToDictionary();
    }

    /// <summary>Number of rows; they are counted where the view does not say.</summary>
    public static long CountRows(this IDataView view)
    {
        if (view.GetRowCount() is { } known)
            return known;
        var count = 0L;
        using var cursor = view.GetRowCursor([]);
        while (cursor.MoveNext())
            count++;
        return count;
    }

    /// <summary>Whether an exception means that one row cannot be read, and not that the program is wrong.</summary>
    public static bool IsUnreadable(Exception exception) => exception is InvalidDataException or IOException or UnauthorizedAccessException;
}

/// <summary>How rows are read.</summary>
public sealed record RowReading
{
    /// <summary>Number of reading threads.</summary>
    public int Workers { get; init => field = Check.AtLeast(value, 1); } = Environment.ProcessorCount;

    /// <summary>The most rows that are read and not yet taken; with 0 the caller's own thread reads.</summary>
    public int Prefetch { get; init => field = Check.AtLeast(value, 0); } = 64;

    /// <summary>True when a row that cannot be read ends the reading.</summary>
    public bool Fatal { get; init; }

    /// <summary>Told of each row that cannot be read, in the order of the rows, on the thread that takes them.</summary>
    public Action<SkippedRow>? Skipped { get; init; }
}
