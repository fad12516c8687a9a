namespace MlPipelines;

/// <summary>How far training has come.</summary>
public readonly record struct TrainingProgress
{
    /// <summary>From 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The most there will be.</summary>
    public required int Epochs { get; init; }

    /// <summary>Training samples seen in this epoch.</summary>
    public required long Samples { get; init; }

    /// <summary>Training samples in an epoch.</summary>
    public required long SamplesPerEpoch { get; init; }

    /// <summary>Over this epoch so far.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Mean over this epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>Fraction that was right, over this epoch so far.</summary>
    public required double Accuracy { get; init; }
}
