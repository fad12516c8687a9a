using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Labels of text with some classes merged.</summary>
static class MergedLabels
{
    public static IDataView Of(IDataView data, string labelColumn, ImmutableSortedDictionary<string, string> merged) =>
        merged.IsEmpty ? data : new AddedView(data, new(data.Schema, [Column(labelColumn, merged)]));

    /// <summary>The column with its new names.</summary>
    public static AddedColumn Column(string labelColumn, ImmutableSortedDictionary<string, string> merged) => new(labelColumn,
        TextDataViewType.Instance, [labelColumn], row =>
    {
        var read = RowColumn.Reader(row, row.Schema[labelColumn]);
        return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> text) =>
        {
            var name = NormalForm.Of((string)read());
            text = (merged.TryGetValue(name, out var into) ? into : name).AsMemory();
        });
    });

    /// <exception cref="ArgumentException">The labels are no text, or a key numbers the classes as they were before.</exception>
    public static void Validate(DataViewSchema schema, string labelColumn, IEnumerable<string> merged)
    {
        var names = merged.ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0)
            return;
        if (schema.Find(labelColumn).Type is not TextDataViewType and var type)
            throw new ArgumentException($"Column '{labelColumn}': holds {type.InWords()}, merging classes changes their names, so text is "
                + "needed. Put Balance before MapValueToKey.");
        foreach (var key in schema.Where(column => !column.IsHidden && column.Type is KeyDataViewType))
            if (KeyNames.Of(key) is { } values && values.Select(NormalForm.Of).Any(names.Contains))
                throw new ArgumentException($"Column '{key.Name}': numbers the classes before they are merged "
                    + $"({string.Join(", ", names.Order(StringComparer.Ordinal).Select(name => $"'{name}'"))}). Put Balance before "
                    + "MapValueToKey.");
    }
}
