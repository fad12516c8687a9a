using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>All one number.</summary>
/// <param name="Number">The number.</param>
/// <remarks>Source: Keras.</remarks>
public sealed record Constant(float Number) : Initializer
{
    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice) => Drawing.Fill(shape, () => Number);
}
