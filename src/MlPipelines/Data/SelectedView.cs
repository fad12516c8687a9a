using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Some columns of a data view, in the order given.</summary>
public sealed class SelectedView : IDataView
{
    readonly IDataView source;
    readonly int[] indices;

    public SelectedView(IDataView source, params IEnumerable<string> columns)
    {
        ArgumentNullException.ThrowIfNull(source);
        this.source = source;
        var chosen = columns.Select(source.Schema.Find).ToArray();
        Schema = new DataViewSchema(chosen);
        indices = [.. chosen.Select(column => column.Index)];
    }

    public DataViewSchema Schema { get; }
    public long RowCount => source.RowCount;
    public bool Repeats => source.Repeats;
    public ImmutableArray<ISampleMixing> Mixings => source.Mixings;

    public DataViewRow GetRow(long position, Pass pass = default) => new Row(this, source.GetRow(position, pass));

    sealed class Row(SelectedView view, DataViewRow below) : DataViewRow
    {
        public override DataViewSchema Schema => view.Schema;
        public override long Id => below.Id;
        public override object GetValue(int column) => below.GetValue(view.indices[column]);
    }
}
