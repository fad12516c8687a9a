
namespace MlPipelines;

/// <summary>Gives a column under a second name.</summary>
/// <param name="OutputColumn">The second name.</param>
/// <param name="InputColumn">The column.</param>
public sealed record ColumnCopyingTransformer(string OutputColumn, string InputColumn) : RowTransformer
{
    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = input.Find(InputColumn);
        yield return new(OutputColumn, column.Type, row => row.GetValue(column.Index));
    }
}
