using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>All 1.</summary>
/// <remarks>Source: Keras's default for scales.</remarks>
public sealed record Ones : Initializer
{
    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice) => Drawing.Fill(shape, () => 1);
}
