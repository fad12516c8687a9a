using System.Collections.Immutable;
using MlPipelines.Graphs;

namespace MlPipelines.Layers;

/// <summary>Adds what its layers compute to what they were given.</summary>
/// <remarks>x → x + layers(x), both of one shape. Source: He et al. 2016, arXiv:1512.03385.</remarks>
public sealed record Residual : Layer
{
    /// <param name="layers">The layers on the branch; the last one's result has the shape of the first one's input.</param>
    public Residual(params ImmutableArray<Layer> layers) => Layers = layers is { IsDefaultOrEmpty: false } ? layers
        : throw new ArgumentException("Residual: got no layers, needs one or more.", nameof(layers));

    public ImmutableArray<Layer> Layers { get; }

    protected override Value Apply(Value x)
    {
        var y = Layers.Aggregate(x, (value, layer) => layer.On(value));
        return x.Shape == y.Shape ? x + y : throw Error($"input has shape {x.Shape}, its layers give {y.Shape}; needs the same. Mind padding, strides and filters.");
    }

    public bool Equals(Residual? other) => base.Equals(other) && Layers.SequenceEqual(other!.Layers);
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Layers.Length);
}
