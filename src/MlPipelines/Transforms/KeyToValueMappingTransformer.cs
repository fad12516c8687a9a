
namespace MlPipelines;

/// <summary>Replaces each number of a key by the text it stands for; 0 becomes the empty text.</summary>
/// <param name="OutputColumn">Column of the text.</param>
/// <param name="InputColumn">Column of the key.</param>
public sealed record KeyToValueMappingTransformer(string OutputColumn, string InputColumn) : RowTransformer
{
    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        var column = Needs<KeyDataViewType>(input, InputColumn, "a key");
        var values = ((KeyDataViewType)column.Type).KeyValues ?? [];
        yield return new(OutputColumn, new TextDataViewType(), row => row.GetValue(column.Index) is uint key && key > 0 && key <= values.Length ? values[(int)key - 1] : "");
    }
}
