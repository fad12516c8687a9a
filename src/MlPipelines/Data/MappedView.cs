using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A data view with more columns, or with columns replaced: each new value is computed from the row of the view below, at its first reading.</summary>
public sealed class MappedView : IDataView
{
    readonly IDataView source;
    readonly MappedColumn?[] columns;
    readonly int[] places;
    readonly ImmutableArray<ISampleMixing> mixings;
    readonly int count;

    public MappedView(IDataView source, params IReadOnlyList<MappedColumn> added) : this(source, [], added) { }

    /// <param name="source">The view below.</param>
    /// <param name="mixings">How a trainer mixes samples, after what the view below says.</param>
    /// <param name="added">The columns that are added or replaced.</param>
    public MappedView(IDataView source, ImmutableArray<ISampleMixing> mixings, IReadOnlyList<MappedColumn> added)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(added);
        (this.source, this.mixings) = (source, mixings);
        Schema = Extend(source.Schema, added);
        columns = new MappedColumn?[Schema.Count];
        places = new int[Schema.Count];
        foreach (var column in added)
        {
            var index = Schema.Find(column.Name).Index;
            columns[index] = column;
            places[index] = count++;
        }
        Repeats = source.Repeats && !added.Any(column => column.Random);
    }

    public DataViewSchema Schema { get; }
    public long RowCount => source.RowCount;
    public bool Repeats { get; }
    public ImmutableArray<ISampleMixing> Mixings => source.Mixings.AddRange(mixings);

    public DataViewRow GetRow(long position, Pass pass = default) => new Row(this, source.GetRow(position, pass), pass);

    /// <summary>The schema with those columns added or replaced; columns that stay keep their index.</summary>
    public static DataViewSchema Extend(DataViewSchema schema, IEnumerable<MappedColumn> added)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return added.Aggregate(schema, (extended, column) => extended.With(new(column.Name, column.Type)));
    }

    sealed class Row(MappedView view, DataViewRow below, Pass pass) : DataViewRow
    {
        object?[]? values;

        public override DataViewSchema Schema => view.Schema;
        public override long Id => below.Id;

        public override object GetValue(int column) => view.columns[column] is { } mapped
            ? (values ??= new object?[view.count])[view.places[column]] ??= mapped.Value(below, pass)
            : below.GetValue(column);
    }
}

/// <summary>A column computed from a row.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Value">The value, from the row of the view below; may throw what <see cref="DataViewRow.GetValue"/> may.</param>
/// <param name="Random">True when the value depends on the pass.</param>
public sealed record MappedColumn(string Name, DataViewType Type, Func<DataViewRow, Pass, object> Value, bool Random = false)
{
    /// <summary>A column whose value does not depend on the pass.</summary>
    public MappedColumn(string name, DataViewType type, Func<DataViewRow, object> value) : this(name, type, (row, _) => value(row)) { }
}
