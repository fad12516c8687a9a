namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>What early stopping watches.</summary>
    public enum EarlyStoppingMetric
    {
        /// <summary>The share that is right.</summary>
        Accuracy,
        /// <summary>The mean loss.</summary>
        Loss,
    }

    /// <summary>Ends training when a metric has not become better for some epochs. It watches the validation samples, or the training
    /// samples if there are none. It holds no state, so that one serves any number of fits.</summary>
    public sealed record EarlyStopping
    {
        /// <param name="minDelta">The least change that counts as better.</param>
        /// <param name="patience">It ends after so many epochs in a row without anything better.</param>
        /// <param name="metric">What is watched.</param>
        /// <param name="checkIncreasing">Whether the metric is better when it is larger. It follows from the metric: accuracy is,
        /// a loss is not.</param>
        /// <param name="restoreBest">Whether the model of the best epoch is kept, and not that of the last one.</param>
        /// <exception cref="ArgumentException"><paramref name="checkIncreasing"/> contradicts the metric.</exception>
        public EarlyStopping(float minDelta = 0, int patience = 20, EarlyStoppingMetric metric = EarlyStoppingMetric.Accuracy,
            bool? checkIncreasing = null, bool restoreBest = true)
        {
            (MinDelta, Patience, Metric, RestoreBest) = (Check.AtLeast(minDelta, 0), Check.AtLeast(patience, 1), metric, restoreBest);
            if (checkIncreasing is { } increasing && increasing != CheckIncreasing)
                throw new ArgumentException($"checkIncreasing: got {increasing} for {metric}, which is better when it "
                    + $"is {(CheckIncreasing ? "larger" : "smaller")}. Leave it out.", nameof(checkIncreasing));
        }

        /// <summary>By how much an epoch must be better to count.</summary>
        public float MinDelta { get; }

        /// <summary>Epochs without a better one before training stops.</summary>
        public int Patience { get; }

        /// <summary>What is watched.</summary>
        public EarlyStoppingMetric Metric { get; }

        /// <summary>Whether more of the metric is better.</summary>
        public bool CheckIncreasing => Metric == EarlyStoppingMetric.Accuracy;

        /// <summary>Whether the best epoch is kept, or the last.</summary>
        public bool RestoreBest { get; }

        /// <summary>Whether training ends after the epochs given.</summary>
        public bool ShouldStop(IReadOnlyList<EpochMetrics> history)
        {
            ArgumentNullException.ThrowIfNull(history);
            return history.Count > 0 && history.Count - Improved(history) >= Patience;
        }

        /// <summary>Number of the best epoch, from 1; 0 when there is none. Of epochs that are equally accurate,
        /// the one with the smallest loss.</summary>
        public int Best(IReadOnlyList<EpochMetrics> history)
        {
            ArgumentNullException.ThrowIfNull(history);
            var best = Improved(history);
            for (var i = best; i < history.Count; i++)
                if (best > 0 && Metric == EarlyStoppingMetric.Accuracy && Score(history[i]) >= Score(history[best - 1])
                && Loss(history[i]) < Loss(history[best - 1]))
                    best = i + 1;
            return best;
        }

        // The last epoch that the metric became better in.
        int Improved(IReadOnlyList<EpochMetrics> history)
        {
            var (best, found) = (double.NegativeInfinity, 0);
            for (var i = 0; i < history.Count; i++)
                if (Score(history[i]) > (found == 0 ? double.NegativeInfinity : best + MinDelta))
                    (best, found) = (Score(history[i]), i + 1);
            return found;
        }

        double Score(EpochMetrics epoch) => Metric == EarlyStoppingMetric.Accuracy
            ? epoch.ValidationAccuracy ?? epoch.Accuracy
            : -Loss(epoch);

        static double Loss(EpochMetrics epoch) => epoch.ValidationLoss ?? epoch.Loss;
    }
}
