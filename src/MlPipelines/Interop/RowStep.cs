namespace MlPipelines;

/// <summary>A step that computes columns of a row from that row alone.</summary>
public abstract record RowStep : Step
{
    private protected RowStep() { }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public override DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ColumnLayout(inputSchema, Map(inputSchema)).Output;
    }

    /// <inheritdoc/>
    public override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AddedView(input, new(input.Schema, Map(input.Schema)));
    }

    /// <summary>The columns that are added.</summary>
    /// <exception cref="ArgumentException">A column that is needed is missing or of another type.</exception>
    private protected abstract IEnumerable<AddedColumn> Map(DataViewSchema input);

    private protected override IRowToRowMapper MapperOver(DataViewSchema inputSchema) =>
        new AddedMapper(new(inputSchema, Map(inputSchema)));
}
