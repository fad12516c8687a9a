using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MlPipelines.Execution;
using MlPipelines.Networks;

namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>What is trained, on what and for how long. Names are ML.NET's where it has them.</summary>
    public sealed partial record Options
    {
        /// <summary>The network; its last layer gives one number per class. Null takes that of <see cref="Arch"/>, or else <see cref="Architectures.SmallCnn"/>.</summary>
        public Network? Network { get; set; }

        /// <summary>What is learnt in the place of the classifier of <see cref="Network"/>, all else staying as it is; null learns every weight that is not frozen.</summary>
        public Head? Head { get; set; }

        /// <summary>A classifier of the same <see cref="Network"/> and <see cref="Head"/> whose weights training starts from; null for fresh ones.</summary>
        /// <remarks>Its classes stay, in their order; classes that only the data has come behind them, with weights of their own. Give images of the old classes too, as classes without images are unlearnt, which is a warning; NearestNeighbours keeps its images, NearestClassMean the means of such classes.</remarks>
        public ImageClassifier? WarmStart { get; set; }

        /// <summary>Column of images, of image files' bytes, or of vectors [C, H, W]; null takes <c>Features</c>, or else the only column of images.</summary>
        public string? FeatureColumnName { get; set; }

        /// <summary>Column of the classes, text or a key.</summary>
        public string LabelColumnName { get; set => field = Check.Named(value, nameof(LabelColumnName)); } = "Label";

        /// <summary>Column of numbers that the losses of the samples are multiplied with, at least 0 each; null for none. Samples that are watched count alike.</summary>
        /// <remarks>
        /// A step divides the sum of the losses by the number of samples in the batch, not by the sum of their weights, as Keras does: to double all weights doubles the rate of Sgd.
        /// A head that learns from all features at once takes the sum, as scikit-learn does: a weight of 2 is then the same as the sample twice. 0 leaves a sample out of the loss, but not out of the statistics of a normalisation.
        /// </remarks>
        public string? ExampleWeightColumnName { get; set; }

        public string ScoreColumnName { get; set => field = Check.Named(value, nameof(ScoreColumnName)); } = "Score";
        public string PredictedLabelColumnName { get; set => field = Check.Named(value, nameof(PredictedLabelColumnName)); } = "PredictedLabel";

        /// <summary>The most times that training goes through the samples.</summary>
        public int Epoch { get; set => field = Check.AtLeast(value, 1, nameof(Epoch)); } = 20;

        /// <summary>Samples in a step.</summary>
        public int BatchSize { get; set => field = Check.AtLeast(value, 1, nameof(BatchSize)); } = 32;

        /// <summary>How gradients change parameters.</summary>
        public Optimizer Optimizer { get; set; } = new Adam();

        /// <summary>Learning rate; null takes the optimizer's own. A schedule with a rate of its own, such as ML.NET's ExponentialLRDecay, goes before it, which is a warning.</summary>
        public float? LearningRate { get; set => field = value is { } rate ? Check.AtLeast(rate, 0, nameof(LearningRate)) : null; }

        /// <summary>How the learning rate changes; null for not at all.</summary>
        [AllowNull]
        public TrainingSchedule LearningRateScheduler { get; set => field = value ?? new ConstantRate(); } = new ConstantRate();

        /// <summary>Fraction of a target that is spread over all classes.</summary>
        public float LabelSmoothing { get; set => field = Check.Within(value, 0, 1, nameof(LabelSmoothing)); }

        /// <summary>A factor for the loss of each class, in the order of the keys (by name, unless mapped otherwise); empty for none.</summary>
        public ImmutableArray<float> ClassWeights { get; set; } = [];

        /// <summary>Factors for the loss of each class, computed from the training samples; not beside <see cref="ClassWeights"/>.</summary>
        public ClassWeighting ClassWeighting { get; set; }

        /// <summary>Which samples the batches of an epoch hold.</summary>
        public BatchSampling Sampling { get; set; }

        /// <summary>When to stop early, and whether to keep the best epoch; null trains through all epochs and keeps the last.</summary>
        public EarlyStopping? EarlyStoppingCriteria { get; set; } = new();

        /// <summary>Samples to watch, with the same columns as the training samples: transform it by the steps before this one. Augmentation does not touch it.</summary>
        public IDataView? ValidationSet { get; set; }

        /// <summary>Without a validation set, this share of each class is taken from the training samples; null or 0 takes none.</summary>
        public float? ValidationSetFraction { get; set => field = value is { } fraction ? Check.Within(fraction, 0, 0.9f, nameof(ValidationSetFraction)) : null; } = 0.1f;

        /// <summary>Height of the network's input; null takes that of ResizeImages, or that the network is made for, or that of the images, which must then agree. Encoded images are brought to 128×128 where no network is given.</summary>
        public int? ImageHeight { get; set; }

        /// <summary>Width of the network's input.</summary>
        public int? ImageWidth { get; set; }

        /// <summary>How images of another size are brought to the network's.</summary>
        public ResizingKind Resizing { get; set; } = ResizingKind.IsoCrop;

        /// <summary>With <see cref="WorkspacePath"/>, the trained network is left there in a file of this and the network's name, <c>{prefix}{Arch, SmallCnn or Network}.onnx</c>, which <c>Model.Load</c> reads; null for none.</summary>
        public string? FinalModelPrefix { get; set; }

        /// <summary>Folder for a checkpoint after each epoch; when the same training is started again there, it goes on where it was. Another one is refused; only where the seed is drawn anew each time, or cached features are reused, it takes its place. Null for none.</summary>
        public string? WorkspacePath { get; set; }

        /// <summary>How many versions of each image the frozen part of the network is run on, once, before training; epochs take them in turn. 0 trains through the whole network in every step.</summary>
        /// <remarks>Null takes 1 where nothing changes the images at random, and 0 where augmentations do: each epoch then sees images of its own. With as many variants as epochs the result is the same as with 0.</remarks>
        public int? FeatureVariants { get; set => field = value is { } count ? Check.AtLeast(count, 0, nameof(FeatureVariants)) : null; }

        /// <summary>Whether features of training images that an earlier run left in <see cref="WorkspacePath"/> are taken from there. They are kept under the network's frozen part and the pixels that go in, so others are never mistaken for them.</summary>
        public bool ReuseTrainSetBottleneckCachedValues { get; set; }

        /// <summary>The same for validation images.</summary>
        public bool ReuseValidationSetBottleneckCachedValues { get; set; }

        /// <summary>Folder for the features of training images, beneath <see cref="WorkspacePath"/> unless it is a whole path; null keeps none.</summary>
        public string? TrainSetBottleneckCachedValuesFileName { get; set => field = value is null ? null : Check.Named(value, nameof(TrainSetBottleneckCachedValuesFileName)); } = "trainSetBottleneck";

        /// <summary>The same for validation images.</summary>
        public string? ValidationSetBottleneckCachedValuesFileName { get; set => field = value is null ? null : Check.Named(value, nameof(ValidationSetBottleneckCachedValuesFileName)); } = "validationSetBottleneck";

        /// <summary>Told of each epoch, those of a checkpoint included.</summary>
        public Action<EpochMetrics>? EpochCallback { get; set; }

        /// <summary>Told, as ML.NET tells it, of each image whose features are there, and of each epoch: once for the samples learnt from, once for those watched.</summary>
        public Action<ImageClassificationMetrics>? MetricsCallback { get; set; }

        /// <summary>Whether <see cref="MetricsCallback"/> is told of the samples learnt from. They are judged as they are met, so that it costs nothing.</summary>
        public bool TestOnTrainSet { get; set; } = true;

        /// <summary>Told of each epoch.</summary>
        public IProgress<EpochMetrics>? Progress { get; set; }

        /// <summary>Told of each step.</summary>
        public IProgress<TrainingProgress>? StepProgress { get; set; }

        /// <summary>Told of each image that cannot be read.</summary>
        public Action<SkippedRow>? Skipped { get; set; }

        /// <summary>Whether an image that cannot be read ends the training.</summary>
        public bool FailOnBadImages { get; set; }

        /// <summary>Ends training within one step; what was learnt until then is kept. <see cref="Fit(IDataView)"/> throws an <see cref="OperationCanceledException"/> where nothing was learnt yet: before the first step, while features are computed, or with a head that learns from all of them at once.</summary>
        public CancellationToken CancellationToken { get; set; }

        /// <summary>What computes; null takes the context's.</summary>
        public Device? Device { get; set; }

        /// <summary>Threads that load images; null for one a core.</summary>
        public int? Workers { get; set => field = value is { } count ? Check.AtLeast(count, 1, nameof(Workers)) : null; }

        /// <summary>Seed of initial weights, order and dropout; null takes the context's.</summary>
        public int? Seed { get; set; }

        internal Optimizer EffectiveOptimizer => LearningRate is { } rate ? Optimizer with { LearningRate = rate } : Optimizer;
    }
}
