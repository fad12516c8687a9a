using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Subtracts from each channel its mean and divides by its standard deviation, both given.</summary>
/// <remarks>x [N,C,H,W], unchanged shape; nothing is learnt. Source: Keras's layer of that name.</remarks>
public sealed record Normalization : Layer
{
    /// <param name="means">Mean of each channel, in units of the input.</param>
    /// <param name="deviations">Standard deviation of each channel, more than 0.</param>
    /// <exception cref="ArgumentException">The two are not of one length.</exception>
    public Normalization(ImmutableArray<float> means, ImmutableArray<float> deviations)
    {
        if (means.Length == 0 || means.Length != deviations.Length)
            throw new ArgumentException($"Normalization: got {means.Length} means and {deviations.Length} deviations, needs one of each "
                + "per channel.", nameof(deviations));
        Means = means;
        Deviations = [.. deviations.Select((deviation, channel) => Check.MoreThan(deviation, 0, $"deviations[{channel}]"))];
    }

    /// <summary>What is taken from each channel.</summary>
    public ImmutableArray<float> Means { get; }

    /// <summary>What each channel is divided by.</summary>
    public ImmutableArray<float> Deviations { get; }

    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        if (Channels(x, 4) != Means.Length)
            throw Error($"input has {x.Shape[1]} channels, the layer {Means.Length} means.");
        Value PerChannel(string name, ImmutableArray<float> numbers) =>
            Value.Constant(Tensor.Of([numbers.Length, 1, 1], numbers.AsSpan()), name);
        return (x - PerChannel("mean", Means)) / PerChannel("deviation", Deviations);
    }

    /// <inheritdoc/>
    public bool Equals(Normalization? other) =>
        base.Equals(other) && Means.SequenceEqual(other!.Means) && Deviations.SequenceEqual(other.Deviations);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Means[0], Deviations[0]);
}
