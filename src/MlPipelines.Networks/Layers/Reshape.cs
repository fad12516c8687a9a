using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>The same numbers in their order under other sizes.</summary>
/// <remarks>x [N,…] → [N,sizes…]; channels come first here, so that maps [C,H,W] are read map by map.</remarks>
public sealed record Reshape : Layer
{
    /// <param name="sizes">Sizes of the result without the batch.</param>
    public Reshape(params ImmutableArray<int> sizes)
    {
        foreach (var size in sizes)
            Check.AtLeast(size, 1, nameof(sizes));
        Sizes = sizes;
    }

    /// <summary>Sizes of the result without the batch.</summary>
    public ImmutableArray<int> Sizes { get; }

    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        Shape sizes = [.. Sizes], given = [.. x.Shape.Skip(1)];
        if (!given.IsKnown || given.Length != sizes.Length)
            throw Error($"input has shape {x.Shape}, needs {sizes.Length} numbers without the batch to become {sizes}.");
        return Op.Reshape(x, [0, .. Sizes]);
    }

    /// <inheritdoc/>
    public bool Equals(Reshape? other) => base.Equals(other) && Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Sizes.Length);
}
