using MlPipelines.Execution;
using MlPipelines.Networks;
using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines;

/// <summary>Where and under whose eyes it runs; nothing of it changes what is learnt.</summary>
sealed record ExecutionOptions
{
    public Action<EpochMetrics>? EpochCallback { get; init; }
    public Action<ImageClassificationMetrics>? MetricsCallback { get; init; }
    public bool TestOnTrainSet { get; init; } = true;
    public IProgress<EpochMetrics>? Progress { get; init; }
    public IProgress<TrainingProgress>? StepProgress { get; init; }
    public Action<SkippedRow>? Skipped { get; init; }
    public bool FailOnBadImages { get; init; }
    public CancellationToken CancellationToken { get; init; }
    public Device? Device { get; init; }
    public int? Workers { get; init => field = value is { } count ? Check.AtLeast(count, 1, nameof(Workers)) : null; }
    public int? Seed { get; init; }
    public ICommunicator? Communicator { get; init; }
    public string? ModelFolder { get; init; }
    public Func<string, string?, Network> OpenModel { get; init; } = (name, folder) => PretrainedModel.Find(name).Load(folder);
    public Func<PackagedNetwork?> Packaged { get; init; } = PackagedNetwork.Find;
}
