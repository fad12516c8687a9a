using Microsoft.ML.Runtime;
using MlPipelines.Networks;
using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines.Tests.Training;

/// <summary>Nothing that is asked for is dropped silently.</summary>
[Trait("Category", "Runtime")]
public sealed class TrainerOptionsTests
{
    readonly MLContext ml = new(3);
    readonly List<string> warnings = [];

    public TrainerOptionsTests() => ml.Log += (_, line) =>
    {
        if (line.Kind == ChannelMessageKind.Warning)
            warnings.Add(line.RawMessage);
    };

    IDataView Stripes => Patterns.View(ml, Patterns.Stripes(24));

    static Sequential Backbone() =>
        new(new Input(Patterns.Size, Patterns.Size, 3), new Rescaling(1 / 127.5f, -1), new Conv2D(8, 3, Padding.Same, Activation.Relu),
            new MaxPooling2D(4), new Flatten(), new Dense(7));

    [Fact]
    public void Options_may_be_assigned_one_by_one_and_are_checked_all_the_same()
    {
        var options = new Options();
        options.Epoch = 50;
        options.BatchSize = 10;
        options.LearningRate = 0.01f;
        options.LabelColumnName = "LabelAsKey";
        options.EarlyStoppingCriteria = null;
        Assert.Equal(new Options()
        {
            Epoch = 50,
            BatchSize = 10,
            LearningRate = 0.01f,
            LabelColumnName = "LabelAsKey",
            EarlyStoppingCriteria = null,
        }, options);
        Assert.StartsWith("Epoch: got 0, needs at least 1.", Assert.Throws<ArgumentOutOfRangeException>(() => options.Epoch = 0).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("ScoreColumnName: got nothing", Assert.Throws<ArgumentException>(() => options.ScoreColumnName = "").Message,
            StringComparison.Ordinal);
        options.LearningRateScheduler = null;
        Assert.Equal((TrainingSchedule)new ConstantRate(), options.LearningRateScheduler);
    }

    [Fact]
    public void A_trainer_takes_its_options_as_they_are_when_it_is_made()
    {
        var epochs = new List<EpochMetrics>();
        var options = new Options { Network = Patterns.Small(), Epoch = 2, EpochCallback = epochs.Add };
        var trainer = ml.MulticlassClassification.Trainers.ImageClassification(options);
        (options.Epoch, options.Network, options.EpochCallback) = (9, null, null);
        trainer.Fit(Stripes).Dispose();
        Assert.Equal([1, 2], epochs.Select(epoch => epoch.Epoch));
    }

    [Fact]
    public void Metrics_are_told_of_both_sets_and_each_time_as_one_of_their_own()
    {
        var (told, epochs) = (new List<ImageClassificationMetrics>(), new List<EpochMetrics>());
        Patterns.Fit(ml, Stripes,
            new()
            {
                Network = Patterns.Small(),
                Epoch = 3,
                BatchSize = 10,
                LearningRate = 0.01f,
                ValidationSet = Stripes,
                MetricsCallback = told.Add,
                EpochCallback = epochs.Add,
            }).Dispose();

        Assert.Equal(6, told.Distinct().Count());
        Assert.All(told, metrics => Assert.Null(metrics.Bottleneck));
        foreach (var (i, metrics) in told.Index())
        {
            var (train, epoch) = (metrics.Train!, epochs[i / 2]);
            Assert.Equal((i % 2 == 0 ? ImageClassificationMetrics.Dataset.Train : ImageClassificationMetrics.Dataset.Validation, i / 2, 3),
                (train.DatasetUsed, train.Epoch, train.BatchProcessedCount));
            Assert.Equal(((float)(i % 2 == 0 ? epoch.Accuracy : epoch.ValidationAccuracy!.Value),
                (float)(i % 2 == 0 ? epoch.Loss : epoch.ValidationLoss!.Value), 0.01f),
                (train.Accuracy, train.CrossEntropy, train.LearningRate));
        }
        Assert.Equal("Phase: Training, Dataset used: Validation, Batch Processed Count:   4, Epoch:  12, Accuracy: 0.8750, Cross-Entropy: "
            + "0.2500, Learning Rate: 0.01",
            new ImageClassificationMetrics(new(ImageClassificationMetrics.Dataset.Validation, 4, 12, 0.875f, 0.25f, 0.01f),
                null).ToString());
    }

    [Fact]
    public void Metrics_of_the_samples_learnt_from_may_be_left_out()
    {
        var told = new List<ImageClassificationMetrics>();
        Patterns.Fit(ml, Stripes, new() { Network = Patterns.Small(), Epoch = 2, TestOnTrainSet = false, MetricsCallback = told.Add })
            .Dispose();
        Assert.Equal([ImageClassificationMetrics.Dataset.Validation, ImageClassificationMetrics.Dataset.Validation],
            told.Select(metrics => metrics.Train!.DatasetUsed));
    }

    [Fact]
    public void Metrics_are_told_of_each_image_whose_features_are_there()
    {
        var told = new List<ImageClassificationMetrics>();
        Patterns.Fit(ml, Stripes,
            new()
            {
                Network = Backbone(),
                Head = new LinearHead(),
                ValidationSet = Patterns.View(ml, Patterns.Stripes(5, seed: 9)),
                MetricsCallback = told.Add,
            }).Dispose();
        var images = told.Select(metrics => metrics.Bottleneck).OfType<BottleneckMetrics>().ToArray();
        Assert.Equal(Enumerable.Range(0, 24),
            images.Where(image => image.DatasetUsed == ImageClassificationMetrics.Dataset.Train).Select(image => image.Index));
        Assert.Equal(Enumerable.Range(0, 5),
            images.Where(image => image.DatasetUsed == ImageClassificationMetrics.Dataset.Validation).Select(image => image.Index));
        Assert.Equal(29 + 2, told.Count);
        Assert.Equal("Phase: Bottleneck Computation, Dataset used:      Train, Image Index:   0", told[0].ToString());
    }

    [Fact]
    public void The_trained_network_is_left_in_the_workspace_under_its_prefix()
    {
        using var workspace = new Data.TemporaryFolder();
        using var model = Patterns.Fit(ml, Stripes,
            new()
            {
                Network = Patterns.Small(),
                Epoch = 1,
                WorkspacePath = Path.Combine(workspace.Path, "new"),
                FinalModelPrefix = "../retrained: ",
            });
        var file = Assert.Single(Directory.GetFiles(Path.Combine(workspace.Path, "new")));
        Assert.EndsWith("Network.onnx", file, StringComparison.Ordinal);
        var loaded = ml.Model.LoadModel(file);
        Assert.Equal(model.Transform(Stripes).GetColumn<float[]>("Score").SelectMany(score => score),
            loaded.Transform(Stripes).GetColumn<float[]>("Score").SelectMany(score => score));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Options_without_the_folder_or_the_architecture_that_they_need_are_warnings()
    {
        Patterns.Fit(ml, Stripes,
            new()
            {
                Network = Patterns.Small(),
                Epoch = 1,
                FinalModelPrefix = "x_",
                ReuseValidationSetBottleneckCachedValues = true,
                ModelFolder = "models",
            }).Dispose();
        Assert.Equal(
        [
            "FinalModelPrefix 'x_' does not apply without a WorkspacePath, so that no model is left. Set it, or save the model with "
                + "Model.Save.",
            "ReuseValidationSetBottleneckCachedValues does not apply without a WorkspacePath, so that features are computed anew. Set it.",
            "ModelFolder 'models' does not apply without an Arch. Set it, or read a file of the folder with Network.FromOnnx.",
        ], warnings);
    }

    [Theory]
    [InlineData(new[] { 1f, 2, 3 }, "ClassWeights: got 3 weights, the network has 2 classes.")]
    [InlineData(new[] { 1f, -2 }, "ClassWeights: got -2 for class 'down', needs a number from 0 on.")]
    [InlineData(new[] { float.NaN, 1 }, "ClassWeights: got NaN for class 'across', needs a number from 0 on.")]
    public void Weights_of_classes_that_are_none_are_refused(float[] weights, string said) =>
        Assert.Equal(said,
            Assert.Throws<ArgumentException>(() =>
                Patterns.Fit(ml, Stripes, new() { Network = Patterns.Small(), Epoch = 1, ClassWeights = [.. weights] })).Message);

    [Fact]
    public void A_rate_beside_a_schedule_that_has_its_own_is_a_warning()
    {
        Patterns.Fit(ml, Stripes,
            new()
            {
                Network = Patterns.Small(),
                Epoch = 1,
                LearningRate = 0.5f,
                LearningRateScheduler = new Microsoft.ML.Trainers.LsrDecay(),
            }).Dispose();
        Assert.Equal("LearningRate 0.5 does not apply, since LsrDecay has a rate of its own. Give it the rate, or take a schedule that "
            + "changes the given one, such as ExponentialDecay.", Assert.Single(warnings));
    }

    [Fact]
    public void Options_of_steps_beside_a_head_that_takes_none_are_named()
    {
        Patterns.Fit(ml, Stripes,
            new() { Network = Backbone(), Head = new LinearHead(), Epoch = 7, BatchSize = 3, LearningRate = 0.1f, WeightAveraging = new() })
            .Dispose();
        Assert.Equal("LinearHead learns from all features at once, so that Epoch, BatchSize, LearningRate, WeightAveraging do not apply. "
            + "Leave them out, or take a MultilayerPerceptron, which learns in steps.", Assert.Single(warnings));
        warnings.Clear();
        Patterns.Fit(ml, Stripes, new() { Network = Backbone(), Head = new NearestClassMean(), EarlyStoppingCriteria = new(patience: 3) })
            .Dispose();
        Assert.Equal("NearestClassMean learns from all features at once, so that EarlyStoppingCriteria does not apply. Leave it out, or "
            + "take a MultilayerPerceptron, which learns in steps.", Assert.Single(warnings));
        warnings.Clear();
        Patterns.Fit(ml, Stripes,
            new()
            {
                Network = Backbone(),
                Head = new LinearHead(),
                EarlyStoppingCriteria = null,
                LearningRateScheduler = new ConstantRate(),
                Optimizer = new Adam(),
            }).Dispose();
        Patterns.Fit(ml, Stripes,
            new()
            {
                Network = Backbone(),
                Head = new MultilayerPerceptron(),
                Epoch = 1,
                BatchSize = 3,
                LearningRate = 0.1f,
                WeightAveraging = new(),
            }).Dispose();
        Assert.Empty(warnings);
    }

    [Fact]
    public void Variants_of_images_that_nothing_changes_are_told_of()
    {
        Patterns.Fit(ml, Stripes, new() { Network = Backbone(), Head = new NearestClassMean(), FeatureVariants = 3 }).Dispose();
        Assert.StartsWith("FeatureVariants 3 does not apply", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    public void Blocks_that_are_never_set_free_are_told_of(int epochs, int told)
    {
        Patterns.Fit(ml, Stripes,
            new() { Network = Patterns.Elaborate(), Unfreezing = new(), Epoch = epochs, EarlyStoppingCriteria = null }).Dispose();
        Assert.Equal(told,
            warnings.Count(warning => warning.StartsWith("Unfreezing leaves 1 of 2 blocks frozen to the end", StringComparison.Ordinal)));
    }

    public static TheoryData<Func<Options, Options>, string> Beside => new()
    {
        { options => options with { FineTuning = new() },
            "Head: got FineTuning beside it, but behind a head all of the network stays as it is. Leave out one of the two; to train the "
                + "network as well, give it the head's layers with WithClassifier." },
        { options => options with { DepthRates = new LayerwiseDecay() }, "Head: got LayerwiseDecay beside it" },
        { options => options with { Unfreezing = new(1) }, "Head: got GradualUnfreezing beside it" },
    };

    [Theory, MemberData(nameof(Beside), DisableDiscoveryEnumeration = true)]
    public void A_head_beside_training_of_the_network_is_refused(Func<Options, Options> change, string message) =>
        Assert.StartsWith(message,
            Assert.Throws<ArgumentException>(() =>
                Patterns.Fit(ml, Stripes, change(new() { Network = Backbone(), Head = new LinearHead() }))).Message,
                StringComparison.Ordinal);

    [Fact]
    public void A_head_that_is_cancelled_gives_no_model()
    {
        using var stop = new CancellationTokenSource();
        var pictures = Patterns.Stripes(200);
        var view = Patterns.Lazily(pictures.Length, row =>
        {
            if (row == 120)
                stop.Cancel();
            return pictures[row].Image!;
        }, row => pictures[row].Label);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Patterns.Fit(ml, view,
                new() { Network = Backbone(), Head = new LinearHead(), ValidationSetFraction = 0, CancellationToken = stop.Token }));
    }
}
