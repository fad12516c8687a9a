using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Evenly from a range.</summary>
/// <remarks>Source: Keras, its default range.</remarks>
public sealed record RandomUniform : Initializer
{
    /// <param name="min">Lower end.</param>
    /// <param name="max">Upper end, at least the lower.</param>
    public RandomUniform(double min = -0.05, double max = 0.05) => (Min, Max) = (min, Check.AtLeast(max, min));

    /// <summary>Lower bound.</summary>
    public double Min { get; }

    /// <summary>Upper bound.</summary>
    public double Max { get; }

    /// <inheritdoc/>
    public override Tensor Draw(Shape shape, Dice dice) => Drawing.Uniform(shape, dice, Min, Max);
}
