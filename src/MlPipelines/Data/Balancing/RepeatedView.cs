using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Rows of a data view, in an order of their own, each any number of times; what is random differs from copy to copy. Nothing is copied.</summary>
public sealed class RepeatedView : IDataView
{
    readonly IDataView source;
    readonly ImmutableArray<RepeatedRow> rows;

    /// <param name="source">The view that holds the rows.</param>
    /// <param name="rows">Which of them, and which copy of each.</param>
    public RepeatedView(IDataView source, params IEnumerable<RepeatedRow> rows)
    {
        ArgumentNullException.ThrowIfNull(source);
        (this.source, this.rows) = (source, [.. rows]);
    }

    public DataViewSchema Schema => source.Schema;
    public long RowCount => rows.Length;
    public bool Repeats => source.Repeats;
    public ImmutableArray<ISampleMixing> Mixings => source.Mixings;

    public DataViewRow GetRow(long position, Pass pass = default) => position >= 0 && position < RowCount
        ? source.GetRow(rows[(int)position].Position, pass.Repeat(rows[(int)position].Copy))
        : throw new ArgumentOutOfRangeException(nameof(position), $"Row {position}: the data has {RowCount} rows, from 0 to {RowCount - 1}.");
}

/// <summary>One row of a <see cref="RepeatedView"/>.</summary>
/// <param name="Position">Where it is in the view below.</param>
/// <param name="Copy">0 for the row itself, then 1, 2, … for its copies.</param>
public readonly record struct RepeatedRow(long Position, int Copy);
