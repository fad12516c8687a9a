using System.Text.Json.Nodes;
using MlPipelines.Execution;
using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>What one training run is asked to do.</summary>
sealed record TrainingSettings
{
    /// <summary>Width and height for a network that takes any.</summary>
    public const int DefaultSize = 96;

    /// <summary>Learning rate for weights that have learnt already: Adam's own, 0.001, would unlearn them where normalisation is folded
    /// into them.</summary>
    const float LearntRate = 1e-4f;

    static readonly Augmentation[] defaultAugmentations = [new RandomFlip(), new RandomShift(0.1f), new RandomRotation(10),
        new RandomErasing(0.25f)];

    public string Folder { get; init; } = "";
    public string? Validation { get; init; }

    /// <summary>Share of the images that are not tested with to watch; null for a tenth of all.</summary>
    public double? WatchedShare { get; init; }

    /// <summary>The columns of a table.</summary>
    public CsvOptions Table { get; init; } = new();

    /// <summary>What keeps images together: a column of a table, or a pattern over file names; null for nothing.</summary>
    public string? GroupBy { get; init; }

    public string? Test { get; init; }
    public int Epochs { get => FineTuneEpochs ?? field; init; } = 20;
    public int Batch { get; init; } = 32;

    /// <summary>Step size; null for the optimizer's own.</summary>
    public float? LearningRate { get => field ?? (LearnsOnInAll ? LearntRate : null); init; }

    /// <summary>Width and height that images are brought to; null for those of the network.</summary>
    public int? Size { get; init; }

    /// <summary>How images of another shape are brought to that size; null for what the network or the earlier model has.</summary>
    public ResizingKind? Resizing { get; init; }

    public int Seed { get; init; } = SharedOptions.DefaultSeed;
    public OutputPlace Output { get; init; } = new("runs");
    public string? Name { get; init; }
    public Device Device { get; init; } = Device.Cpu;
    public int? Workers { get; init; }
    public bool FailOnBadFiles { get; init; }

    /// <summary>What happens to images at random while training.</summary>
    public Augmentation[] Augmentations => ChosenAugmentations ?? (Head is null ? defaultAugmentations : []);

    /// <summary>Those asked for; null for what is usual.</summary>
    public Augmentation[]? ChosenAugmentations { get; init; }

    /// <summary>How much the images of each class count.</summary>
    public ClassWeighting Weighting { get; init; }

    /// <summary>Which images make a step.</summary>
    public BatchSampling Sampling { get; init; }

    /// <summary>Whether decoded images are kept for later epochs and runs.</summary>
    public bool Cache { get; init; } = true;

    /// <summary>Where they are kept; null for the usual place.</summary>
    public OutputPlace? CacheFolder { get; init; }

    public PixelCache? PixelCache => !Cache ? null : CacheFolder is { } folder ? new(folder.Path) : PixelCache.CreateDefault();

    /// <summary>The network that training starts from, a file or a name; null for a new one.</summary>
    public string? Network { get; init; }

    /// <summary>Whether the network is to be a small one that has learnt nothing.</summary>
    public bool FromScratch { get; init; }

    /// <summary>Whether training starts from the packaged network, as none is named.</summary>
    public bool UsesPackaged { get; init; }

    /// <summary>The first option given that is about a network that has learnt; null for none.</summary>
    public string? LearntOption { get; init; }

    /// <summary>The first option given that only learning in steps follows; null for none.</summary>
    public string? StepOption { get; init; }

    /// <summary>What of it is used.</summary>
    public NetworkPart Part { get; init; } = NetworkPart.Whole;

    /// <summary>What it wants done with pixels; null for what is known of it.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>What is learnt in the place of its classifier while all else stays as it is; null to train the network too.</summary>
    public HeadKind? Head => !HasLearnt ? null : HeadKinds.Learnt(ChosenHead, Freeze, FineTuneEpochs);

    /// <summary>The head asked for.</summary>
    public HeadKind? ChosenHead { get; init; }

    /// <summary>What of the network is asked to stay as it is.</summary>
    public FrozenPart? Freeze { get; init; }

    /// <summary>The last layer that keeps its weights; null for none.</summary>
    public string? FreezeUpTo => Freeze?.Layer;

    /// <summary>Epochs of the whole network, once its classifier was trained alone; null where that is not asked for.</summary>
    public int? FineTuneEpochs { get; init; }

    /// <summary>How many changed versions of each image a head learns from, where images are changed.</summary>
    public int Variants { get; init; } = 4;

    /// <summary>Fraction of a target that is spread over all classes.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Whether normalisations take statistics over all processes.</summary>
    public bool SynchronizedNormalization { get; init; }

    /// <summary>The model file whose weights and classes training starts from; null for fresh ones.</summary>
    public string? From { get; init; }

    public Optimizer Optimizer { get; } = new Adam();
    public LearningRateSchedule Schedule { get; } = new OneCycle();

    /// <summary>The pipeline.json that is run again; null for none.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The options that were given, as pipeline.json holds them.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Given { get; init; } = [];

    /// <summary>Whether an earlier run of the same name goes on where it was.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether it is only told what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>The processes that train together; null for this one alone.</summary>
    public ICommunicator? Communicator { get; init; }

    /// <summary>Whether this process is the one that speaks and writes.</summary>
    public bool IsFirst => Communicator is null or { Rank: 0 };

    /// <summary>Steps between checkpoints; null for any number.</summary>
    public int? CheckpointSteps { get; init; }

    /// <summary>Seconds between checkpoints.</summary>
    public float CheckpointSeconds { get; init; } = (float)OutputOptions.UsualCheckpointSeconds;

    /// <summary>Whether results are for machines.</summary>
    public bool WritesJson { get; init; }

    /// <summary>Where TensorBoard looks for runs; null for no files of its kind.</summary>
    public OutputPlace? TensorBoard { get; init; }

    /// <summary>Whether the network is also tested before it learns.</summary>
    public bool BeforeTraining { get; init; }

    /// <summary>Whether only a learning rate is looked for.</summary>
    public bool FindLearningRate { get; init; }

    /// <summary>The name that the folder gives the run.</summary>
    public string NameOfFolder =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder))) is { Length: > 0 } name ? name : "run";

    /// <summary>The step size of a training in steps, whoever says it; null where fine-tuning chooses it by the number of steps.</summary>
    public float? PeakLearningRate => LearningRate ?? (FineTuneEpochs is null ? Optimizer.LearningRate : null);

    bool HasLearnt => Network is not null || UsesPackaged;

    bool LearnsOnInAll => HasLearnt && Head is null && FineTuneEpochs is null;
}
