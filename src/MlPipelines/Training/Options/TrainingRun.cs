using Microsoft.ML.Runtime;
using MlPipelines.Execution;
using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines;

/// <summary>Where a training runs and who is told of it: what was asked for, and the context's answer where nothing was.</summary>
sealed class TrainingRun(IHostEnvironment host, ExecutionOptions options)
{
    readonly HashSet<string> skipped = new(StringComparer.Ordinal);
    readonly Notices notices = new();

    public IHostEnvironment Host => host;

    public int Seed { get; } = options.Seed ?? host.Seed();

    public Device Device { get; } = options.Device ?? host.Device();

    /// <summary>The processes that it runs in.</summary>
    public Ranks Ranks { get; } = new(options.Communicator, options.CancellationToken);

    /// <summary>What computes, and by how many threads.</summary>
    public SessionSettings Session => new() { Device = Device, IntraOpThreads = Ranks.Threads };

    public CancellationToken Cancellation => Ranks.Cancellation;

    /// <summary>Whether an image that cannot be read ends the training.</summary>
    public bool FailOnBadImages => options.FailOnBadImages;

    /// <summary>Whether the same program has another seed each time, so that a checkpoint of another seed is no mistake.</summary>
    public bool IsSeedDrawn => options.Seed is null && host.IsSeedDrawn();

    /// <summary>How samples are read, so many ahead.</summary>
    public RowReading Reading(int ahead) => new()
    {
        Workers = options.Workers ?? Ranks.Threads ?? Environment.ProcessorCount,
        Prefetch = ahead,
        Fatal = FailOnBadImages,
        Skipped = Skip,
    };

    /// <summary>Tells, once, of an image that cannot be read.</summary>
    public void Skip(SkippedRow row)
    {
        // An image is met again in each epoch. On the thread that takes the samples, see RowReading.Skipped.
        if (!skipped.Add(row.Path))
            return;
        Add(new($"skipped {row}", row));
    }

    public void Warn(string message) => Add(new(message, null));

    /// <summary>Tells what the other processes have warned of since, where this is the first and has not said the same. All have to come
    /// to it.</summary>
    public void TellOfOthers()
    {
        if (!Ranks.AreSeveral)
            return;
        var gathered = Ranks.Gather(notices.Taken());
        if (Ranks.IsFirst)
            foreach (var (rank, notice) in notices.New(gathered))
                Tell(notice with { Text = $"rank {rank}: {notice.Text}" });
    }

    void Add(Notice notice)
    {
        if (Ranks.AreSeveral)
            notices.Add(notice);
        if (Ranks.IsFirst)
            Tell(notice);
    }

    void Tell(Notice notice)
    {
        host.Report(ChannelMessageKind.Warning, nameof(ImageClassificationTrainer), notice.Text);
        if (notice.Row is { } row)
            options.Skipped?.Invoke(row);
    }

    public void Say(string message) => Log(ChannelMessageKind.Info, message);

    /// <summary>Says something in the first process; what others warn of is told by <see cref="TellOfOthers"/>.</summary>
    public void Log(ChannelMessageKind kind, string message)
    {
        if (kind >= ChannelMessageKind.Warning)
            Warn(message);
        else if (Ranks.IsFirst)
            host.Report(kind, nameof(ImageClassificationTrainer), message);
    }

    public void Report(TrainingProgress step)
    {
        if (Ranks.IsFirst)
            options.StepProgress?.Report(step);
    }

    /// <summary>Tells all who want to know of an epoch.</summary>
    public void Report(EpochMetrics epoch, int batchSize)
    {
        if (!Ranks.IsFirst)
            return;
        options.EpochCallback?.Invoke(epoch);
        options.Progress?.Report(epoch);
        if (options.MetricsCallback is not { } callback)
            return;
        var batches = (int)((epoch.Samples + batchSize - 1) / batchSize);
        if (options.TestOnTrainSet)
            Tell(ImageClassificationMetrics.Dataset.Train, epoch.Accuracy, epoch.Loss);
        if (epoch is { ValidationAccuracy: { } accuracy, ValidationLoss: { } loss })
            Tell(ImageClassificationMetrics.Dataset.Validation, accuracy, loss);

        void Tell(ImageClassificationMetrics.Dataset dataset, double accuracy, double loss) =>
            callback(new(new(dataset, batches, epoch.Epoch - 1, (float)accuracy, (float)loss, epoch.LearningRate), null));
    }

    /// <summary>Tells of an image whose features are there.</summary>
    public void Report(ImageClassificationMetrics.Dataset dataset, long position)
    {
        if (Ranks.IsFirst)
            options.MetricsCallback?.Invoke(new(null, new(dataset, (int)position)));
    }
}
