namespace MlPipelines;

/// <summary>Name of the column that a member of the user's class stands for, where it is not the member's own.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ColumnNameAttribute(string name) : Attribute
{
    public string Name { get; } = Check.Named(name);
}

/// <summary>A member that is no column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NoColumnAttribute : Attribute;

/// <summary>Place of a member in a text file; says nothing where data come from objects.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class LoadColumnAttribute(int start, int end = -1) : Attribute
{
    public int Start { get; } = start;
    public int End { get; } = end < 0 ? start : end;
}

/// <summary>Size of the images that a member holds, in pixels.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ImageTypeAttribute(int height, int width) : Attribute
{
    public int Height { get; } = Check.AtLeast(height, 1);
    public int Width { get; } = Check.AtLeast(width, 1);
}

/// <summary>Sizes of the vector that a member holds; none when the length varies.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class VectorTypeAttribute(params int[] dimensions) : Attribute
{
    public int[] Dimensions { get; } = dimensions;
}

/// <summary>A <see cref="uint"/> member that counts the values of a list from 1; 0 is none of them.</summary>
/// <param name="count">Number of values; 0 when unknown.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyTypeAttribute(ulong count = 0) : Attribute
{
    public ulong Count { get; } = count;
}
