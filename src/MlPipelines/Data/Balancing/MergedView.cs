using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A data view whose labels are text with some classes merged.</summary>
static class MergedView
{
    public static IDataView Of(IDataView data, string labelColumn, ImmutableSortedDictionary<string, string> merged)
    {
        if (merged.IsEmpty)
            return data;
        var column = data.Schema.Find(labelColumn).Index;
        return new MappedView(data, new MappedColumn(labelColumn, new TextDataViewType(), row => (string)row.GetValue(column) is var name && merged.TryGetValue(name, out var into) ? into : name));
    }

    /// <exception cref="ArgumentException">The labels are no text, or a key numbers the classes as they were before.</exception>
    public static void Validate(DataViewSchema schema, string labelColumn, IEnumerable<string> merged)
    {
        var names = merged.ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0)
            return;
        if (schema.Find(labelColumn).Type is not TextDataViewType and var type)
            throw new ArgumentException($"Column '{labelColumn}': holds {type}, merging classes changes their names, so text is needed. Put Balance before MapValueToKey.");
        if (schema.FirstOrDefault(column => column.Type is KeyDataViewType { KeyValues: { } values } && values.Any(names.Contains)) is { } key)
            throw new ArgumentException($"Column '{key.Name}': numbers the classes before they are merged ({string.Join(", ", names.Order(StringComparer.Ordinal).Select(name => $"'{name}'"))}). Put Balance before MapValueToKey.");
    }
}
