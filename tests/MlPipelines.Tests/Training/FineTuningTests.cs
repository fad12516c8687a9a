using MlPipelines.Networks;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Training;

[Trait("Category", "Runtime")]
public sealed class FineTuningTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static readonly ImageClassificationTrainer.Options Plain = new()
    {
        Network = Patterns.Elaborate(),
        Optimizer = new Adam(0.01f),
        Epoch = 3,
        BatchSize = 8,
        EarlyStoppingCriteria = null,
    };

    public static TheoryData<string> Kinds => [.. All.Keys];

    static readonly Dictionary<string, ImageClassificationTrainer.Options> All = new()
    {
        ["clipped"] = Plain with { GradientClipping = new(0.1f, 0.05f) },
        ["accumulated"] = Plain with { GradientAccumulation = 3 },
        ["averaged"] = Plain with { WeightAveraging = new(0.9f) },
        ["by depth"] = Plain with { DepthRates = new LayerwiseDecay(0.5f) },
        ["faster biases"] = Plain with { BiasRateFactor = 2, Optimizer = new Sgd(0.01f, 0.9f), DepthRates = new LayerwiseDecay(0.5f) },
        ["parts of passes"] = Plain with { StepsPerEpoch = 3 },
        ["unfrozen"] = Plain with { Unfreezing = new() },
        ["one cycle"] = Plain with { LearningRateScheduler = new OneCycle(Momentum: new()), GradientAccumulation = 2 },
        ["fine-tuned"] = Plain with { FineTuning = new() },
        ["all"] = Plain with
        {
            FineTuning = new(),
            GradientClipping = new(0.1f),
            GradientAccumulation = 2,
            WeightAveraging = new(0.9f),
            LabelSmoothing = 0.1f
        },
    };

    static (byte[] Onnx, List<EpochMetrics> Epochs) Train(ImageClassificationTrainer.Options options, int? stopAfterSteps = null,
        int count = 30)
    {
        using var stop = new CancellationTokenSource();
        var (ml, epochs, steps) = (new MLContext(2), new List<EpochMetrics>(), 0);
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(count)), options with
        {
            EpochCallback = epoch => epochs.Add(epoch with { Seconds = 0 }),
            CancellationToken = stop.Token,
            StepProgress = new Patterns.Told<TrainingProgress>(_ =>
            {
                if (++steps == stopAfterSteps)
                    stop.Cancel();
            }),
        });
        return (model.Onnx.ToArray(), epochs);
    }

    [Fact]
    public void Fine_tuning_is_one_call()
    {
        var ml = new MLContext(2);
        using var tuned = ml.MulticlassClassification.Trainers.ImageClassification(Plain)
            .FineTune(Patterns.View(ml, Patterns.Stripes(30)), 2);
        Assert.Equal(Train(Plain with { FineTuning = new(), Epoch = 2 }).Onnx, tuned.Onnx.ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_run_stopped_in_the_middle_goes_on_to_the_same_bits(string kind)
    {
        var kept = All[kind] with { WorkspacePath = folder.Path };
        var whole = Train(All[kind]);
        Assert.NotEqual(whole.Onnx, Train(kept, stopAfterSteps: 6).Onnx);
        var resumed = Train(kept);

        Assert.Equal(whole.Epochs, resumed.Epochs);
        Assert.Equal(whole.Onnx, resumed.Onnx);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Options_make_a_difference_and_a_checkpoint_without_them_is_refused(string kind)
    {
        var plain = Train(Plain with { WorkspacePath = folder.Path });

        Assert.NotEqual(plain.Onnx, Train(All[kind]).Onnx);
        Assert.Throws<InvalidDataException>(() => Train(All[kind] with { WorkspacePath = folder.Path }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Accumulated_batches_are_one_large_batch(int batches)
    {
        var options = Plain with
        {
            Network = Patterns.Small(),
            Optimizer = new Sgd(0.05f, 0.9f),
            ValidationSetFraction = 0,
            GradientClipping = new(1)
        };
        var whole = Train(options with { BatchSize = 16 }, count: 44);
        var parts = Train(options with { BatchSize = 16 / batches, GradientAccumulation = batches }, count: 44);

        foreach (var (expected, actual) in whole.Epochs.Zip(parts.Epochs))
            Assert.Equal(expected.Loss, actual.Loss, 1e-5);
        Assert.Equal(3, parts.Epochs.Count);
    }

    [Fact]
    public void Fine_tuning_trains_the_classifier_first_and_then_all_at_half_the_rate()
    {
        var options = Plain with { FineTuning = new(FrozenEpochs: 1), Epoch = 2 };
        var plan = TrainingPlanner.PlanOf(options.Learning, Patterns.Elaborate().Build(12, 12, 3), 100);

        Assert.Equal(3, plan.Epochs);
        Assert.Equal([2, 0, 0], Enumerable.Range(0, 3).Select(plan.FrozenAt));
        Assert.Equal([0.1, 0.316228, 1], plan.Groups.Factors.Select(factor => Math.Round(factor, 6)));
        float At(int epoch, int step) =>
            plan.PhaseOf(epoch) is var phase ? phase.Schedule.At(phase.Rate, phase.MomentOf(epoch * 100 + step, 100, [])) : 0;
        Assert.Equal(2e-3 / 25, At(0, 0), 1e-9);
        Assert.Equal(2e-3, At(0, 99), 1e-9);
        Assert.Equal(1e-3 / 5, At(1, 0), 1e-9);
        Assert.Equal(1e-3, At(1, 60), 1e-9);
        Assert.Equal((1e-3 + 1e-8) / 2, At(2, 30), 1e-9);
        Assert.InRange(At(2, 99), 1e-8, 2e-6);
        float? Momentum(TrainingPlan plan, int epoch, int step) =>
            plan.PhaseOf(epoch) is var phase ? phase.Schedule.MomentumAt(phase.MomentOf(epoch * 100 + step, 100, [])) : null;
        Assert.Equal([0.95, 0.85, 0.95, 0.85, 0.9],
            new[] { (0, 0), (0, 99), (1, 0), (1, 60), (2, 30) }.Select(at => Math.Round(Momentum(plan, at.Item1, at.Item2)!.Value, 6)));
        Assert.Null(Momentum(
            TrainingPlanner.PlanOf((options with { Optimizer = new RMSprop() }).Learning, Patterns.Elaborate().Build(12, 12, 3), 100), 0,
            0));
        Assert.Null(Momentum(TrainingPlanner.PlanOf((options with { FineTuning = new(FrozenEpochs: 1) { Momentum = null } }).Learning,
            Patterns.Elaborate().Build(12, 12, 3), 100), 0, 0));
    }

    [Fact]
    public void A_new_classifier_of_several_layers_is_trained_from_the_start()
    {
        var trained = Patterns.Small().Build(12, 12, 3).Initialize(1);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "trained.onnx");
        File.WriteAllBytes(file, MlPipelines.Graphs.Onnx.OnnxFile.Write(trained));
        var network = Network.FromOnnx(file).WithClassifier(new Dense(7, Activation.Relu), new Dense(2));
        var built = network.Build(12, 12, 3);
        var plan = TrainingPlanner.PlanOf((Plain with { FineTuning = new() }).Learning, built, 100);

        var frozen = plan.Groups.Frozen(built, plan.FrozenAt(0));
        Assert.Equal(2, plan.Groups.Count);
        Assert.Equal(4, frozen.Parameters.Count(parameter => parameter.IsTrainable));
        Assert.All(frozen.Parameters.Where(parameter => parameter.IsTrainable), parameter => Assert.Null(parameter.Initializer!.Content));
    }

    [Fact]
    public void Blocks_are_set_free_one_after_another()
    {
        var gradual = new GradualUnfreezing(2);
        Assert.Equal([3, 3, 2, 2, 1, 1, 0, 0, 0], Enumerable.Range(0, 9).Select(epoch => gradual.FrozenAt(epoch, 3)));
    }

    [Fact]
    public void Rates_fall_from_the_classifier_to_the_image()
    {
        Assert.Equal([0.421875f, 0.5625f, 0.75f, 1], Enumerable.Range(0, 4).Select(block => new LayerwiseDecay().FactorOf(block, 4)));
        Assert.Equal([0.6f, 0.6f, 0.75f, 1], Enumerable.Range(0, 4).Select(block => new LayerwiseDecay(Min: 0.6f).FactorOf(block, 4)));
        Assert.Equal([0.125, 0.25, 0.5, 1],
            Enumerable.Range(0, 4).Select(block => Math.Round(new DiscriminativeRates(8).FactorOf(block, 4), 6)));
        Assert.Equal(1, new DiscriminativeRates().FactorOf(0, 1));
    }

    [Fact]
    public void A_momentum_that_there_is_not_cannot_be_moved() =>
    Assert.StartsWith("LearningRateScheduler: got OneCycle with a MomentumCycle beside RMSprop {",
        Assert.Throws<ArgumentException>(() =>
            Train(Plain with { Optimizer = new RMSprop(), LearningRateScheduler = new OneCycle(Momentum: new()) })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_momentum_falls_and_does_not_rise() =>
        Assert.StartsWith("Min: got 0.9, needs a value from 0 to 0.5.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new MomentumCycle(0.5f, 0.9f)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_fine_tuning_sets_itself_is_refused_beside_it()
    {
        Assert.Contains("DepthRates", Assert.Throws<ArgumentException>(() => Train(All["by depth"] with { FineTuning = new() })).Message,
            StringComparison.Ordinal);
        Assert.Contains("Unfreezing", Assert.Throws<ArgumentException>(() => Train(All["unfrozen"] with { FineTuning = new() })).Message,
            StringComparison.Ordinal);
        Assert.Contains("LearningRateScheduler",
            Assert.Throws<ArgumentException>(() =>
                Train(Plain with { FineTuning = new(), LearningRateScheduler = new OneCycle() })).Message, StringComparison.Ordinal);
        Assert.Contains("no weights",
            Assert.Throws<MlPipelines.Graphs.GraphException>(() =>
                Train(Plain with { FineTuning = new(), Network = new Sequential(new Flatten(), new Dense(2)) })).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Fine_tuning_learns_with_mixed_pictures_smoothed_targets_and_everything_else()
    {
        var (ml, accuracy) = (new MLContext(2), 0.0);
        var data = Patterns.View(ml, Patterns.Stripes(120));
        var pipeline = ml.Transforms.AugmentImages("Image", new MixUp(0.2f))
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(All["all"] with
            {
                Network = Patterns.Small(),
                Epoch = 8,
                LearningRate = 0.02f,
                GradientClipping = new(1),
                FineTuning = new(Span: 10),
                EpochCallback = epoch => accuracy = epoch.ValidationAccuracy!.Value,
            }));
        pipeline.Fit(data);

        Assert.InRange(accuracy, 0.9, 1);
    }
}
