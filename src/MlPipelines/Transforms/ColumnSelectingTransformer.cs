using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Keeps some columns, in the order given, or drops them.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Drop">True to drop these and keep the others.</param>
public sealed record ColumnSelectingTransformer(ImmutableArray<string> Columns, bool Drop = false) : ITransformer
{
    public DataViewSchema GetOutputSchema(DataViewSchema input) => new(Kept(input).Select(input.Find));

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SelectedView(input, Kept(input.Schema));
    }

    IEnumerable<string> Kept(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var column in Columns)
            input.Find(column);
        return Drop ? input.Select(column => column.Name).Except(Columns) : Columns;
    }
}
