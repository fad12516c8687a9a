using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines;

/// <summary>How it is learnt, step by step.</summary>
sealed record LearningOptions
{
    public int Epoch { get; init => field = Check.AtLeast(value, 1, nameof(Epoch)); } = 20;
    public int? StepsPerEpoch { get; init => field = value is { } steps ? Check.AtLeast(steps, 1, nameof(StepsPerEpoch)) : null; }
    public int BatchSize { get; init => field = Check.AtLeast(value, 1, nameof(BatchSize)); } = 32;
    public Optimizer Optimizer { get; init; } = new Adam();
    public float BiasRateFactor { get; init => field = Check.AtLeast(value, 0, nameof(BiasRateFactor)); } = 1;
    public float? LearningRate { get; init => field = value is { } rate ? Check.AtLeast(rate, 0, nameof(LearningRate)) : null; }
    public TrainingSchedule LearningRateScheduler { get; init; } = new ConstantRate();
    public EarlyStopping? EarlyStoppingCriteria { get; init; } = new();
    public GradientClipping? GradientClipping { get; init; }
    public int GradientAccumulation { get; init => field = Check.AtLeast(value, 1, nameof(GradientAccumulation)); } = 1;
    public bool SynchronizedNormalization { get; init; }
    public WeightAveraging? WeightAveraging { get; init; }
    public DepthRates? DepthRates { get; init; }
    public GradualUnfreezing? Unfreezing { get; init; }
    public FineTuning? FineTuning { get; init; }

    /// <summary>Rates that are tried out instead of a training; null for a training.</summary>
    public RisingRates? Search { get; init; }

    /// <summary>Steps of an epoch with so many samples.</summary>
    public long StepsOf(long samples) => StepsPerEpoch ?? StepsOver(samples, BatchSize);

    /// <summary>Steps over so many samples, the last perhaps of fewer than the others.</summary>
    public static long StepsOver(long samples, int batch) => (samples + batch - 1) / batch;

    public Optimizer EffectiveOptimizer => LearningRate is { } rate ? Optimizer with { LearningRate = rate } : Optimizer;
}
