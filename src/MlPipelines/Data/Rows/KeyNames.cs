using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>Names of the values of keys, and of the slots of vectors, as annotations of a column.</summary>
static class KeyNames
{
    const int MostNumbered = 1 << 20;
    const string KeyValues = "KeyValues", SlotNames = "SlotNames", ScoreColumnKind = "ScoreColumnKind", ScoreValueKind = "ScoreValueKind",
        ScoreColumnSetId = "ScoreColumnSetId";

    /// <summary>The names of a key's values, in their order; null where the column has none.</summary>
    public static ImmutableArray<string>? Of(DataViewSchema.Column column) => Names(column, KeyValues);

    /// <summary>The names of a key's values, or their numbers where it has no names; null where there may be any number,
    /// as of hashes.</summary>
    public static ImmutableArray<string>? OrNumbers(DataViewSchema.Column column) => Of(column)
        ?? (column.Type is KeyDataViewType { Count: > 0 and <= MostNumbered } key
            ? [.. Enumerable.Range(1, (int)key.Count).Select(number => number.ToString(CultureInfo.InvariantCulture))] : null);

    /// <summary>The names of a vector's slots; null where the column has none.</summary>
    public static ImmutableArray<string>? OfSlots(DataViewSchema.Column column) => Names(column, SlotNames);

    /// <summary>Annotations of a key with those names.</summary>
    public static DataViewSchema.Annotations ForKey(ImmutableArray<string> names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Add(builder, KeyValues, names);
        return builder.ToAnnotations();
    }

    /// <summary>Annotations of scores of the classes: slot names and key values, and what ML.NET's evaluators know scores by.</summary>
    public static DataViewSchema.Annotations ForScores(ImmutableArray<string> names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Add(builder, SlotNames, names);
        builder.AddPrimitiveValue(ScoreColumnKind, TextDataViewType.Instance, "MulticlassClassification".AsMemory());
        builder.AddPrimitiveValue(ScoreValueKind, TextDataViewType.Instance, "Score".AsMemory());
        Add(builder, "TrainingLabelValues", names);
        return builder.ToAnnotations();
    }

    /// <summary>Annotations of a vector's slots.</summary>
    public static DataViewSchema.Annotations ForSlots(ImmutableArray<string> names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Add(builder, SlotNames, names);
        return builder.ToAnnotations();
    }

    static void Add(DataViewSchema.Annotations.Builder builder, string kind, ImmutableArray<string> names)
    {
        var values = names.Select(name => name.AsMemory()).ToArray();
        builder.Add(kind, new VectorDataViewType(TextDataViewType.Instance, values.Length),
            (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> all) => all = new(values.Length, values)));
    }

    static ImmutableArray<string>? Names(DataViewSchema.Column column, string kind)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind) is not { Type: VectorDataViewType { ItemType: var item } } annotation)
            return null;
        if (item is TextDataViewType)
            return Read<ReadOnlyMemory<char>>(column, kind, value => value.ToString());
        return item.RawType switch
        {
            var type when type == typeof(float) => Read<float>(column, kind, Text),
            var type when type == typeof(double) => Read<double>(column, kind, Text),
            var type when type == typeof(bool) => Read<bool>(column, kind, Text),
            var type when type == typeof(sbyte) => Read<sbyte>(column, kind, Text),
            var type when type == typeof(byte) => Read<byte>(column, kind, Text),
            var type when type == typeof(short) => Read<short>(column, kind, Text),
            var type when type == typeof(ushort) => Read<ushort>(column, kind, Text),
            var type when type == typeof(int) => Read<int>(column, kind, Text),
            var type when type == typeof(uint) => Read<uint>(column, kind, Text),
            var type when type == typeof(long) => Read<long>(column, kind, Text),
            var type when type == typeof(ulong) => Read<ulong>(column, kind, Text),
            _ => throw new ArgumentException(
                $"Column '{column.Name}': its {kind} are {annotation.Type.InWords()}, text or numbers are needed."),
        };
    }

    static string Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    static ImmutableArray<string> Read<T>(DataViewSchema.Column column, string kind, Func<T, string> text)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(kind, ref values);
        return [.. values.DenseValues().Select(text)];
    }
}
