using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Evenly from ±√(6/in).</summary>
/// <remarks>Source: He et al. 2015, arXiv:1502.01852; Keras.</remarks>
public sealed record HeUniform : Initializer
{
    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice)
    {
        var limit = Math.Sqrt(6 / Drawing.Fans(shape).In);
        return Drawing.Uniform(shape, dice, -limit, limit);
    }
}
