using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What was found in the data: the samples, their classes, and what the network takes of them.</summary>
/// <param name="Feature">Column of the images.</param>
/// <param name="Labels">The classes, in the order of the network's output.</param>
/// <param name="Input">What the network takes.</param>
/// <param name="Train">Samples to learn from.</param>
/// <param name="Validation">Samples to watch; null for none.</param>
sealed record TrainingData(string Feature, ImmutableArray<string> Labels, NetworkInput Input, SampleTable Train, SampleTable? Validation)
{
    /// <summary>Whether what is watched was taken from the samples given to learn from, and may be learnt from once nothing is chosen by it
    /// any more.</summary>
    public bool IsValidationPart { get; init; }
}
