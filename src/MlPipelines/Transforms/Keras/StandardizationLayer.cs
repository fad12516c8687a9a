using MlPipelines.Graphs;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>What a generator computes on pixels, as a layer: the network then takes 0–255, and a batch is standardised at once.</summary>
/// <param name="Generator">With its statistics.</param>
sealed record StandardizationLayer(ImageDataGenerator Generator) : Layer
{
    /// <inheritdoc/>
    protected override Value Apply(Value x) => Standardization.Apply(Generator, x);
}
