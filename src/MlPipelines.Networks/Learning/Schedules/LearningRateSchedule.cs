namespace MlPipelines;

/// <summary>When a learning rate is asked for.</summary>
/// <param name="Step">Number of the step over all epochs, from 0; an epoch counts in full, even where images had to be skipped.</param>
/// <param name="StepsPerEpoch">At least 1.</param>
/// <param name="Epochs">The most there will be.</param>
/// <param name="History">The epochs that are over.</param>
/// <param name="BatchSize">Samples that an update learns from, the last ones of an epoch apart.</param>
public readonly record struct TrainingMoment(long Step, int StepsPerEpoch, int Epochs, IReadOnlyList<EpochMetrics> History,
    int BatchSize = 32)
{
    /// <summary>The epoch under way, from 0.</summary>
    public int Epoch => (int)(Step / StepsPerEpoch);

    /// <summary>How much of the whole training is over, from 0 to 1.</summary>
    public double Progress => Step / (double)Math.Max(1, (long)Epochs * StepsPerEpoch);
}

/// <summary>How the learning rate changes while training goes on. Derive from it for a schedule of your own.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The learning rate of one step.</summary>
    /// <param name="learningRate">The optimizer's own rate.</param>
    /// <param name="moment">When.</param>
    public abstract float At(float learningRate, in TrainingMoment moment);

    /// <summary>The momentum of one step: SGD's, or the β₁ of Adam and AdamW; null leaves the optimizer's own.</summary>
    /// <param name="moment">When.</param>
    public virtual float? MomentumAt(in TrainingMoment moment) => null;

    /// <summary>Whether it has a learning rate of its own and does not look at the one it is given.</summary>
    internal virtual bool HasOwnRate => false;
}
