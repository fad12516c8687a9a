using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;
using Options = MlPipelines.ImageClassificationTrainer.Options;

namespace MlPipelines.Tests.Training;

/// <summary>A run that is started again with anything else is refused, or is a new training; with what does not change what is learnt,
/// it goes on.</summary>
[Trait("Category", "Runtime")]
public sealed class RunFingerprintTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly MLContext ml = new(4);

    public void Dispose() => folder.Dispose();

    Options Plain => new()
    {
        Network = Patterns.Small(),
        Epoch = 1,
        BatchSize = 4,
        ValidationSetFraction = 0,
        WorkspacePath = Path.Combine(folder.Path, "workspace"),
        ExampleWeightColumnName = "Weight",
        FeatureColumnName = "Image",
        ImageHeight = Patterns.Size,
        ImageWidth = Patterns.Size,
    };

    Network Backbone
    {
        get
        {
            var path = Path.Combine(folder.Path, "backbone.onnx");
            OnnxFile.Save(Patterns.Small().Build(Patterns.Size, Patterns.Size, 3).Initialize(1), path);
            return Network.FromOnnx(path);
        }
    }

    static SourceView Pictures(int rows = 8)
    {
        var stripes = Patterns.Stripes(rows);
        return new SourceView(rows, SourceColumn.Pictures("Image", new(), row => stripes[row].Image!),
            SourceColumn.Pictures("Other", new(), row => stripes[row].Image!),
            SourceColumn.Text("Label", row => stripes[row].Label), SourceColumn.Text("Turned", row => stripes[^((int)row + 1)].Label),
            Number("Weight", _ => 1), Number("Heavy", row => row + 1));
    }

    static SourceColumn Number(string name, Func<long, float> value) =>
        new(name, NumberDataViewType.Single, row => (ValueGetter<float>)((ref float number) => number = value(row())));

    // Whether anything was learnt, and what came of it.
    (int Steps, byte[] Onnx) Train(Options options, IDataView? view = null)
    {
        var steps = 0;
        using var model =
            Patterns.Fit(ml, view ?? Pictures(), options with { StepProgress = new Patterns.Told<TrainingProgress>(_ => steps++) });
        return (steps, model.Onnx.ToArray());
    }

    ImageClassifier Earlier()
    {
        using var model = Patterns.Fit(ml, Pictures(), Plain with { WorkspacePath = null });
        return model with { };
    }

    // Everything that changes what is learnt, by the name of the option.
    Dictionary<string, Func<Options, Options>> Changes => new()
    {
        [nameof(Options.Arch)] = options => options with
        {
            Network = null,
            Arch = ImageClassificationTrainer.Architecture.MobilenetV2,
            OpenModel = (_, _) => Backbone,
            FineTuning = new(),
        },
        [nameof(Options.Network)] = options => options with { Network = Patterns.Elaborate() },
        [nameof(Options.Head)] = options => options with { Network = Backbone, Head = new LinearHead() },
        [nameof(Options.WarmStart)] = options => options with { WarmStart = Earlier() },
        [nameof(Options.ImageHeight)] = options => options with { ImageHeight = 14 },
        [nameof(Options.ImageWidth)] = options => options with { ImageWidth = 14 },
        [nameof(Options.Resizing)] = options => options with { Resizing = ResizingKind.Fill },
        [nameof(Options.Epoch)] = options => options with { Epoch = 2 },
        [nameof(Options.BatchSize)] = options => options with { BatchSize = 3 },
        [nameof(Options.Optimizer)] = options => options with { Optimizer = new Adam { Epsilon = 1e-6f } },
        [nameof(Options.LearningRate)] = options => options with { LearningRate = 0.02f },
        [nameof(Options.LearningRateScheduler)] = options =>
            options with { LearningRateScheduler = new Microsoft.ML.Trainers.ExponentialLRDecay(decayRate: 0.9f) },
        [nameof(Options.EarlyStoppingCriteria)] = options => options with { EarlyStoppingCriteria = new(patience: 3) },
        [nameof(Options.GradientClipping)] = options => options with { GradientClipping = new() },
        [nameof(Options.StepsPerEpoch)] = options => options with { StepsPerEpoch = 2 },
        [nameof(Options.BiasRateFactor)] = options => options with { BiasRateFactor = 2 },
        [nameof(Options.GradientAccumulation)] = options => options with { GradientAccumulation = 2 },
        [nameof(Options.SynchronizedNormalization)] = options => options with { SynchronizedNormalization = true },
        [nameof(Options.WeightAveraging)] = options => options with { WeightAveraging = new() },
        [nameof(Options.DepthRates)] = options => options with { DepthRates = new LayerwiseDecay() },
        [nameof(Options.Unfreezing)] = options => options with { Unfreezing = new() },
        [nameof(Options.FineTuning)] = options => options with { FineTuning = new() },
        [nameof(Options.FeatureColumnName)] = options => options with { FeatureColumnName = "Other" },
        [nameof(Options.LabelColumnName)] = options => options with { LabelColumnName = "Turned" },
        [nameof(Options.ExampleWeightColumnName)] = options => options with { ExampleWeightColumnName = "Heavy" },
        [nameof(Options.ValidationSet)] = options => options with { ValidationSet = Pictures(4) },
        [nameof(Options.ValidationSetFraction)] = options => options with { ValidationSetFraction = 0.25f },
        [nameof(Options.LabelSmoothing)] = options => options with { LabelSmoothing = 0.1f },
        [nameof(Options.ClassWeights)] = options => options with { ClassWeights = [1, 2] },
        [nameof(Options.ClassWeighting)] = options => options with { ClassWeighting = ClassWeighting.Balanced },
        [nameof(Options.Sampling)] = options => options with { Sampling = BatchSampling.ClassBalanced },
        [nameof(Options.FeatureVariants)] = options => options with { FeatureVariants = 2 },
        [nameof(Options.Seed)] = options => options with { Seed = 9 },
    };

    // And everything else.
    static Dictionary<string, Func<Options, Options>> Asides => new()
    {
        [nameof(Options.ScoreColumnName)] = options => options with { ScoreColumnName = "Probability" },
        [nameof(Options.PredictedLabelColumnName)] = options => options with { PredictedLabelColumnName = "Guess" },
        [nameof(Options.FinalModelPrefix)] = options => options with { FinalModelPrefix = "final" },
        [nameof(Options.WorkspacePath)] = options => options with { WorkspacePath = options.WorkspacePath + Path.DirectorySeparatorChar },
        [nameof(Options.CheckpointSteps)] = options => options with { CheckpointSteps = 1 },
        [nameof(Options.CheckpointSeconds)] = options => options with { CheckpointSeconds = null },
        [nameof(Options.ReuseTrainSetBottleneckCachedValues)] = options => options with { ReuseTrainSetBottleneckCachedValues = true },
        [nameof(Options.ReuseValidationSetBottleneckCachedValues)] = options =>
            options with { ReuseValidationSetBottleneckCachedValues = true },
        [nameof(Options.TrainSetBottleneckCachedValuesFileName)] = options =>
            options with { TrainSetBottleneckCachedValuesFileName = "elsewhere" },
        [nameof(Options.ValidationSetBottleneckCachedValuesFileName)] = options =>
            options with { ValidationSetBottleneckCachedValuesFileName = null },
        [nameof(Options.EpochCallback)] = options => options with { EpochCallback = _ => { } },
        [nameof(Options.MetricsCallback)] = options => options with { MetricsCallback = _ => { } },
        [nameof(Options.TestOnTrainSet)] = options => options with { TestOnTrainSet = false },
        [nameof(Options.Progress)] = options => options with { Progress = new Patterns.Told<EpochMetrics>(_ => { }) },
        [nameof(Options.StepProgress)] = options => options,
        [nameof(Options.Skipped)] = options => options with { Skipped = _ => { } },
        [nameof(Options.Communicator)] = options => options with { Communicator = MpiCommunicator.Open() },
        [nameof(Options.FailOnBadImages)] = options => options with { FailOnBadImages = true },
        [nameof(Options.CancellationToken)] = options => options with { CancellationToken = new CancellationTokenSource().Token },
        [nameof(Options.Device)] = options => options with { Device = MlPipelines.Execution.Device.Cpu },
        [nameof(Options.Workers)] = options => options with { Workers = 1 },
        [nameof(Options.ModelFolder)] = options => options with { ModelFolder = "models" },
    };

    public static TheoryData<string> Names =>
        [.. typeof(Options).GetProperties().Where(option => option.SetMethod?.IsPublic == true).Select(option => option.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Another_option_is_another_run_or_makes_no_difference(string name)
    {
        Assert.True(Changes.ContainsKey(name) != Asides.ContainsKey(name), $"{name} stands in neither table, or in both.");
        var first = Train(Plain);
        Assert.Equal(2, first.Steps);
        if (Asides.TryGetValue(name, out var aside))
        {
            var again = Train(aside(Plain));
            Assert.Equal(0, again.Steps);
            Assert.Equal(first.Onnx, again.Onnx);
            return;
        }
        var changed = Changes[name](Plain);
        if (changed.Head?.Fit is null)
            Assert.Contains("is the checkpoint of another training", Assert.Throws<InvalidDataException>(() => Train(changed)).Message,
                StringComparison.Ordinal);
        else
            Assert.NotEqual(first.Onnx, Train(changed).Onnx);
    }

    [Fact]
    public void Records_that_an_option_holds_count_with_all_their_numbers()
    {
        object?[] values =
        [
            null, 1, 1.5f, "a", "ab", new Adam(), new Adam(0.01f), new Sgd(0.1f), new Sgd(0.1f, 0.9f), new Sgd(0.1f, 0.9f, Nesterov: true),
            new OneCycle(), new OneCycle(0.4f),
            new ExponentialDecay(0.9f), new ExponentialDecay(0.8f), new MultilayerPerceptron(), new MultilayerPerceptron(0.5f, [8]),
            new MultilayerPerceptron(0.5f, [9]), new MultilayerPerceptron(0.5f, [8, 8]),
            new NearestNeighbours(3), new NearestNeighbours(5), (TrainingSchedule)new Microsoft.ML.Trainers.PolynomialLRDecay(0.1f),
            (TrainingSchedule)new Microsoft.ML.Trainers.PolynomialLRDecay(0.2f),
            new Waves(x => x), new Waves(x => 2 * x), new Waves(Raised(1)), new Waves(Raised(2)),
        ];
        Assert.Equal(values.Length, values.Select(StateText.Of).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(StateText.Of(new MultilayerPerceptron(0.5f, [8, 8])), StateText.Of(new MultilayerPerceptron(0.5f, [8, 8])));
        Assert.Equal(StateText.Of(new Waves(Raised(2))), StateText.Of(new Waves(Raised(2))));

        static Func<float, float> Raised(float by) => x => x + by;
    }

    // What a program may bring.
    sealed record Waves(Func<float, float> Rate) : LearningRateSchedule
    {
        public override float At(float learningRate, in TrainingMoment moment) => Rate(learningRate);
    }

    [Fact]
    public void What_holds_itself_has_an_end()
    {
        var knot = new Knot();
        knot.Again = knot;
        Assert.NotEmpty(StateText.Of(knot));
    }

    sealed class Knot
    {
        public Knot? Again { get; set; }
    }

    [Fact]
    public void Another_way_of_loading_is_another_run()
    {
        foreach (var (number, picture) in Patterns.Stripes(8, size: 20).Index())
            picture.Image!.Resize(20, 30, ResizingKind.Fill).Save(folder.Write($"data/{picture.Label}/{number}.png"));
        var images = ml.Data.LoadFromImageFolder(Path.Combine(folder.Path, "data"));
        IDataView Loaded(ResizingKind resizing, Anchor anchor = Anchor.Center, bool grey = false, int size = Patterns.Size) =>
            ml.Transforms.LoadImages("Image", "ImagePath", size, size, resizing, anchor, grey).Fit(images).Transform(images);
        var options = Plain with { ExampleWeightColumnName = null };
        Train(options, Loaded(ResizingKind.IsoCrop));
        Assert.Equal(0, Train(options, Loaded(ResizingKind.IsoCrop)).Steps);
        foreach (var other in new[] { Loaded(ResizingKind.IsoPad), Loaded(ResizingKind.Fill), Loaded(ResizingKind.IsoCrop, Anchor.Top),
            Loaded(ResizingKind.IsoCrop, grey: true), Loaded(ResizingKind.IsoCrop, size: 16) })
            Assert.Throws<InvalidDataException>(() => Train(options, other));
    }

    [Fact]
    public void Other_pictures_or_numbers_in_memory_are_another_run()
    {
        var options = Plain with { ExampleWeightColumnName = null };
        IDataView Changed(byte by)
        {
            var stripes = Patterns.Stripes(8);
            return new SourceView(8, SourceColumn.Pictures("Image", new(), row => row == 3 ? Dimmed(stripes[row].Image!, by)
                : stripes[row].Image!), SourceColumn.Text("Label", row => stripes[row].Label));
        }
        Train(options, Changed(0));
        Assert.Equal(0, Train(options, Changed(0)).Steps);
        Assert.Throws<InvalidDataException>(() => Train(options, Changed(1)));

        var numbers = options with { FeatureColumnName = "Numbers", WorkspacePath = Path.Combine(folder.Path, "numbers") };
        IDataView Numbers(byte by)
        {
            var stripes = Patterns.Stripes(8);
            float[] Of(long row) => [.. (row == 3 ? Dimmed(stripes[row].Image!, by) : stripes[row].Image!).Pixels.ToArray()
                .Select(level => (float)level)];
            var type = new VectorDataViewType(NumberDataViewType.Single, 3, Patterns.Size, Patterns.Size);
            return new SourceView(8, new("Numbers", type, row =>
                (ValueGetter<VBuffer<float>>)((ref VBuffer<float> vector) => vector = new(Of(row()).Length, Of(row())))),
                SourceColumn.Text("Label", row => stripes[row].Label));
        }
        Train(numbers, Numbers(0));
        Assert.Equal(0, Train(numbers, Numbers(0)).Steps);
        Assert.Throws<InvalidDataException>(() => Train(numbers, Numbers(1)));

        static Image Dimmed(Image image, byte by)
        {
            var pixels = image.Pixels.ToArray();
            pixels[0] ^= by;
            return Image.FromPixels(image.Width, image.Height, image.Channels, pixels);
        }
    }

    public static TheoryData<string> Augmentations => [.. Catalog<Augmentation>.Members.Keys.Where(name => name != nameof(RandomFlip))];

    [Theory, MemberData(nameof(Augmentations))]
    public void Another_augmentation_is_another_run(string name)
    {
        IDataView Augmented(params Augmentation[] augmentations)
        {
            var step = ml.Transforms.AugmentImages("Image", augmentations).Fit(Pictures());
            return step.TransformForTraining(Pictures());
        }
        var options = Plain with { ExampleWeightColumnName = null };
        Train(options, Augmented(new RandomFlip()));
        Assert.Equal(0, Train(options, Augmented(new RandomFlip())).Steps);
        Assert.Throws<InvalidDataException>(() => Train(options, Augmented(new RandomFlip(Vertical: true))));
        Assert.Throws<InvalidDataException>(() => Train(options, Augmented([.. AugmentationText.Parse(name)])));
        Assert.Throws<InvalidDataException>(() => Train(options, Augmented([new RandomFlip(), .. AugmentationText.Parse(name)])));
    }
}
