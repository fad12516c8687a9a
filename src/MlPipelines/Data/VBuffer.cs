using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A vector as ML.NET hands it out; here it holds all of its values.</summary>
public readonly struct VBuffer<T>(ImmutableArray<T> values)
{
    readonly ImmutableArray<T> values = values;

    public int Length => values.IsDefault ? 0 : values.Length;

    public ReadOnlySpan<T> GetValues() => values.AsSpan();

    /// <summary>All values, in order.</summary>
    public IEnumerable<T> DenseValues() => values.IsDefault ? [] : values;

    /// <summary>All values with their places.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items() => DenseValues().Select((value, place) => KeyValuePair.Create(place, value));

    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public T GetItemOrDefault(int index) => Check.Within(index, 0, Length - 1) is var place ? values[place] : default!;
}

/// <summary>What is known of a column beside its type, as ML.NET's programs ask for it.</summary>
public static class AnnotationUtils
{
    /// <summary>Whether the values of a key are known.</summary>
    public static bool HasKeyValues(this DataViewSchema.Column column) => column is { Type: KeyDataViewType { KeyValues: not null } };

    /// <summary>The values of a key, in the order of their numbers, from 1.</summary>
    /// <exception cref="InvalidOperationException">The column is no key, or a fit has not found its values yet.</exception>
    public static void GetKeyValues(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> keyValues)
    {
        ArgumentNullException.ThrowIfNull(column);
        keyValues = Texts((column.Type as KeyDataViewType)?.KeyValues ?? throw new InvalidOperationException($"Column '{column.Name}': holds {column.Type}, a key whose values are known is needed. Map it with MapValueToKey, and ask after the fit."));
    }

    /// <summary>Whether the numbers of a vector have names.</summary>
    public static bool HasSlotNames(this DataViewSchema.Column column) => column is { Type: VectorDataViewType { SlotNames.IsDefaultOrEmpty: false } };

    /// <summary>The names of a vector's numbers: those of the classes for scores.</summary>
    /// <exception cref="InvalidOperationException">They have none.</exception>
    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames)
    {
        ArgumentNullException.ThrowIfNull(column);
        slotNames = Texts(column.Type is VectorDataViewType { SlotNames: { IsDefaultOrEmpty: false } names } ? names
            : throw new InvalidOperationException($"Column '{column.Name}': holds {column.Type}, a vector whose numbers have names is needed."));
    }

    static VBuffer<ReadOnlyMemory<char>> Texts(ImmutableArray<string> texts) => new([.. texts.Select(text => text.AsMemory())]);
}
