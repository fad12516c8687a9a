using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>One sample, ready to be written as a network takes it.</summary>
/// <param name="Content">Of <see cref="NetworkInput.Content"/>.</param>
/// <param name="Label">Number of its class, from 0.</param>
/// <param name="Id">Which sample this is.</param>
/// <param name="Weight">What its loss is multiplied with.</param>
readonly record struct Sample(object Content, int Label, long Id, float Weight = 1);

/// <summary>Rows → samples.</summary>
sealed class SampleReader
{
    readonly int feature, label;
    readonly bool oneSize;
    readonly ImmutableArray<string>? keys;
    readonly Dictionary<string, int> classes;
    readonly string name;
    readonly int? features, weight;

    /// <param name="schema">Columns of the rows.</param>
    /// <param name="featureColumn">Column of images, their bytes or vectors.</param>
    /// <param name="labelColumn">Column of the classes, text or a key; a key may number them in an order of its own.</param>
    /// <param name="labels">The classes in the network's order.</param>
    /// <param name="input">What the network takes.</param>
    /// <param name="oneSize">True when nobody asked for a size, so that an image of another one is a mistake.</param>
    /// <param name="features">Numbers in a sample, where the column holds the features of images and not images; null for images.</param>
    /// <param name="weightColumn">Column of the samples' weights; null where all count alike.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public SampleReader(DataViewSchema schema, string featureColumn, string labelColumn, ImmutableArray<string> labels, NetworkInput input, bool oneSize, int? features = null, string? weightColumn = null)
    {
        (this.features, weight) = (features, weightColumn is null ? null : WeightColumn(schema, weightColumn).Index);
        (feature, name, this.oneSize) = (schema.Find(featureColumn).Index, featureColumn, oneSize);
        var column = schema.Find(labelColumn);
        (label, keys, Input) = (column.Index, column.Type is KeyDataViewType key ? key.KeyValues ?? labels : null, input);
        classes = labels.Select((each, index) => (each, index)).ToDictionary(pair => pair.each, pair => pair.index, StringComparer.Ordinal);
    }

    public NetworkInput Input { get; }

    /// <summary>Numbers in a sample.</summary>
    public int Length => features ?? Input.Length;

    public Sample Read(DataViewRow row) => new(Content(row, Value(row)), Class(row), row.Id, Weight(row));

    /// <summary>What <see cref="NetworkInput.Content"/> makes of a row's <see cref="Value"/>.</summary>
    public object Content(DataViewRow row, object value) => features is null ? Input.Content(value, Where(row)) : value;

    /// <summary>What a row holds for the network, not decoded yet.</summary>
    public object Value(DataViewRow row)
    {
        var value = row.GetValue(feature);
        if (oneSize && value is Image image && (image.Height, image.Width) != (Input.Height, Input.Width))
            throw new ArgumentException($"Column '{name}', row {row.Id}: is {image.Width}×{image.Height}, the images before it {Input.Width}×{Input.Height}. Add ResizeImages, or set ImageHeight and ImageWidth.");
        return value is byte[] encoded && features is null ? Image.FromBytes(encoded, Where(row)) : value;
    }

    /// <summary>What a row's loss is multiplied with.</summary>
    /// <exception cref="InvalidDataException">It is negative or no number.</exception>
    public float Weight(DataViewRow row)
    {
        if (weight is null)
            return 1;
        var found = Convert.ToSingle(row.GetValue(weight.Value));
        return found >= 0 && float.IsFinite(found) ? found : throw new InvalidDataException($"row {row.Id}: its weight is {found}, needs a number from 0 on.");
    }

    /// <summary>The column of the samples' weights.</summary>
    /// <exception cref="ArgumentException">There is none of that name, or it holds no numbers.</exception>
    public static DataViewSchema.Column WeightColumn(DataViewSchema schema, string name)
    {
        var column = schema.Find(name);
        return column.Type is PrimitiveDataViewType { Primitive: var type } && type != typeof(bool) ? column
            : throw new ArgumentException($"Column '{name}': holds {column.Type}, numbers are needed as weights of the samples.");
    }

    string Where(DataViewRow row) => $"column '{name}', row {row.Id}";

    /// <summary>The number of a row's class.</summary>
    /// <exception cref="InvalidDataException">It has none, or one that the network does not know.</exception>
    public int Class(DataViewRow row)
    {
        var value = row.GetValue(label);
        if (value is uint and 0)
            throw new InvalidDataException($"row {row.Id}: its label is not among the keys.");
        var text = value is uint key && keys is { } names ? names[(int)key - 1] : value.ToString()!;
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
