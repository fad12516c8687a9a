using MlPipelines.Augmentations;
using MlPipelines.Data.Balancing;
using MlPipelines.Imaging;
using MlPipelines.Training;

namespace MlPipelines.Cli;

/// <summary>What one training run is asked to do.</summary>
sealed record TrainingSettings
{
    public required string Folder { get; init; }
    public string? Validation { get; init; }
    public string? Test { get; init; }
    public int Epochs { get; init; } = 20;
    public int Batch { get; init; } = 32;
    public float? LearningRate { get; init; }
    public int Size { get; init; } = 96;
    public int Seed { get; init; } = 1;
    public string Output { get; init; } = "runs";
    public string? Name { get; init; }
    public string Device { get; init; } = "cpu";
    public int? Workers { get; init; }
    public bool Strict { get; init; }

    /// <summary>What happens to images at random while training.</summary>
    public Augmentation[] Augmentations { get; init; } = [new RandomFlip(), new RandomShift(0.1f), new RandomRotation(10), new RandomErasing(0.25f)];

    /// <summary>How much the images of each class count.</summary>
    public ClassWeighting Weighting { get; init; }

    /// <summary>Which images make a step.</summary>
    public BatchSampling Sampling { get; init; }

    /// <summary>Whether decoded images are kept for later epochs and runs.</summary>
    public bool Cache { get; init; } = true;

    /// <summary>Where they are kept; null for the usual place.</summary>
    public string? CacheFolder { get; init; }

    public PixelCache? PixelCache => !Cache ? null : CacheFolder is { } folder ? new(folder) : PixelCache.CreateDefault();

    public Optimizer Optimizer { get; } = new Adam();
    public LearningRateScheduler Schedule { get; } = new OneCycle();

    /// <summary>Whether an earlier run of the same name goes on where it was.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether only a learning rate is looked for.</summary>
    public bool FindLearningRate { get; init; }

    /// <summary>The name that the folder gives the run.</summary>
    public string OwnName => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder))) is { Length: > 0 } name ? name : "run";
}
