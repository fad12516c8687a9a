using System.Globalization;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Training;

[Trait("Category", "Runtime")]
public sealed class CheckpointTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string StateFile => Path.Combine(folder.Path, "checkpoint", "state.bin");

    sealed record Unlearning(int From) : LearningRateSchedule
    {
        public override float At(float learningRate, in TrainingMoment moment) => moment.Epoch < From ? learningRate : -0.05f;
    }

    sealed record Trained(byte[] Onnx, List<EpochMetrics> Epochs);

    Trained Train(bool keep, int? stopAfterSteps = null,
        Func<ImageClassificationTrainer.Options, ImageClassificationTrainer.Options>? change = null, Action<string>? warn = null)
    {
        using var stop = new CancellationTokenSource();
        var (ml, epochs, steps) = (Patterns.Warned(warn ?? (_ => { })), new List<EpochMetrics>(), 0);
        ImageClassificationTrainer.Options options = new()
        {
            Network = Patterns.Elaborate(),
            Optimizer = new Adam(0.01f),
            Epoch = 4,
            BatchSize = 8,
            EpochCallback = epochs.Add,
            CancellationToken = stop.Token,
            WorkspacePath = keep ? folder.Path : null,
            EarlyStoppingCriteria = null,
            StepProgress = new Patterns.Told<TrainingProgress>(_ =>
            {
                if (++steps == stopAfterSteps)
                    stop.Cancel();
            }),
        };
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(30)), change?.Invoke(options) ?? options);
        return new(model.Onnx.ToArray(), epochs);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(9)]
    public void A_run_stopped_in_the_middle_goes_on_to_the_same_bits(int steps)
    {
        var whole = Train(keep: false);
        var stopped = Train(keep: true, stopAfterSteps: steps);
        var resumed = Train(keep: true);

        Assert.NotEqual(whole.Onnx, stopped.Onnx);
        Assert.Equal(whole.Onnx, resumed.Onnx);
        Assert.Equal(whole.Epochs.Select(epoch => epoch with { Seconds = 0 }), resumed.Epochs.Select(epoch => epoch with { Seconds = 0 }));
        Assert.Equal(stopped.Epochs, resumed.Epochs[..stopped.Epochs.Count]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_run_stopped_again_and_again_goes_on_to_the_same_bits(int seed)
    {
        static ImageClassificationTrainer.Options Everything(ImageClassificationTrainer.Options options) => options with
        {
            GradientAccumulation = 3,
            WeightAveraging = new(0.9f),
            EarlyStoppingCriteria = new(metric: ImageClassificationTrainer.EarlyStoppingMetric.Loss),
            Sampling = BatchSampling.ClassBalanced,
        };
        var (whole, dice, stops) = (Train(keep: false, change: Everything), Dice.For(seed), 0);
        Trained resumed;
        do
            resumed = Train(keep: true, stopAfterSteps: 1 + dice.Below(4), Everything);
        while (resumed.Epochs.Count < whole.Epochs.Count && ++stops < 20);

        Assert.InRange(stops, 2, 19);
        Assert.Equal(whole.Onnx, Train(keep: true, change: Everything).Onnx);
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(3, 4)]
    [InlineData(null, 4)]
    public void A_run_that_failed_learns_again_only_what_came_after_the_last_checkpoint(int? every, int kept)
    {
        var steps = 0;
        ImageClassificationTrainer.Options Failing(ImageClassificationTrainer.Options options, int at) => options with
        {
            CheckpointSteps = every,
            StepProgress = new Patterns.Told<TrainingProgress>(_ =>
            {
                if (++steps == at)
                    throw new TimeoutException();
            }),
        };
        var whole = Train(keep: false, change: options => Failing(options, 0));
        // Four steps an epoch.
        var all = steps;
        steps = 0;
        Assert.Throws<TimeoutException>(() => Train(keep: true, change: options => Failing(options, 6)));
        steps = 0;
        Assert.Equal(whole.Onnx, Train(keep: true, change: options => Failing(options, 0)).Onnx);
        Assert.Equal((16, 16 - kept), (all, steps));
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_is_a_warning_and_the_one_before_stays()
    {
        var (whole, warnings) = (Train(keep: false), new List<string>());
        byte[]? before = null;
        var trained = Train(keep: true, change: options => options with
        {
            StepProgress = new Patterns.Told<TrainingProgress>(step =>
            {
                // A folder of that name cannot be replaced by a file, as a full disk cannot take one.
                if (step is { Epoch: 2, Samples: 8 })
                {
                    before = File.ReadAllBytes(StateFile);
                    File.Move(StateFile, StateFile + ".kept");
                    Directory.CreateDirectory(Path.Combine(StateFile, "in the way"));
                }
            }),
        }, warn: warnings.Add);

        Assert.Equal(whole.Onnx, trained.Onnx);
        Assert.Equal(3, warnings.Count(warning => warning.StartsWith($"{StateFile}: cannot be written: ", StringComparison.Ordinal)
            && warning.Contains("Training goes on without this checkpoint", StringComparison.Ordinal)));
        Directory.Delete(StateFile, recursive: true);
        File.Move(StateFile + ".kept", StateFile);
        Assert.Equal(before, File.ReadAllBytes(StateFile));
        Assert.Equal(whole.Onnx, Train(keep: true).Onnx);
    }

    [Fact]
    public void A_second_training_in_the_same_folder_is_refused_while_the_first_is_at_work()
    {
        Exception? refused = null;
        Train(keep: true, change: options => options with
        {
            StepProgress = new Patterns.Told<TrainingProgress>(_ => refused ??= Record.Exception(() => Train(keep: true))),
        });
        Assert.Equal($"{Path.GetDirectoryName(StateFile)}: another run is at work in it. Wait for its end or stop it, or choose another "
            + "folder.", Assert.IsType<IOException>(refused).Message);
        Train(keep: true);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_before_anything_is_learnt()
    {
        File.WriteAllText(Path.Combine(folder.Path, "checkpoint"), "a file");
        var steps = 0;
        var error = Assert.Throws<IOException>(() => Train(keep: true, change: options => options with
        {
            StepProgress = new Patterns.Told<TrainingProgress>(_ => steps++),
        }));
        Assert.StartsWith($"{Path.GetDirectoryName(StateFile)}: cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, steps);
    }

    [Fact]
    public void What_a_killed_process_left_is_taken_away_and_locks_nothing()
    {
        Train(keep: true, stopAfterSteps: 5);
        var checkpoint = Path.GetDirectoryName(StateFile)!;
        File.WriteAllText(Path.Combine(checkpoint, $".{Guid.NewGuid():N}.part"), "half of a checkp");
        File.WriteAllText(Path.Combine(checkpoint, ".in-use"), "");
        File.WriteAllText(Path.Combine(checkpoint, "mine.part"), "somebody's");
        Train(keep: true);
        Assert.Equal(["mine.part", "state.bin"], Directory.GetFiles(checkpoint).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_checkpoint_that_takes_long_is_not_due_again_until_it_is_a_small_share_of_the_time()
    {
        static Checkpoint Slow()
        {
            Thread.Sleep(250);
            return new(new(1, [], default), [], [], null, null, null);
        }
        CheckpointFolder dear = new(folder.Path, "run", null) { EverySeconds = 1e-9, FollowsCost = true },
            asked = new(folder.Path, "run", null) { EverySeconds = 1e-9 },
            counted = new(folder.Path, "run", null) { EverySteps = 1, FollowsCost = true };
        Assert.Equal((false, true), (dear.IsDear, dear.IsDue(2)));
        foreach (var checkpoints in new[] { dear, asked, counted })
            checkpoints.Save(Slow);
        Assert.Equal((true, false, false), (dear.IsDear, asked.IsDear, dear.IsDue(2)));
        Assert.True(asked.IsDue(2) && counted.IsDue(2));
        dear.Save(() => new(new(1, [], default), [], [], null, null, null));
        Assert.False(dear.IsDear);
    }

    [Fact]
    public void Balanced_batches_go_on_where_they_stopped()
    {
        static ImageClassificationTrainer.Options Balanced(ImageClassificationTrainer.Options options) =>
            options with { Sampling = BatchSampling.ClassBalanced };
        var whole = Train(keep: false, change: Balanced);
        Train(keep: true, stopAfterSteps: 9, Balanced);
        Assert.Equal(whole.Onnx, Train(keep: true, change: Balanced).Onnx);
    }

    [Fact]
    public void A_run_that_failed_goes_on_in_another_culture()
    {
        var whole = Train(keep: false);
        Assert.Throws<TimeoutException>(() => Train(keep: true, change: options => options with
        {
            StepProgress = new Patterns.Told<TrainingProgress>(step =>
            {
                if (step is { Epoch: 3, Samples: > 10 })
                    throw new TimeoutException();
            }),
        }));
        var culture = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.Equal(whole.Onnx, Train(keep: true).Onnx);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void The_best_epoch_before_the_stop_is_not_forgotten()
    {
        ImageClassificationTrainer.Options Worse(ImageClassificationTrainer.Options options) => options with
        {
            LearningRateScheduler = new Unlearning(2),
            EarlyStoppingCriteria = new(metric: ImageClassificationTrainer.EarlyStoppingMetric.Loss),
        };
        var whole = Train(keep: false, change: Worse);
        Train(keep: true, stopAfterSteps: 10, Worse);
        var resumed = Train(keep: true, change: Worse);

        Assert.InRange(whole.Epochs.MinBy(epoch => epoch.ValidationLoss)!.Epoch, 1, 2);
        Assert.Equal(whole.Onnx, resumed.Onnx);
    }

    [Fact]
    public void A_finished_run_started_again_learns_nothing_more()
    {
        var whole = Train(keep: true);
        var steps = 0;
        var again = Train(keep: true, change: options => options with { StepProgress = new Patterns.Told<TrainingProgress>(_ => steps++) });
        Assert.Equal((0, 4), (steps, again.Epochs.Count));
        Assert.Equal(whole.Onnx, again.Onnx);
    }

    [Fact]
    public void No_part_of_a_file_is_left_beside_the_checkpoint()
    {
        Train(keep: true);
        Assert.Equal([StateFile], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    public static TheoryData<string, Func<ImageClassificationTrainer.Options, ImageClassificationTrainer.Options>> OtherRuns => new()
    {
        { "seed", options => options with { Seed = 77 } },
        { "optimizer", options => options with { Optimizer = new Adam(0.02f) } },
        { "learning rate", options => options with { LearningRate = 0.3f } },
        { "schedule", options => options with { LearningRateScheduler = new OneCycle() } },
        { "batch", options => options with { BatchSize = 7 } },
        { "epochs", options => options with { Epoch = 5 } },
        { "smoothing", options => options with { LabelSmoothing = 0.1f } },
        { "weights", options => options with { ClassWeights = [1, 2] } },
        { "weighting", options => options with { ClassWeighting = ClassWeighting.Balanced } },
        { "sampling", options => options with { Sampling = BatchSampling.ClassBalanced } },
        { "network", options => options with { Network = Patterns.Small() } },
        { "a number of a layer",
            options => options with
                { Network = new Sequential(
                    [.. Patterns.Elaborate().Layers.Select(layer => layer is Dropout ? new Dropout(0.5f) : layer)]) } },
        { "a constant of the network",
            options => options with
                { Network = new Sequential(
                    [.. Patterns.Elaborate().Layers.Select(layer => layer is Rescaling ? new Rescaling(1 / 255f, -1) : layer)]) } },
        { "size", options => options with { ImageHeight = 14, ImageWidth = 14 } },
        { "data", options => options with { ValidationSetFraction = 0.2f } },
    };

    [Theory, MemberData(nameof(OtherRuns), DisableDiscoveryEnumeration = true)]
    public void The_checkpoint_of_another_run_is_refused(string what,
        Func<ImageClassificationTrainer.Options, ImageClassificationTrainer.Options> change)
    {
        Train(keep: true, stopAfterSteps: 5);
        var error = Assert.Throws<InvalidDataException>(() => Train(keep: true, change: change));
        Assert.True(error.Message
            == $"{StateFile}: is the checkpoint of another training (its network, data or options differ). Delete it, or choose another "
            + "folder.", $"{what}: {error.Message}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_with_other_weights_or_frozen_further_is_another_run(bool frozen)
    {
        Network Drawn(int seed)
        {
            var path = Path.Combine(folder.Path, $"{seed}.onnx");
            OnnxFile.Save(new Sequential([new Input(Patterns.Size, Patterns.Size, 3), .. Patterns.Elaborate().Layers]).Build()
                .Initialize(seed), path);
            return Network.FromOnnx(path);
        }
        Train(keep: true, change: options => options with { Network = Drawn(3) });
        Train(keep: true, change: options => options with { Network = Drawn(3) });
        var error = Assert.Throws<InvalidDataException>(() =>
            Train(keep: true, change: options => options with { Network = frozen ? Drawn(3).Freeze("conv2d") : Drawn(4) }));
        Assert.StartsWith($"{StateFile}: is the checkpoint of another training", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checkpoint_of_a_head_on_a_backbone_of_the_same_shape_and_other_weights_is_refused()
    {
        ImageClassificationTrainer.Options On(ImageClassificationTrainer.Options options, int seed)
        {
            var path = Path.Combine(folder.Path, $"{seed}.onnx");
            OnnxFile.Save(Patterns.Small().Build(12, 12, 3).Initialize(seed), path);
            return options with { Network = Network.FromOnnx(path), Head = new MultilayerPerceptron() };
        }
        Train(keep: true, change: options => On(options, 1));
        Assert.Throws<InvalidDataException>(() => Train(keep: true, change: options => On(options, 2)));
        Assert.Equal(4, Train(keep: true, change: options => On(options, 1)).Epochs.Count);
    }

    [Fact]
    public void A_damaged_checkpoint_is_named()
    {
        Train(keep: true, stopAfterSteps: 5);
        var whole = File.ReadAllBytes(StateFile);
        foreach (var damaged in new[]
        {
            [],
            whole[..(whole.Length / 2)],
            "no checkpoint"u8.ToArray(),
            whole[..^1],
            [.. whole[..30], 0xFF, .. whole[31..]],
            [.. whole.Reverse()],
            OnnxFile.Write(new Graph([], ("x", Value.Constant(MlPipelines.Tensors.Tensor.Scalar(1f))))),
        })
        {
            File.WriteAllBytes(StateFile, damaged);
            var error = Assert.Throws<InvalidDataException>(() => Train(keep: true));
            Assert.StartsWith($"{StateFile}: is no checkpoint", error.Message, StringComparison.Ordinal);
            Assert.Contains("Delete it, or choose another folder.", error.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, File.ReadAllBytes(StateFile));
        }
    }
}
