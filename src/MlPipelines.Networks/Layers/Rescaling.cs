using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Multiplies all values by a number and adds another: <c>new Rescaling(1 / 255f)</c> brings pixels to [0, 1].</summary>
/// <remarks>Any shape, unchanged; nothing is learnt. Source: Keras's layer of that name.</remarks>
public sealed record Rescaling : Layer
{
    /// <param name="scale">Factor.</param>
    /// <param name="offset">Added afterwards.</param>
    public Rescaling(float scale, float offset = 0) => (Scale, Offset) = (scale, offset);

    /// <summary>Factor of each number.</summary>
    public float Scale { get; }

    /// <summary>Added after the product.</summary>
    public float Offset { get; }

    /// <inheritdoc/>
    protected override Value Apply(Value x) => Offset == 0 ? x * Scale : x * Scale + Offset;
}
