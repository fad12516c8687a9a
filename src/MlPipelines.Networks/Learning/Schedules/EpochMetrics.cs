namespace MlPipelines;

/// <summary>What one epoch came to.</summary>
public sealed record EpochMetrics
{
    /// <summary>From 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean loss over the training samples, as they were met (with dropout and augmentation).</summary>
    public required double Loss { get; init; }

    /// <summary>Fraction of the training samples that were right when they were met.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean loss over the validation samples after the epoch; null without any.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Fraction of the validation samples that are right after the epoch; null without any.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>At the end of the epoch.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Training samples seen.</summary>
    public required long Samples { get; init; }

    /// <summary>What was trained in it; null where a training has one part only.</summary>
    public string? Phase { get; init; }

    /// <summary>Time of the epoch, validation included.</summary>
    public required double Seconds { get; init; }
}
