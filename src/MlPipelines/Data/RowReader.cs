namespace MlPipelines;

/// <summary>Reads rows with several threads, ahead of whoever takes them, in order and with bounded memory.</summary>
/// <remarks>What comes out, and in which order, does not depend on the number of threads. A row that cannot be read is skipped and reported.</remarks>
public static class RowReader
{
    /// <summary>What <paramref name="read"/> makes of each row, in order.</summary>
    /// <param name="view">The rows.</param>
    /// <param name="read">Called on the reading threads, once a row.</param>
    /// <param name="options">Which rows, for what, and how many threads.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidDataException">A row cannot be read, and <see cref="RowReading.Fatal"/> is set.</exception>
    public static IEnumerable<T> Read<T>(this IDataView view, Func<DataViewRow, T> read, RowReading? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(read);
        options ??= new();
        var count = options.Order?.Length ?? view.RowCount;
        var chunks = new RowChunks<T>(view, read, options, count, cancellation);
        return options.Prefetch == 0 || count <= 1 ? chunks.ReadHere() : chunks.ReadAhead();
    }

    /// <summary>The same in arrays of <paramref name="size"/>; the last one may be shorter.</summary>
    public static IEnumerable<T[]> ReadBatches<T>(this IDataView view, Func<DataViewRow, T> read, int size, RowReading? options = null, CancellationToken cancellation = default) =>
        view.Read(read, options, cancellation).Chunk(Check.AtLeast(size, 1));

    /// <summary>The values of one column, in order.</summary>
    /// <exception cref="InvalidDataException">A value cannot be had.</exception>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        var column = data.Schema.Find(columnName);
        return column.Type.RawType.IsAssignableTo(typeof(T))
            ? data.Read(row => (T)row.GetValue(column.Index), new() { Fatal = true })
            : throw new ArgumentException($"Column '{columnName}': asked for {typeof(T).Name}, holds {column.Type}.");
    }

    /// <summary>Whether an exception means that one row cannot be read, and not that the program is wrong.</summary>
    public static bool IsUnreadable(Exception exception) => exception is InvalidDataException or IOException or UnauthorizedAccessException;
}

/// <summary>Which rows are read, for what, and how.</summary>
public sealed record RowReading
{
    /// <summary>Positions in the order of reading; null for all rows from first to last.</summary>
    public long[]? Order { get; init; }

    /// <summary>What the rows are read for.</summary>
    public Pass Pass { get; init; }

    /// <summary>Number of reading threads.</summary>
    public int Workers { get; init => field = Check.AtLeast(value, 1); } = Environment.ProcessorCount;

    /// <summary>The most rows that are read and not yet taken; with 0 the caller's own thread reads.</summary>
    public int Prefetch { get; init => field = Check.AtLeast(value, 0); } = 64;

    /// <summary>True when a row that cannot be read ends the reading.</summary>
    public bool Fatal { get; init; }

    /// <summary>Told of each row that cannot be read, in the order of the rows, on the thread that takes them.</summary>
    public Action<SkippedRow>? Skipped { get; init; }
}
