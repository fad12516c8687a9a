namespace MlPipelines;

/// <summary>A view with added columns, each computed from the row below when it is asked for.</summary>
/// <param name="source">The view below.</param>
/// <param name="layout">Its columns and those that are added.</param>
sealed class AddedView(IDataView source, ColumnLayout layout) : IDataView
{
    public DataViewSchema Schema => layout.Output;
    public bool CanShuffle => source.CanShuffle;
    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new AddedCursor(layout, source, columnsNeeded, rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var needed = columnsNeeded.ToArray();
        // Getters are made for each cursor: what they remember is of one thread.
        return [.. source.GetRowCursorSet(layout.InputsOf(needed), n, rand).Select(input => new AddedCursor(layout, input, needed))];
    }
}

/// <summary>A cursor with added columns.</summary>
sealed class AddedCursor(ColumnLayout layout, DataViewRowCursor input, DataViewSchema.Column[] needed) : WrappingCursor(input)
{
    readonly Delegate?[] made = new Delegate?[layout.AddedCount];
    readonly bool[] active = layout.Active(needed);

    public AddedCursor(ColumnLayout layout, IDataView source, IEnumerable<DataViewSchema.Column> needed, Random? random)
        : this(layout, [.. needed], source, random) { }

    AddedCursor(ColumnLayout layout, DataViewSchema.Column[] needed, IDataView source, Random? random)
        : this(layout, source.GetRowCursor(layout.InputsOf(needed), random), needed) { }

    public override DataViewSchema Schema => layout.Output;
    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => layout.Getter<TValue>(Input, made, column);
}

/// <summary>A cursor that moves with the one below.</summary>
abstract class WrappingCursor(DataViewRowCursor input) : DataViewRowCursor
{
    protected DataViewRowCursor Input { get; } = input;

    public override DataViewSchema Schema => Input.Schema;
    public override long Position => Input.Position;
    public override long Batch => Input.Batch;
    public override bool MoveNext() => Input.MoveNext();
    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();
    public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(column);
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Input.Dispose();
        base.Dispose(disposing);
    }
}
