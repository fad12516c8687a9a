using System.Collections.Immutable;
using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Adds what its layers compute to what they were given, or to what other layers make of it.</summary>
/// <remarks>x → shortcut(x) + layers(x), both of one shape. Source: He et al. 2016, arXiv:1512.03385.</remarks>
public sealed record Residual : Layer
{
    /// <param name="layers">The layers on the branch.</param>
    /// <param name="shortcut">The layers beside it, such as a convolution that changes the shape; none when left out.</param>
    public Residual(ImmutableArray<Layer> layers, ImmutableArray<Layer> shortcut = default)
    {
        Layers = layers is { IsDefaultOrEmpty: false } ? layers
            : throw new ArgumentException("Residual: got no layers, needs one or more.", nameof(layers));
        Shortcut = shortcut.IsDefault ? [] : shortcut;
    }

    /// <summary>What the input goes through.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>What the input goes through before it is added; nothing when empty.</summary>
    public ImmutableArray<Layer> Shortcut { get; }

    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        var y = Layers.Aggregate(x, (value, layer) => layer.On(value));
        var beside = Shortcut.Aggregate(x, (value, layer) => layer.On(value));
        return beside.Shape == y.Shape ? beside + y
            : throw Error($"{(Shortcut.IsEmpty ? "input has" : "its shortcut gives")} shape {beside.Shape}, its layers give {y.Shape}; "
                + "needs the same. Mind padding, strides and filters.");
    }

    /// <inheritdoc/>
    public bool Equals(Residual? other) =>
        base.Equals(other) && Layers.SequenceEqual(other!.Layers) && Shortcut.SequenceEqual(other.Shortcut);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Layers.Length, Shortcut.Length);
}
