using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>All 0.</summary>
/// <remarks>Source: Keras's default for biases.</remarks>
public sealed record Zeros : Initializer
{
    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice) => Tensor.Zeros(ElementType.Float, shape);
}
