namespace MlPipelines;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean loss over the training samples, as they were met (with dropout and augmentation).</param>
/// <param name="Accuracy">Fraction of the training samples that were right when they were met.</param>
/// <param name="ValidationLoss">Mean loss over the validation samples after the epoch; null without any.</param>
/// <param name="ValidationAccuracy">Fraction of the validation samples that are right after the epoch; null without any.</param>
/// <param name="LearningRate">At the end of the epoch.</param>
/// <param name="Samples">Training samples seen.</param>
/// <param name="Seconds">Time of the epoch, validation included.</param>
public sealed record EpochMetrics(int Epoch, double Loss, double Accuracy, double? ValidationLoss, double? ValidationAccuracy,
    float LearningRate, long Samples, double Seconds);

/// <summary>How far training has come.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Epochs">The most there will be.</param>
/// <param name="Samples">Training samples seen in this epoch.</param>
/// <param name="SamplesPerEpoch">Training samples in an epoch.</param>
/// <param name="SamplesPerSecond">Over this epoch so far.</param>
/// <param name="Loss">Mean over this epoch so far.</param>
/// <param name="Accuracy">Mean over this epoch so far.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, long Samples, long SamplesPerEpoch, double SamplesPerSecond,
    double Loss, double Accuracy);
