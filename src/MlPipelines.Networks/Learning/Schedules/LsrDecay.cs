using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A rate of its own that grows with the batch and has a factor from certain epochs on: baseLearningRate · samples per update / 128 · factor.</summary>
/// <remarks>Source: Goyal et al. 2017, arXiv:1706.02677, section 2.1 (the linear scaling rule); the defaults are ML.NET's, after TensorFlow's ResNet on CIFAR-10.</remarks>
public sealed record LsrDecay : LearningRateScheduler
{
    const float BatchOfBase = 128;

    /// <summary>With the factors 1, 0.1, 0.01 and 0.0001 from the epochs 0, 91, 136 and 182 on.</summary>
    /// <param name="baseLearningRate">The rate for updates from 128 samples.</param>
    public LsrDecay(float baseLearningRate = 0.1f) : this([new(182, 1e-4f), new(136, 0.01f), new(91, 0.1f), new(0, 1)], baseLearningRate) { }

    /// <param name="scheduler">The factors, in any order; one must be for epoch 0.</param>
    /// <param name="baseLearningRate">The rate for updates from 128 samples.</param>
    /// <exception cref="ArgumentException">There is no factor for epoch 0, or there are two for one epoch.</exception>
    public LsrDecay(IReadOnlyList<LearningRateSchedulerItem> scheduler, float baseLearningRate = 0.1f)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        (Scheduler, BaseLearningRate) = ([.. scheduler.OrderBy(item => item.Epoch)], Check.AtLeast(baseLearningRate, 0));
        if (Scheduler is not [{ Epoch: 0 }, ..] || Scheduler.DistinctBy(item => item.Epoch).Count() < Scheduler.Length)
            throw new ArgumentException($"scheduler: got factors from the epochs {string.Join(", ", Scheduler.Select(item => item.Epoch))} on, needs one from epoch 0 on and at most one for each.", nameof(scheduler));
    }

    /// <summary>The factors, by epoch.</summary>
    public ImmutableArray<LearningRateSchedulerItem> Scheduler { get; }

    public float BaseLearningRate { get; }

    internal override bool HasOwnRate => true;

    public override float At(float learningRate, in TrainingMoment moment)
    {
        var factor = 1f;
        foreach (var item in Scheduler)
            if (item.Epoch <= moment.Epoch)
                factor = item.ScalingFactor;
        return BaseLearningRate * moment.BatchSize / BatchOfBase * factor;
    }

    public bool Equals(LsrDecay? other) => other is not null && BaseLearningRate == other.BaseLearningRate && Scheduler.SequenceEqual(other.Scheduler);
    public override int GetHashCode() => HashCode.Combine(BaseLearningRate, Scheduler.Length);
    public override string ToString() => $"{nameof(LsrDecay)} {{ {BaseLearningRate}, {string.Join(", ", Scheduler)} }}";
}

/// <summary>A factor of the learning rate.</summary>
public sealed record LearningRateSchedulerItem
{
    /// <param name="epoch">The first epoch that has it, from 0.</param>
    /// <param name="scalingFactor">The factor; at least 0.</param>
    public LearningRateSchedulerItem(int epoch, float scalingFactor) => (Epoch, ScalingFactor) = (Check.AtLeast(epoch, 0), Check.AtLeast(scalingFactor, 0));

    public int Epoch { get; }
    public float ScalingFactor { get; }
}
