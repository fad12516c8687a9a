using System.Collections.Immutable;
using System.Globalization;
using MlPipelines.Data;

namespace MlPipelines.Reports;

/// <summary>The class of each row as text, whether the column holds text, keys or numbers.</summary>
sealed class LabelColumn
{
    readonly int index;
    readonly ImmutableArray<string>? keys;

    /// <exception cref="ArgumentException">There is no such column, or it holds something else.</exception>
    internal LabelColumn(DataViewSchema schema, string name)
    {
        var column = schema.Find(name);
        index = column.Index;
        keys = (column.Type as KeyDataViewType)?.KeyValues;
        if (column.Type is not (TextDataViewType or KeyDataViewType or PrimitiveDataViewType))
            throw new ArgumentException($"Column '{name}': holds {column.Type}, the class as text, a key or a number is needed.");
    }

    internal string Of(DataViewRow row) => row.GetValue(index) switch
    {
        uint key when keys is { } names => key == 0 ? "" : names[(int)key - 1],
        var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
