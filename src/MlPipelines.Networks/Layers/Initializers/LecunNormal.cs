using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>From a normal distribution of variance 1/in, cut off at two deviations.</summary>
/// <remarks>Source: LeCun et al. 1998; Keras.</remarks>
public sealed record LecunNormal : Initializer
{
    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice) => Drawing.CutNormal(shape, dice, Math.Sqrt(1 / Drawing.Fans(shape).In));
}
