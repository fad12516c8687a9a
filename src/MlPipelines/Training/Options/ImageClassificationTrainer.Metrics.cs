namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>What a training tells of on its way: an epoch, or an image whose features are there.
    /// Each call gets one of its own.</summary>
    /// <param name="Train">The epoch; null while features are computed.</param>
    /// <param name="Bottleneck">The image; null afterwards.</param>
    public sealed record ImageClassificationMetrics(TrainMetrics? Train, BottleneckMetrics? Bottleneck)
    {
        /// <summary>Which samples a metric is of.</summary>
        public enum Dataset
        {
            /// <summary>Samples to learn from.</summary>
            Train,
            /// <summary>Samples that are watched.</summary>
            Validation,
        }

        /// <inheritdoc/>
        public override string ToString() => $"{(object?)Train ?? Bottleneck}";
    }

    /// <summary>What an epoch came to on one set of samples.</summary>
    /// <param name="DatasetUsed">The samples. Those that are learnt from are judged as they are met, with dropout and augmentation; the
    /// others after the epoch.</param>
    /// <param name="BatchProcessedCount">Batches learnt from in the epoch.</param>
    /// <param name="Epoch">From 0, as in ML.NET; <see cref="EpochMetrics"/> count from 1.</param>
    /// <param name="Accuracy">Fraction of the samples that are right.</param>
    /// <param name="CrossEntropy">Mean loss of the samples.</param>
    /// <param name="LearningRate">At the end of the epoch.</param>
    public sealed record TrainMetrics(ImageClassificationMetrics.Dataset DatasetUsed, int BatchProcessedCount, int Epoch, float Accuracy,
        float CrossEntropy, float LearningRate)
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"Phase: Training, Dataset used: {DatasetUsed,10}, Batch Processed Count: {BatchProcessedCount,3}, Epoch: {Epoch,3}, "
                + $"Accuracy: {Accuracy,6:F4}, Cross-Entropy: {CrossEntropy,6:F4}, Learning Rate: {LearningRate:G4}";
    }

    /// <summary>An image that went through the frozen part of the network, or whose features were found.</summary>
    /// <param name="DatasetUsed">The samples that it is one of.</param>
    /// <param name="Index">Its place among them, from 0.</param>
    public sealed record BottleneckMetrics(ImageClassificationMetrics.Dataset DatasetUsed, int Index)
    {
        /// <inheritdoc/>
        public override string ToString() => $"Phase: Bottleneck Computation, Dataset used: {DatasetUsed,10}, Image Index: {Index,3}";
    }
}
