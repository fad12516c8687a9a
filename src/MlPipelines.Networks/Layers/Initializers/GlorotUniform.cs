using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Evenly from ±√(6/(in+out)), where in and out count the values that a result is summed from and
/// the results that a value goes into.</summary>
/// <remarks>Source: Glorot, Bengio 2010; Keras's default for kernels.</remarks>
public sealed record GlorotUniform : Initializer
{
    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice)
    {
        var (fanIn, fanOut) = Drawing.Fans(shape);
        var limit = Math.Sqrt(6 / (fanIn + fanOut));
        return Drawing.Uniform(shape, dice, -limit, limit);
    }
}
