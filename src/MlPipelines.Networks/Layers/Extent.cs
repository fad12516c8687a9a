using System.Text.Json.Serialization;

namespace MlPipelines.Networks;

/// <summary>Height and width of a window or of its steps; one number stands for both.</summary>
[method: JsonConstructor]
public readonly record struct Extent(int Height, int Width)
{
    /// <summary>The same height and width.</summary>
    public static implicit operator Extent(int both) => new(both, both);

    /// <summary>Height and width.</summary>
    public static implicit operator Extent((int Height, int Width) pair) => new(pair.Height, pair.Width);

    internal int[] Axes => [Height, Width];

    internal Extent AtLeast(int least, string name) => new(Check.AtLeast(Height, least, name), Check.AtLeast(Width, least, name));

    /// <inheritdoc/>
    public override string ToString() => $"{Height}×{Width}";
}
