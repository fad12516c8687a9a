using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>From a normal distribution of variance 2/in, cut off at two deviations.</summary>
/// <remarks>Source: He et al. 2015, arXiv:1502.01852; Keras.</remarks>
public sealed record HeNormal : Initializer
{
    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice) => Drawing.CutNormal(shape, dice, Math.Sqrt(2 / Drawing.Fans(shape).In));
}
