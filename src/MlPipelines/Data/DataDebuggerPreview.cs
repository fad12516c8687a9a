using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Some rows, read, to look at while debugging.</summary>
public sealed class DataDebuggerPreview
{
    /// <param name="data">The rows.</param>
    /// <param name="maxRows">How many at most are read.</param>
    /// <exception cref="InvalidDataException">One of them cannot be read.</exception>
    public DataDebuggerPreview(IDataView data, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(data);
        Schema = data.Schema;
        var count = Math.Min(Check.AtLeast(maxRows, 0), data.RowCount);
        RowView = [.. Enumerable.Range(0, (int)count).Select(position => data.GetRow(position)).Select(row => new RowInfo([.. Schema.Select(column => KeyValuePair.Create(column.Name, row.GetValue(column.Index)))]))];
        ColumnView = [.. Schema.Select(column => new ColumnInfo(column, [.. RowView.Select(row => row.Values[column.Index].Value)]))];
    }

    public DataViewSchema Schema { get; }
    public ImmutableArray<RowInfo> RowView { get; }
    public ImmutableArray<ColumnInfo> ColumnView { get; }

    public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

    /// <summary>One row: the value in each column, by the column's name.</summary>
    public sealed record RowInfo(ImmutableArray<KeyValuePair<string, object>> Values);

    /// <summary>One column: the value in each row.</summary>
    public sealed record ColumnInfo(DataViewSchema.Column Column, ImmutableArray<object> Values);
}

/// <summary>Looking into data while debugging.</summary>
public static class DebuggerExtensions
{
    /// <summary>Reads the first rows.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="maxRows">How many at most.</param>
    /// <exception cref="InvalidDataException">One of them cannot be read.</exception>
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100) => new(data, maxRows);
}
