using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>The columns of a data view, in order. Of columns with the same name the last one counts.</summary>
public sealed class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    readonly ImmutableArray<Column> columns;

    public DataViewSchema(params IEnumerable<Column> columns) =>
        this.columns = [.. columns.Select((column, index) => column with { Index = index })];

    public int Count => columns.Length;
    public Column this[int index] => columns[index];

    /// <summary>The column of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names there are.</exception>
    public Column this[string name] => Find(name);

    /// <summary>The column of that name, or null.</summary>
    public Column? GetColumnOrNull(string name) => columns.LastOrDefault(column => column.Name == name);

    /// <summary>The column of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names there are.</exception>
    public Column Find(string name) => GetColumnOrNull(name)
        ?? throw new ArgumentException($"Column '{name}': not found, the data has {string.Join(", ", columns.Select(column => $"'{column.Name}' ({column.Type})"))}.");

    /// <summary>This schema with one column more, or with the column of the same name replaced.</summary>
    public DataViewSchema With(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var old = GetColumnOrNull(column.Name);
        return old is null ? new(columns.Append(column)) : new(columns.SetItem(old.Index, column));
    }

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)columns).GetEnumerator();
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Name and type of one column.</summary>
    /// <param name="Name">Name of the column.</param>
    /// <param name="Type">What its values are.</param>
    /// <param name="Index">Position in the schema.</param>
    public sealed record Column(string Name, DataViewType Type, int Index = -1);
}

/// <summary>What the values of a column are.</summary>
public abstract record DataViewType
{
    /// <summary>The .NET type of the values, as <see cref="DataViewRow.Get{T}"/> returns them.</summary>
    public abstract Type RawType { get; }
}

/// <summary>Text: <see cref="string"/>.</summary>
public sealed record TextDataViewType : DataViewType
{
    public override Type RawType => typeof(string);
    public override string ToString() => "text";
}

/// <summary>A number or a truth value: <see cref="float"/>, <see cref="double"/>, <see cref="int"/>, <see cref="long"/>, <see cref="bool"/>, …</summary>
public sealed record PrimitiveDataViewType(Type Primitive) : DataViewType
{
    public override Type RawType => Primitive;
    public override string ToString() => Primitive.Name;
}

/// <summary>One of a known list of values: <see cref="uint"/>, from 1; 0 is a value that is not in the list.</summary>
/// <param name="KeyValues">The list; null before a fit has found it.</param>
public sealed record KeyDataViewType(ImmutableArray<string>? KeyValues = null) : DataViewType
{
    public override Type RawType => typeof(uint);
    public override string ToString() => KeyValues is { } values ? $"key of {values.Length}" : "key";
    public bool Equals(KeyDataViewType? other) => other is not null && (KeyValues ?? []).SequenceEqual(other.KeyValues ?? []) && KeyValues.HasValue == other.KeyValues.HasValue;
    public override int GetHashCode() => KeyValues?.Length ?? -1;
}

/// <summary>A vector of numbers: an array of <paramref name="Item"/>.</summary>
/// <param name="Item">Type of the elements: float, byte, …</param>
/// <param name="Dimensions">Sizes, such as [3, 224, 224]; empty when the length varies.</param>
public sealed record VectorDataViewType(Type Item, params ImmutableArray<int> Dimensions) : DataViewType
{
    /// <summary>Name of each element, such as the class that a score belongs to; null when they have none.</summary>
    public ImmutableArray<string>? SlotNames { get; init; }

    public override Type RawType => Item.MakeArrayType();
    public override string ToString() => $"{Item.Name}[{string.Join(",", Dimensions)}]";
    public bool Equals(VectorDataViewType? other) => other is not null && Item == other.Item && Dimensions.SequenceEqual(other.Dimensions)
        && (SlotNames ?? []).SequenceEqual(other.SlotNames ?? []);
    public override int GetHashCode() => HashCode.Combine(Item, Dimensions.Length);
}

/// <summary>A picture: <c>MlPipelines.Imaging.Image</c>.</summary>
/// <param name="Height">In pixels; null when it varies.</param>
/// <param name="Width">In pixels; null when it varies.</param>
public sealed record ImageDataViewType(int? Height = null, int? Width = null) : DataViewType
{
    public override Type RawType => typeof(Imaging.Image);
    public override string ToString() => Height is null ? "image" : $"image {Width}×{Height}";
}
