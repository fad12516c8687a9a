using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Evenly from a range.</summary>
/// <remarks>Source: Keras, its default range.</remarks>
public sealed record RandomUniform : Initializer
{
    /// <param name="least">Lower end.</param>
    /// <param name="most">Upper end, at least the lower.</param>
    public RandomUniform(double least = -0.05, double most = 0.05) => (Least, Most) = (least, Check.AtLeast(most, least));

    /// <summary>Lower bound.</summary>
    public double Least { get; }

    /// <summary>Upper bound.</summary>
    public double Most { get; }

    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice) => Drawing.Uniform(shape, dice, Least, Most);
}
