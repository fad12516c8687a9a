using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>From a normal distribution around 0.</summary>
/// <remarks>Source: Keras, its default deviation.</remarks>
public sealed record RandomNormal : Initializer
{
    /// <param name="deviation">Standard deviation, at least 0.</param>
    public RandomNormal(double deviation = 0.05) => Deviation = Check.AtLeast(deviation, 0);

    /// <summary>Standard deviation.</summary>
    public double Deviation { get; }

    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice) => Drawing.Normal(shape, dice, Deviation);
}
