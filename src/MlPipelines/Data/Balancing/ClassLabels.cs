using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>The classes that a column of labels says rows belong to.</summary>
sealed class ClassLabels
{
    readonly DataViewSchema.Column column;

    ClassLabels(DataViewSchema.Column column) => this.column = column;

    /// <exception cref="ArgumentException">The column is missing, or holds neither text nor keys nor numbers.</exception>
    public static ClassLabels Of(DataViewSchema schema, string labelColumn) =>
        schema.Find(Check.Named(labelColumn)) is var column && column.Type is TextDataViewType or KeyDataViewType or PrimitiveDataViewType ? new(column)
            : throw new ArgumentException($"Column '{labelColumn}': holds {column.Type}, classes (text, a key or a number) are needed. Name the column of the labels.");

    /// <summary>The classes of a key, in its order; none where only the rows tell.</summary>
    public ImmutableArray<string> Known => (column.Type as KeyDataViewType)?.KeyValues ?? [];

    /// <summary>The class of a row; null for a row without one.</summary>
    public string? ClassOf(DataViewRow row) => (column.Type, row.GetValue(column.Index)) switch
    {
        (_, string text) => text.Length == 0 ? null : text,
        (KeyDataViewType, 0u) => null,
        (KeyDataViewType { KeyValues: { } values }, uint key) => values[(int)key - 1],
        (_, var other) => Convert.ToString(other, CultureInfo.InvariantCulture),
    };

    /// <summary>Positions of the rows of each class, by name, and of those without one.</summary>
    public (SortedDictionary<string, List<long>> Classes, List<long> Unlabelled) Positions(IDataView data)
    {
        var (classes, unlabelled) = (new SortedDictionary<string, List<long>>(StringComparer.Ordinal), new List<long>());
        for (var position = 0L; position < data.RowCount; position++)
        {
            if (ClassOf(data.GetRow(position)) is not { } name)
                unlabelled.Add(position);
            else if (classes.TryGetValue(name, out var rows))
                rows.Add(position);
            else
                classes.Add(name, [position]);
        }
        return (classes, unlabelled);
    }

    /// <summary>Rows of one class in a random order, which depends on the dice and on the samples alone.</summary>
    public static long[] Shuffled(IDataView data, IEnumerable<long> positions, Dice dice) =>
        [.. positions.OrderBy(position => dice.Split(data.GetRow(position).Id).Bits()).ThenBy(position => position)];
}
