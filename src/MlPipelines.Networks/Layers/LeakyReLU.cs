using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Multiplies what is below zero by a small slope.</summary>
/// <remarks>Any shape, unchanged. Source: Maas, Hannun, Ng 2013; Keras's default slope.</remarks>
public sealed record LeakyReLU : Layer
{
    /// <param name="negativeSlope">The slope below zero, at least 0.</param>
    public LeakyReLU(float negativeSlope = 0.3f) => NegativeSlope = Check.AtLeast(negativeSlope, 0);

    /// <summary>Factor of negative numbers.</summary>
    public float NegativeSlope { get; }

    /// <inheritdoc/>
    protected override Value Apply(Value x) => Op.LeakyRelu(x, NegativeSlope);
}
