using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A data view that keeps in memory what was read of it once. Rows of random transforms are computed anew in every pass of a fit.</summary>
public sealed class CachedView : IDataView
{
    readonly IDataView source;
    readonly object?[]?[] rows;

    public CachedView(IDataView source)
    {
        ArgumentNullException.ThrowIfNull(source);
        this.source = source;
        rows = new object?[source.RowCount][];
    }

    public DataViewSchema Schema => source.Schema;
    public long RowCount => source.RowCount;
    public bool Repeats => source.Repeats;
    public ImmutableArray<ISampleMixing> Mixings => source.Mixings;

    public DataViewRow GetRow(long position, Pass pass = default) => pass.Fitting && !Repeats
        ? source.GetRow(position, pass)
        : new Row(source.GetRow(position, pass), Values(position));

    object?[] Values(long position) => Volatile.Read(ref rows[position])
        ?? Interlocked.CompareExchange(ref rows[position], new object?[Schema.Count], null)
        ?? rows[position]!;

    sealed class Row(DataViewRow below, object?[] values) : DataViewRow
    {
        public override DataViewSchema Schema => below.Schema;
        public override long Id => below.Id;

        public override object GetValue(int column)
        {
            if (Volatile.Read(ref values[column]) is { } known)
                return known;
            var value = below.GetValue(column);
            return Interlocked.CompareExchange(ref values[column], value, null) ?? value;
        }
    }
}
