using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MlPipelines.Execution;
using MlPipelines.Networks;

namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>What is trained, on what and for how long. Names are ML.NET's where it has them.</summary>
    /// <remarks>All in one place for whoever writes them; who reads them takes the group that it needs.</remarks>
    public sealed record Options
    {
        internal ModelOptions Model { get; set; } = new();

        /// <summary>A published network, whose file <c>mlpipe models get</c> fetches; nothing is ever fetched while fitting. Null takes
        /// <see cref="Network"/>.</summary>
        /// <remarks>As in ML.NET the network stays as it is and a linear classifier is learnt on its features; a <see cref="Head"/> or
        /// <see cref="FineTuning"/> changes that.</remarks>
        public Architecture? Arch { get => Model.Arch; set => Model = Model with { Arch = value }; }

        /// <summary>The network; its last layer gives one number per class. Null takes that of <see cref="Arch"/>, or else the one that
        /// the package MlPipelines.ResNet18 brings, for colour pictures of 64 pixels or more, or else
        /// <see cref="Architectures.SmallCnn"/>.</summary>
        /// <remarks>On the packaged network a head is learnt: a <see cref="LinearHead"/>, or a <see cref="MultilayerPerceptron"/> where
        /// something is set that only steps follow, such as <see cref="Epoch"/>; <see cref="FineTuning"/> trains the whole. The log says
        /// what was taken.</remarks>
        public Network? Network { get => Model.Network; set => Model = Model with { Network = value }; }

        internal Network? Pretrained { get => Model.Pretrained; init => Model = Model with { Pretrained = value }; }

        /// <summary>What is learnt in the place of the classifier of <see cref="Network"/>, all else staying as it is; null learns every
        /// weight that is not frozen.</summary>
        public Head? Head { get => Model.Head; set => Model = Model with { Head = value }; }

        /// <summary>A classifier of the same <see cref="Network"/> and <see cref="Head"/> whose weights training starts from;
        /// null for fresh ones.</summary>
        /// <remarks>Its classes stay, in their order; classes that only the data has come behind them, with weights of their own. Give
        /// images of the old classes too, as classes without images are unlearnt, which is a warning; NearestNeighbours keeps its images,
        /// NearestClassMean the means of such classes.</remarks>
        public ImageClassifier? WarmStart { get => Model.WarmStart; set => Model = Model with { WarmStart = value }; }

        /// <summary>Height of the network's input; null takes that of ResizeImages, or that the network is made for, or that of the images,
        /// which must then agree. Encoded images are brought to 128×128 where no network is given.</summary>
        public int? ImageHeight { get => Model.ImageHeight; set => Model = Model with { ImageHeight = value }; }

        /// <summary>Width of the network's input.</summary>
        public int? ImageWidth { get => Model.ImageWidth; set => Model = Model with { ImageWidth = value }; }

        /// <summary>How images of another size are brought to the network's.</summary>
        public ResizingKind Resizing { get => Model.Resizing; set => Model = Model with { Resizing = value }; }

        internal LearningOptions Learning { get; set; } = new();

        /// <summary>The most times that training goes through the samples.</summary>
        public int Epoch { get => Learning.Epoch; set => Learning = Learning with { Epoch = value }; }

        /// <summary>Steps of an epoch; null takes as many as bring each sample once.</summary>
        /// <remarks>Each epoch goes on where the one before stopped, and samples are shuffled anew when all have been learnt from, which
        /// may be within an epoch: Keras's <c>steps_per_epoch</c> over a repeated data set.</remarks>
        public int? StepsPerEpoch { get => Learning.StepsPerEpoch; set => Learning = Learning with { StepsPerEpoch = value }; }

        /// <summary>Samples in a step, at most: <see cref="FineTuning"/> takes fewer, but 8 at least, where an epoch would have less than
        /// 16 steps.</summary>
        public int BatchSize { get => Learning.BatchSize; set => Learning = Learning with { BatchSize = value }; }

        /// <summary>How gradients change parameters.</summary>
        public Optimizer Optimizer { get => Learning.Optimizer; set => Learning = Learning with { Optimizer = value }; }

        /// <summary>Learning rate; null takes the optimizer's own. A schedule with a rate of its own, such as ML.NET's ExponentialLRDecay,
        /// goes before it, which is a warning.</summary>
        public float? LearningRate { get => Learning.LearningRate; set => Learning = Learning with { LearningRate = value }; }

        /// <summary>What the learning rate of biases and of the offsets of normalisations is multiplied by; Caffe's networks take
        /// 2.</summary>
        public float BiasRateFactor { get => Learning.BiasRateFactor; set => Learning = Learning with { BiasRateFactor = value }; }

        /// <summary>How the learning rate changes; null for not at all.</summary>
        [AllowNull]
        public TrainingSchedule LearningRateScheduler
        {
            get => Learning.LearningRateScheduler; set =>
        Learning = Learning with { LearningRateScheduler = value ?? new ConstantRate() };
        }

        /// <summary>When to stop early, and whether to keep the best epoch; null trains through all epochs and keeps the last.</summary>
        public EarlyStopping? EarlyStoppingCriteria
        {
            get => Learning.EarlyStoppingCriteria; set =>
            Learning = Learning with { EarlyStoppingCriteria = value };
        }

        /// <summary>What the gradients are limited to; null for no limit.</summary>
        public GradientClipping? GradientClipping
        {
            get => Learning.GradientClipping; set =>
            Learning = Learning with { GradientClipping = value };
        }

        /// <summary>Batches whose gradients together make one update, as one batch of all their samples would; normalisation still takes
        /// the statistics of each batch. An epoch's last ones make an update of their own.</summary>
        public int GradientAccumulation
        {
            get => Learning.GradientAccumulation; set =>
            Learning = Learning with { GradientAccumulation = value };
        }

        /// <summary>Whether batch normalisations take mean and variance over a batch's samples in all processes of
        /// <see cref="Communicator"/>, as one process does, in place of those of each process's own share. For shares of a few samples;
        /// each normalisation then waits for all processes twice a step. Computed on the processor alone.</summary>
        public bool SynchronizedNormalization
        {
            get => Learning.SynchronizedNormalization; set =>
            Learning = Learning with { SynchronizedNormalization = value };
        }

        /// <summary>Whether averages of the weights are validated and kept in place of the last weights; null for not.</summary>
        public WeightAveraging? WeightAveraging
        {
            get => Learning.WeightAveraging; set =>
            Learning = Learning with { WeightAveraging = value };
        }

        /// <summary>How the learning rate differs between the network's blocks; null for not at all.</summary>
        public DepthRates? DepthRates { get => Learning.DepthRates; set => Learning = Learning with { DepthRates = value }; }

        /// <summary>Sets the network's blocks free one after another, the last first; null trains all from the start. Not beside
        /// <see cref="FineTuning"/>.</summary>
        public GradualUnfreezing? Unfreezing { get => Learning.Unfreezing; set => Learning = Learning with { Unfreezing = value }; }

        /// <summary>
        /// First the classifier alone, then the whole network, as fastai's <c>fine_tune</c>; null trains in one piece. <see cref="Epoch"/>
        /// counts the epochs with the whole network. Its rates are those of <see cref="LearningRate"/>, or else its own; it sets schedule
        /// and depth rates itself.
        /// </summary>
        public FineTuning? FineTuning { get => Learning.FineTuning; set => Learning = Learning with { FineTuning = value }; }

        internal SampleOptions Samples { get; set; } = new();

        /// <summary>Column of images, of image files' bytes, or of vectors [C, H, W]; null takes <c>Features</c>,
        /// or else the only column of images.</summary>
        public string? FeatureColumnName { get => Samples.FeatureColumnName; set => Samples = Samples with { FeatureColumnName = value }; }

        /// <summary>Column of the classes, text or a key.</summary>
        public string LabelColumnName { get => Samples.LabelColumnName; set => Samples = Samples with { LabelColumnName = value }; }

        /// <summary>Column of numbers that the losses of the samples are multiplied with, at least 0 each; null for none.
        /// Samples that are watched count alike.</summary>
        /// <remarks>
        /// A step divides the sum of the losses by the number of samples in the batch, not by the sum of their weights, as Keras does: to
        /// double all weights doubles the rate of Sgd. A head that learns from all features at once takes the sum, as scikit-learn does: a
        /// weight of 2 is then the same as the sample twice. 0 leaves a sample out of the loss, but not out of the statistics of a
        /// normalisation.
        /// </remarks>
        public string? ExampleWeightColumnName
        {
            get => Samples.ExampleWeightColumnName; set =>
            Samples = Samples with { ExampleWeightColumnName = value };
        }

        /// <summary>Samples to watch, with the same columns as the training samples: transform it by the steps before this one.
        /// Augmentation does not touch it.</summary>
        public IDataView? ValidationSet { get => Samples.ValidationSet; set => Samples = Samples with { ValidationSet = value }; }

        /// <summary>Without a validation set, this share of each class is taken from the training samples; 0 takes none. Null takes a tenth
        /// where epochs are chosen by it, and none where a head learns from all features at once.</summary>
        public float? ValidationSetFraction
        {
            get => Samples.ValidationSetFraction; set =>
            Samples = Samples with { ValidationSetFraction = value };
        }

        /// <summary>Fraction of a target that is spread over all classes.</summary>
        public float LabelSmoothing { get => Samples.LabelSmoothing; set => Samples = Samples with { LabelSmoothing = value }; }

        /// <summary>A factor for the loss of each class, in the order of the keys (by name, unless mapped otherwise);
        /// empty for none.</summary>
        public ImmutableArray<float> ClassWeights { get => Samples.ClassWeights; set => Samples = Samples with { ClassWeights = value }; }

        /// <summary>Factors for the loss of each class, computed from the training samples; not beside
        /// <see cref="ClassWeights"/>.</summary>
        public ClassWeighting ClassWeighting { get => Samples.ClassWeighting; set => Samples = Samples with { ClassWeighting = value }; }

        /// <summary>Which samples the batches of an epoch hold.</summary>
        public BatchSampling Sampling { get => Samples.Sampling; set => Samples = Samples with { Sampling = value }; }

        /// <summary>How many versions of each image the frozen part of the network is run on, once, before training; epochs take them in
        /// turn. 0 trains through the whole network in every step.</summary>
        /// <remarks>Null takes 1 where nothing changes the images at random; where augmentations do, 4 for a head that learns from all
        /// features at once, and otherwise 0: each epoch then sees images of its own. With as many variants as epochs the result is the
        /// same as with 0.</remarks>
        public int? FeatureVariants { get => Samples.FeatureVariants; set => Samples = Samples with { FeatureVariants = value }; }

        internal OutputOptions Output { get; set; } = new();

        /// <summary>Column for the probabilities of the classes.</summary>
        public string ScoreColumnName { get => Output.ScoreColumnName; set => Output = Output with { ScoreColumnName = value }; }

        /// <summary>Column for the most probable class.</summary>
        public string PredictedLabelColumnName
        {
            get => Output.PredictedLabelColumnName; set =>
            Output = Output with { PredictedLabelColumnName = value };
        }

        /// <summary>With <see cref="WorkspacePath"/>, the trained network is left there in a file of this and the network's name,
        /// <c>{prefix}{Arch, SmallCnn or Network}.onnx</c>, which <c>Model.Load</c> reads; null for none.</summary>
        public string? FinalModelPrefix { get => Output.FinalModelPrefix; set => Output = Output with { FinalModelPrefix = value }; }

        /// <summary>Folder for checkpoints: after each epoch, and on the way as <see cref="CheckpointSteps"/> and
        /// <see cref="CheckpointSeconds"/> say. When the same training is started again there, it goes on where it was, to the same bits.
        /// Another one is refused; only where the seed is drawn anew each time, or cached features are reused, it takes its place.
        /// Null for none.</summary>
        /// <remarks>One training at a time is at work there, others are refused. A checkpoint that cannot be written is a warning: training
        /// goes on, and the one before stays. It knows what the picture files held that were read until then; where one holds something
        /// else when the training goes on, that is refused too.</remarks>
        public string? WorkspacePath { get => Output.WorkspacePath; set => Output = Output with { WorkspacePath = value }; }

        /// <summary>Steps after which a checkpoint is written within an epoch too; null for any number.</summary>
        public int? CheckpointSteps { get => Output.CheckpointSteps; set => Output = Output with { CheckpointSteps = value }; }

        /// <summary>Seconds after which a checkpoint is written within an epoch too; null for any time.</summary>
        /// <remarks>With the usual 300, and without <see cref="CheckpointSteps"/>, checkpoints follow what they cost: one that takes longer
        /// than a fifth of a second comes, within epochs and after them, when it takes no more than 2 % of the time since the last one. The
        /// last epoch, and a stop, always leave one.</remarks>
        public double? CheckpointSeconds
        {
            get => Output.CheckpointSeconds; set =>
            Output = Output with { CheckpointSeconds = value };
        }

        /// <summary>Whether features of training images that an earlier run left in <see cref="WorkspacePath"/> are taken from there. They
        /// are kept under the network's frozen part and the pixels that go in, so others are never mistaken for them.</summary>
        public bool ReuseTrainSetBottleneckCachedValues
        {
            get => Output.ReuseTrainSetBottleneckCachedValues; set =>
            Output = Output with { ReuseTrainSetBottleneckCachedValues = value };
        }

        /// <summary>The same for validation images.</summary>
        public bool ReuseValidationSetBottleneckCachedValues
        {
            get => Output.ReuseValidationSetBottleneckCachedValues; set =>
            Output = Output with { ReuseValidationSetBottleneckCachedValues = value };
        }

        /// <summary>Folder for the features of training images, beneath <see cref="WorkspacePath"/> unless it is a whole path;
        /// null keeps none.</summary>
        public string? TrainSetBottleneckCachedValuesFileName
        {
            get => Output.TrainSetBottleneckCachedValuesFileName; set =>
            Output = Output with { TrainSetBottleneckCachedValuesFileName = value };
        }

        /// <summary>The same for validation images.</summary>
        public string? ValidationSetBottleneckCachedValuesFileName
        {
            get => Output.ValidationSetBottleneckCachedValuesFileName; set =>
            Output = Output with { ValidationSetBottleneckCachedValuesFileName = value };
        }

        internal ExecutionOptions Execution { get; set; } = new();

        /// <summary>Told of each epoch, those of a checkpoint included.</summary>
        public Action<EpochMetrics>? EpochCallback
        {
            get => Execution.EpochCallback; set =>
            Execution = Execution with { EpochCallback = value };
        }

        /// <summary>Told, as ML.NET tells it, of each image whose features are there, and of each epoch: once for the samples learnt from,
        /// once for those watched.</summary>
        public Action<ImageClassificationMetrics>? MetricsCallback
        {
            get => Execution.MetricsCallback; set =>
            Execution = Execution with { MetricsCallback = value };
        }

        /// <summary>Whether <see cref="MetricsCallback"/> is told of the samples learnt from. They are judged as they are met,
        /// so that it costs nothing.</summary>
        public bool TestOnTrainSet { get => Execution.TestOnTrainSet; set => Execution = Execution with { TestOnTrainSet = value }; }

        /// <summary>Told of each epoch.</summary>
        public IProgress<EpochMetrics>? Progress { get => Execution.Progress; set => Execution = Execution with { Progress = value }; }

        /// <summary>Told of each step.</summary>
        public IProgress<TrainingProgress>? StepProgress
        {
            get => Execution.StepProgress; set =>
            Execution = Execution with { StepProgress = value };
        }

        /// <summary>Told of each image that cannot be read.</summary>
        public Action<SkippedRow>? Skipped { get => Execution.Skipped; set => Execution = Execution with { Skipped = value }; }

        /// <summary>Whether an image that cannot be read ends the training.</summary>
        public bool FailOnBadImages { get => Execution.FailOnBadImages; set => Execution = Execution with { FailOnBadImages = value }; }

        /// <summary>Ends training within one step; what was learnt until then is kept. <see cref="Fit(IDataView)"/> throws an
        /// <see cref="OperationCanceledException"/> where nothing was learnt yet: before the first step, while features are computed, or
        /// with a head that learns from all of them at once.</summary>
        public CancellationToken CancellationToken
        {
            get => Execution.CancellationToken; set =>
            Execution = Execution with { CancellationToken = value };
        }

        /// <summary>What computes; null takes the context's.</summary>
        public Device? Device { get => Execution.Device; set => Execution = Execution with { Device = value }; }

        /// <summary>Threads that load images; null for one a core.</summary>
        public int? Workers { get => Execution.Workers; set => Execution = Execution with { Workers = value }; }

        /// <summary>Seed of initial weights, order and dropout; null takes the context's.</summary>
        public int? Seed { get => Execution.Seed; set => Execution = Execution with { Seed = value }; }

        /// <summary>The processes that train together, as the package MlPipelines.Mpi opens them; null for this one alone. Each learns
        /// from its share of every batch and all end with the same model. Files are written and callbacks called in the first alone.
        /// Dispose of it yourself.</summary>
        /// <remarks>Batches and samples are those of a process alone, so that results differ by the rounding of sums, where no
        /// normalisation takes statistics of its share (<see cref="SynchronizedNormalization"/>). <see cref="CancellationToken"/>
        /// of any process ends all, between two updates.</remarks>
        public ICommunicator? Communicator
        {
            get => Execution.Communicator; set =>
            Execution = Execution with { Communicator = value };
        }

        /// <summary>Folder of the files that <see cref="Arch"/> stands for; null for the one that <c>mlpipe models get</c> writes
        /// to.</summary>
        public string? ModelFolder { get => Execution.ModelFolder; set => Execution = Execution with { ModelFolder = value }; }

        /// <summary>The network that a package brings along; null where there is none.</summary>
        internal Func<PackagedNetwork?> Packaged
        {
            get => Execution.Packaged; init =>
            Execution = Execution with { Packaged = value };
        }

        /// <summary>Opens a model of the catalogue by its name, from a folder.</summary>
        internal Func<string, string?, Network> OpenModel
        {
            get => Execution.OpenModel; init =>
            Execution = Execution with { OpenModel = value };
        }
    }
}
