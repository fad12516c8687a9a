using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>In training sets a random fraction of the values to zero and enlarges the others by 1/(1−rate); else does nothing.</summary>
/// <remarks>Any shape, unchanged. Source: Srivastava et al. 2014; ONNX Dropout.</remarks>
public sealed record Dropout : Layer
{
    /// <param name="rate">Fraction that is set to zero, from 0 up to, without, 1.</param>
    public Dropout(float rate) => Rate = rate is >= 0 and < 1 ? rate
        : throw new ArgumentOutOfRangeException(nameof(rate), $"rate: got {rate}, needs a value from 0 up to, without, 1.");

    /// <summary>Fraction of elements that training sets to zero.</summary>
    public float Rate { get; }

    /// <inheritdoc/>
    protected override Value Apply(Value x) => Op.Dropout(x, Rate);
}
