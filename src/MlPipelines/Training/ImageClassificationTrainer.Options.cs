using System.Collections.Immutable;
using MlPipelines.Data;
using MlPipelines.Data.Balancing;
using MlPipelines.Execution;
using MlPipelines.Imaging;
using MlPipelines.Layers;
using MlPipelines.Training.Heads;
using MlPipelines.Transforms;

namespace MlPipelines.Training;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>What is trained, on what and for how long. Names are ML.NET's where it has them.</summary>
    public sealed partial record Options
    {
        /// <summary>The network; its last layer gives one number per class. Null takes <see cref="Architectures.SmallCnn"/>.</summary>
        public Network? Network { get; init; }

        /// <summary>What is learnt in the place of the classifier of <see cref="Network"/>, all else staying as it is; null learns every weight that is not frozen.</summary>
        public Head? Head { get; init; }

        /// <summary>A classifier of the same <see cref="Network"/> and <see cref="Head"/> whose weights training starts from; null for fresh ones.</summary>
        /// <remarks>Its classes stay, in their order; classes that only the data has come behind them, with weights of their own. Training images of the old classes too, as classes without images are unlearnt.</remarks>
        public ImageClassifier? WarmStart { get; init; }

        /// <summary>Column of images, of image files' bytes, or of vectors [C, H, W]; null takes <c>Features</c>, or else the only column of images.</summary>
        public string? FeatureColumnName { get; init; }

        /// <summary>Column of the classes, text or a key.</summary>
        public string LabelColumnName { get; init; } = "Label";

        public string ScoreColumnName { get; init; } = "Score";
        public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

        /// <summary>The most times that training goes through the samples.</summary>
        public int Epoch { get; init => field = Check.AtLeast(value, 1, nameof(Epoch)); } = 20;

        /// <summary>Samples in a step.</summary>
        public int BatchSize { get; init => field = Check.AtLeast(value, 1, nameof(BatchSize)); } = 32;

        /// <summary>How gradients change parameters.</summary>
        public Optimizer Optimizer { get; init; } = new Adam();

        /// <summary>Learning rate; null takes the optimizer's own.</summary>
        public float? LearningRate { get; init => field = value is { } rate ? Check.AtLeast(rate, 0, nameof(LearningRate)) : null; }

        /// <summary>How the learning rate changes.</summary>
        public LearningRateScheduler LearningRateScheduler { get; init; } = new ConstantRate();

        /// <summary>Fraction of a target that is spread over all classes.</summary>
        public float LabelSmoothing { get; init => field = Check.Within(value, 0, 1, nameof(LabelSmoothing)); }

        /// <summary>A factor for the loss of each class, in the order of the keys (by name, unless mapped otherwise); empty for none.</summary>
        public ImmutableArray<float> ClassWeights { get; init; } = [];

        /// <summary>Factors for the loss of each class, computed from the training samples; not beside <see cref="ClassWeights"/>.</summary>
        public ClassWeighting ClassWeighting { get; init; }

        /// <summary>Which samples the batches of an epoch hold.</summary>
        public BatchSampling Sampling { get; init; }

        /// <summary>When to stop early, and whether to keep the best epoch; null trains through all epochs and keeps the last.</summary>
        public EarlyStopping? EarlyStoppingCriteria { get; init; } = new();

        /// <summary>Samples to watch, with the same columns as the training samples: transform it by the steps before this one. Augmentation does not touch it.</summary>
        public IDataView? ValidationSet { get; init; }

        /// <summary>Without a validation set, this share of each class is taken from the training samples; null or 0 takes none.</summary>
        public float? ValidationSetFraction { get; init => field = value is { } fraction ? Check.Within(fraction, 0, 0.9f, nameof(ValidationSetFraction)) : null; } = 0.1f;

        /// <summary>Height of the network's input; null takes that of ResizeImages, or that the network is made for, or that of the images, which must then agree.</summary>
        public int? ImageHeight { get; init; }

        /// <summary>Width of the network's input.</summary>
        public int? ImageWidth { get; init; }

        /// <summary>How images of another size are brought to the network's.</summary>
        public ResizingKind Resizing { get; init; } = ResizingKind.IsoCrop;

        /// <summary>Folder for a checkpoint after each epoch; when the same training is started again there, it goes on where it was. Null for none.</summary>
        public string? WorkspacePath { get; init; }

        /// <summary>How many versions of each image the frozen part of the network is run on, once, before training; epochs take them in turn. 0 trains through the whole network in every step.</summary>
        /// <remarks>Null takes 1 where nothing changes the images at random, and 0 where augmentations do: each epoch then sees images of its own. With as many variants as epochs the result is the same as with 0.</remarks>
        public int? FeatureVariants { get; init => field = value is { } count ? Check.AtLeast(count, 0, nameof(FeatureVariants)) : null; }

        /// <summary>Whether features of training images that an earlier run left in <see cref="WorkspacePath"/> are taken from there. They are kept under the network's frozen part and the pixels that go in, so others are never mistaken for them.</summary>
        public bool ReuseTrainSetBottleneckCachedValues { get; init; }

        /// <summary>The same for validation images.</summary>
        public bool ReuseValidationSetBottleneckCachedValues { get; init; }

        /// <summary>Folder beneath <see cref="WorkspacePath"/> for the features of training images.</summary>
        public string TrainSetBottleneckCachedValuesFileName { get; init => field = Check.Named(value, nameof(TrainSetBottleneckCachedValuesFileName)); } = "trainSetBottleneck";

        /// <summary>Folder beneath <see cref="WorkspacePath"/> for the features of validation images.</summary>
        public string ValidationSetBottleneckCachedValuesFileName { get; init => field = Check.Named(value, nameof(ValidationSetBottleneckCachedValuesFileName)); } = "validationSetBottleneck";

        /// <summary>Told of each epoch, those of a checkpoint included.</summary>
        public Action<EpochMetrics>? MetricsCallback { get; init; }

        /// <summary>Told of each epoch.</summary>
        public IProgress<EpochMetrics>? Progress { get; init; }

        /// <summary>Told of each step.</summary>
        public IProgress<TrainingProgress>? StepProgress { get; init; }

        /// <summary>Told of each image that cannot be read.</summary>
        public Action<SkippedRow>? Skipped { get; init; }

        /// <summary>Whether an image that cannot be read ends the training.</summary>
        public bool FailOnBadImages { get; init; }

        /// <summary>Ends training within one step; what was learnt until then is kept.</summary>
        public CancellationToken CancellationToken { get; init; }

        /// <summary>What computes; null takes the context's.</summary>
        public Device? Device { get; init; }

        /// <summary>Threads that load images; null for one a core.</summary>
        public int? Workers { get; init => field = value is { } count ? Check.AtLeast(count, 1, nameof(Workers)) : null; }

        /// <summary>Seed of initial weights, order and dropout; null takes the context's.</summary>
        public int? Seed { get; init; }

        internal Optimizer EffectiveOptimizer => LearningRate is { } rate ? Optimizer with { LearningRate = rate } : Optimizer;
    }
}
