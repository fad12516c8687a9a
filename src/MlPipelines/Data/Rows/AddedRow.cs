namespace MlPipelines;

/// <summary>One row with added columns.</summary>
sealed class AddedRow(ColumnLayout layout, DataViewRow input, bool[] active) : DataViewRow
{
    readonly Delegate?[] made = new Delegate?[layout.AddedCount];

    public override DataViewSchema Schema => layout.Output;
    public override long Position => input.Position;
    public override long Batch => input.Batch;
    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();
    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => layout.Getter<TValue>(input, made, column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>The mapping of single rows, as a prediction engine asks for it.</summary>
sealed class AddedMapper(ColumnLayout layout) : IRowToRowMapper
{
    public DataViewSchema InputSchema => layout.Input;
    public DataViewSchema OutputSchema => layout.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        layout.InputsOf(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new AddedRow(layout, input, layout.Active(activeColumns));
}
