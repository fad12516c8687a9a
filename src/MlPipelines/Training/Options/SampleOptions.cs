using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What it is learnt on: the columns, the samples that are watched, and how much each sample counts.</summary>
sealed record SampleOptions
{
    public string? FeatureColumnName { get; init; }
    public string LabelColumnName { get; init => field = Check.Named(value, nameof(LabelColumnName)); } = "Label";
    public string? ExampleWeightColumnName { get; init; }
    public IDataView? ValidationSet { get; init; }
    public float? ValidationSetFraction
    {
        get; init =>
        field = value is { } fraction ? Check.Within(fraction, 0, 0.9f, nameof(ValidationSetFraction)) : null;
    }
    /// <summary>Whether the validation set was taken from the samples given to learn from, and only to choose by.</summary>
    public bool IsValidationPart { get; init; }

    public float LabelSmoothing { get; init => field = Check.Within(value, 0, 1, nameof(LabelSmoothing)); }
    public ImmutableArray<float> ClassWeights { get; init; } = [];
    public ClassWeighting ClassWeighting { get; init; }
    public BatchSampling Sampling { get; init; }
    public int? FeatureVariants { get; init => field = value is { } count ? Check.AtLeast(count, 0, nameof(FeatureVariants)) : null; }
}
