using System.Collections.Immutable;
using MlPipelines.Data;
using MlPipelines.Transforms;

namespace MlPipelines.Training;

/// <summary>One sample as a network takes it.</summary>
readonly record struct Sample(float[] Pixels, int Label, long Id);

/// <summary>Rows → samples.</summary>
sealed class SampleReader
{
    readonly int feature, label;
    readonly bool isKey;
    readonly Dictionary<string, int> classes;
    readonly string name;

    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public SampleReader(DataViewSchema schema, string featureColumn, string labelColumn, ImmutableArray<string> labels, NetworkInput input)
    {
        (feature, name) = (schema.Find(featureColumn).Index, featureColumn);
        var column = schema.Find(labelColumn);
        (label, isKey, Input) = (column.Index, column.Type is KeyDataViewType, input);
        classes = labels.Select((each, index) => (each, index)).ToDictionary(pair => pair.each, pair => pair.index, StringComparer.Ordinal);
    }

    public NetworkInput Input { get; }

    public Sample Read(DataViewRow row) => new(Input.Features(row.GetValue(feature), $"column '{name}', row {row.Id}"), Class(row), row.Id);

    int Class(DataViewRow row)
    {
        if (isKey)
            return row.GetValue(label) is uint key and > 0 ? (int)key - 1 : throw new InvalidDataException($"row {row.Id}: its label is not among the keys.");
        var text = row.GetValue(label).ToString()!;
        return classes.TryGetValue(text, out var found) ? found
            : throw new InvalidDataException($"row {row.Id}: label '{text}' is not among the classes {string.Join(", ", classes.Keys)}.");
    }

    /// <summary>The classes of a label column: its key values, or its texts in ordinal order.</summary>
    public static ImmutableArray<string> Labels(IDataView data, string labelColumn)
    {
        var column = data.Schema.Find(labelColumn);
        return column.Type switch
        {
            KeyDataViewType { KeyValues: { } values } => values,
            KeyDataViewType => throw new ArgumentException($"Column '{labelColumn}': is a key whose values are not known. Map it with MapValueToKey."),
            TextDataViewType => [.. data.GetColumn<string>(labelColumn).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            _ => throw new ArgumentException($"Column '{labelColumn}': holds {column.Type}, needs text or a key. Map it with MapValueToKey."),
        };
    }
}
