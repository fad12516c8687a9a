namespace MlPipelines.Training;

/// <summary>What early stopping watches.</summary>
public enum EarlyStoppingMetric
{
    Accuracy,
    Loss,
}

/// <summary>Ends training when a metric has not become better for some epochs. It watches the validation samples, or the training samples if there are none.</summary>
/// <param name="minDelta">The least change that counts as better.</param>
/// <param name="patience">It ends after so many epochs in a row without anything better.</param>
/// <param name="metric">What is watched.</param>
/// <param name="restoreBest">Whether the model of the best epoch is kept, and not that of the last one.</param>
public sealed class EarlyStopping(float minDelta = 0, int patience = 20, EarlyStoppingMetric metric = EarlyStoppingMetric.Accuracy, bool restoreBest = true)
{
    public float MinDelta { get; } = Check.AtLeast(minDelta, 0);
    public int Patience { get; } = Check.AtLeast(patience, 1);
    public EarlyStoppingMetric Metric { get; } = metric;
    public bool RestoreBest { get; } = restoreBest;

    /// <summary>Whether training ends after the epochs given.</summary>
    public bool ShouldStop(IReadOnlyList<EpochMetrics> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return history.Count > 0 && history.Count - Best(history) >= Patience;
    }

    /// <summary>Number of the best epoch, from 1; 0 when there is none.</summary>
    public int Best(IReadOnlyList<EpochMetrics> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var (best, found) = (double.NegativeInfinity, 0);
        for (var i = 0; i < history.Count; i++)
            if (Score(history[i]) > (found == 0 ? double.NegativeInfinity : best + MinDelta))
                (best, found) = (Score(history[i]), i + 1);
        return found;
    }

    double Score(EpochMetrics epoch) => Metric == EarlyStoppingMetric.Accuracy
        ? epoch.ValidationAccuracy ?? epoch.Accuracy
        : -(epoch.ValidationLoss ?? epoch.Loss);
}
