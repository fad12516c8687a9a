using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Some rows of a data view, in an order of their own: what filters, splits and shuffles make. Nothing is copied.</summary>
public sealed class IndexedView : IDataView
{
    readonly IDataView source;
    readonly Lazy<long[]> positions;

    /// <param name="source">The view that holds the rows.</param>
    /// <param name="positions">Their positions in it.</param>
    public IndexedView(IDataView source, IEnumerable<long> positions) : this(source, new Lazy<long[]>([.. positions])) { }

    /// <summary>Rows that are found out when they are first asked for.</summary>
    public IndexedView(IDataView source, Func<long[]> positions) : this(source, new Lazy<long[]>(positions)) { }

    IndexedView(IDataView source, Lazy<long[]> positions) => (this.source, this.positions) = (source, positions);

    public DataViewSchema Schema => source.Schema;
    public long RowCount => positions.Value.LongLength;
    public bool Repeats => source.Repeats;
    public ImmutableArray<ISampleMixing> Mixings => source.Mixings;

    public DataViewRow GetRow(long position, Pass pass = default) => position >= 0 && position < RowCount
        ? source.GetRow(positions.Value[position], pass)
        : throw new ArgumentOutOfRangeException(nameof(position), $"Row {position}: the data has {RowCount} rows, from 0 to {RowCount - 1}.");
}
