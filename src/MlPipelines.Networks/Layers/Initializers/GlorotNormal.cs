using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>From a normal distribution of variance 2/(in+out), cut off at two deviations.</summary>
/// <remarks>Source: Glorot, Bengio 2010; Keras.</remarks>
public sealed record GlorotNormal : Initializer
{
    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice)
    {
        var (fanIn, fanOut) = Drawing.Fans(shape);
        return Drawing.CutNormal(shape, dice, Math.Sqrt(2 / (fanIn + fanOut)));
    }
}
