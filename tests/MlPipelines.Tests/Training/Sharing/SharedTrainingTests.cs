using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Training;

/// <summary>A training that is divided over processes is that of one.</summary>
[Trait("Category", "Runtime")]
public sealed class SharedTrainingTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    sealed record Trained(byte[] Onnx, List<EpochMetrics> Epochs, List<string> Warnings);

    static readonly Func<ImageClassificationTrainer.Options, ImageClassificationTrainer.Options> same = options => options;

    // Without a normalisation, whose statistics are those of a process's own samples.
    static Sequential WithDropout() => new(
        new Rescaling(1 / 127.5f, -1), new Conv2D(6, 3, Padding.Same, Activation.Relu), new MaxPooling2D(2), new Dropout(0.25f),
        new Conv2D(8, 3, Padding.Same, Activation.Relu), new Flatten(), new Dropout(0.2f), new Dense(2, Activation.Softmax));

    static Trained Train(ICommunicator? ranks, Func<ImageClassificationTrainer.Options, ImageClassificationTrainer.Options> change,
        IDataView? data = null)
    {
        var (epochs, warnings) = (new List<EpochMetrics>(), new List<string>());
        var ml = Patterns.Warned(warnings.Add, seed: 3);
        using var model = Patterns.Fit(ml, data ?? Patterns.View(ml, Patterns.Stripes(45)), change(new()
        {
            Network = WithDropout(),
            Optimizer = new Adam(0.005f),
            Epoch = 10,
            BatchSize = 8,
            ValidationSetFraction = 0.2f,
            EpochCallback = epochs.Add,
            EarlyStoppingCriteria = null,
            Communicator = ranks,
        }));
        return new(model.Onnx.ToArray(), epochs, warnings);
    }

    static void Close(List<EpochMetrics> expected, List<EpochMetrics> actual, double relative = 1e-4)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.InRange(other.Loss / one.Loss, 1 - relative, 1 + relative);
            Assert.Equal((one.Samples, one.LearningRate, one.Accuracy), (other.Samples, other.LearningRate, other.Accuracy));
            Assert.Equal(one.ValidationAccuracy, other.ValidationAccuracy);
            if (one.ValidationLoss is { } loss)
                Assert.InRange(other.ValidationLoss!.Value / loss, 1 - relative, 1 + relative);
        }
    }

    // 36 to learn from in batches of 8: five steps an epoch, the last of 4, fifty in all.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Losses_are_those_of_one_process_and_every_rank_has_the_same_bits(int size)
    {
        var alone = Train(null, same);
        var all = ThreadRanks.All(size, ranks => Train(ranks, same));

        Close(alone.Epochs, all[0].Epochs);
        Assert.All(all, one => Assert.Equal(all[0].Onnx, one.Onnx));
        // Only the first is told of epochs.
        Assert.All(all[1..], one => Assert.Empty(one.Epochs));
        Assert.Equal(all[0].Onnx, ThreadRanks.All(size, ranks => Train(ranks, same))[0].Onnx);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Batches_that_are_mixed_are_mixed_whole(int size)
    {
        static IDataView Mixed()
        {
            var ml = new MLContext(3);
            var view = Patterns.View(ml, Patterns.Stripes(45));
            return ml.Transforms.AugmentImages("Image", new RandomFlip(), new MixUp(0.4f)).Fit(view).TransformForTraining(view);
        }
        var alone = Train(null, same, Mixed());
        Close(alone.Epochs, ThreadRanks.All(size, ranks => Train(ranks, same, Mixed()))[0].Epochs);
    }

    [Fact]
    public void Accumulated_clipped_averaged_and_weighted_updates_are_those_of_one_process()
    {
        static ImageClassificationTrainer.Options Everything(ImageClassificationTrainer.Options options) => options with
        {
            GradientAccumulation = 2,
            GradientClipping = new() { Norm = 0.5f },
            WeightAveraging = new(0.9f),
            Sampling = BatchSampling.ClassBalanced,
            LabelSmoothing = 0.1f,
            // Fewer samples in a batch than ranks.
            BatchSize = 3,
        };
        var alone = Train(null, Everything);
        var all = ThreadRanks.All(4, ranks => Train(ranks, Everything));
        Close(alone.Epochs, all[0].Epochs);
        Assert.All(all, one => Assert.Equal(all[0].Onnx, one.Onnx));
    }

    // Batches of 3 among 4 processes leave one without samples, which has to take part in the exchange all the same.
    [Theory]
    [InlineData(2, 8)]
    [InlineData(3, 8)]
    [InlineData(4, 3)]
    public void Synchronised_normalisations_learn_as_one_process_does(int size, int batch)
    {
        ImageClassificationTrainer.Options Normalized(ImageClassificationTrainer.Options options) => options with
        {
            Network = Patterns.Elaborate(),
            Optimizer = new Sgd(0.02f, 0.9f),
            BatchSize = batch,
            SynchronizedNormalization = true,
            GradientAccumulation = 2,
        };
        var alone = Train(null, Normalized);
        var all = ThreadRanks.All(size, ranks => Train(ranks, Normalized));
        Close(alone.Epochs, all[0].Epochs);
        Assert.All(all, one => Assert.Equal(all[0].Onnx, one.Onnx));
        foreach (var (one, other) in WeightsOf(alone).Zip(WeightsOf(all[0])))
            Assert.InRange(other, one - 1e-3f, one + 1e-3f);
        // Statistics of a process's own share come to something else.
        var apart = ThreadRanks.All(size, ranks => Train(ranks, options => Normalized(options) with { SynchronizedNormalization = false }));
        Assert.True(Math.Abs(apart[0].Epochs[^1].Loss / alone.Epochs[^1].Loss - 1) > 1e-3);
    }

    [Fact]
    public void A_rank_that_is_lost_while_statistics_travel_is_named()
    {
        var all = ThreadRanks.Run(3, ranks => Train(ranks.Rank == 1 ? new Failing(ranks, calls: 40) : ranks,
            options => options with { Network = Patterns.Elaborate(), SynchronizedNormalization = true }));
        Assert.Equal("the cable is out", Assert.IsType<InvalidOperationException>(all[1].Failure).Message);
        Assert.Contains("the cable is out", Assert.IsType<CommunicationException>(all[0].Failure).Message, StringComparison.Ordinal);
        Assert.IsType<CommunicationException>(all[2].Failure);
    }

    /// <summary>Gathers so often, and no more.</summary>
    sealed class Failing(ICommunicator inner, int calls) : ICommunicator
    {
        int made;

        public int Rank => inner.Rank;
        public int Size => inner.Size;
        public int Cores => inner.Cores;
        public void AllReduce(Span<float> numbers) => inner.AllReduce(numbers);
        public void Abandon(string reason) => inner.Abandon(reason);
        public IReadOnlyList<byte[]> AllGather(ReadOnlySpan<byte> bytes) =>
            ++made > calls ? throw new InvalidOperationException("the cable is out") : inner.AllGather(bytes);
    }

    [Fact]
    public void Statistics_of_normalisations_are_shared()
    {
        static ImageClassificationTrainer.Options Normalized(ImageClassificationTrainer.Options options) =>
            options with { Network = Patterns.Elaborate(), Optimizer = new Adam(0.01f) };
        var all = ThreadRanks.All(3, ranks => Train(ranks, Normalized));
        Assert.All(all, one => Assert.Equal(all[0].Onnx, one.Onnx));
        Assert.InRange(all[0].Epochs[^1].Loss, 0, 0.7 * all[0].Epochs[0].Loss);
    }

    [Fact]
    public void A_head_is_learnt_from_features_that_the_ranks_have_computed_in_parts()
    {
        static ImageClassificationTrainer.Options Head(ImageClassificationTrainer.Options options) => options with
        {
            Network = new Sequential(new Input(Patterns.Size, Patterns.Size, 3), new Rescaling(1 / 127.5f),
                new Conv2D(8, 3, Padding.Same, Activation.Relu),
                new GlobalAveragePooling2D()).Freeze(),
            Head = new LinearHead(),
        };
        var alone = Train(null, Head);
        var all = ThreadRanks.All(3, ranks => Train(ranks, Head));
        Assert.All(all, one => Assert.Equal(all[0].Onnx, one.Onnx));
        Assert.Equal(WeightsOf(alone), WeightsOf(all[0]));
        Assert.Equal(alone.Epochs.Select(epoch => epoch with { Seconds = 0 }), all[0].Epochs.Select(epoch => epoch with { Seconds = 0 }));
    }

    static IEnumerable<float> WeightsOf(Trained trained) => OnnxFile.Read(trained.Onnx).Graph.Parameters
        .SelectMany(parameter => parameter.Initializer!.Content!.Elements<float>().ToArray());

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 2)]
    public void A_run_that_some_ranks_have_begun_is_ended_by_others(int first, int then)
    {
        ImageClassificationTrainer.Options Kept(ImageClassificationTrainer.Options options) =>
            options with { WorkspacePath = folder.Path, GradientAccumulation = 2 };
        Trained Stopped(ICommunicator? ranks)
        {
            using var stop = new CancellationTokenSource();
            var steps = 0;
            return Train(ranks, options => Kept(options) with
            {
                CancellationToken = stop.Token,
                StepProgress = new Patterns.Told<TrainingProgress>(_ =>
                {
                    if (++steps == 13)
                        stop.Cancel();
                }),
            });
        }
        var stopped = first == 1 ? Stopped(null) : ThreadRanks.All(first, Stopped)[0];
        var resumed = then == 1 ? Train(null, Kept) : ThreadRanks.All(then, ranks => Train(ranks, Kept))[0];

        Assert.InRange(stopped.Epochs.Count, 1, 3);
        Close(Train(null, options => options with { GradientAccumulation = 2 }).Epochs, resumed.Epochs);
        if (first == then)
            Assert.Equal(ThreadRanks.All(first, ranks => Train(ranks, options => options with { GradientAccumulation = 2 }))[0].Onnx,
                resumed.Onnx);
    }

    [Fact]
    public void A_stop_that_one_rank_is_asked_for_stops_all_at_one_step()
    {
        using var stop = new CancellationTokenSource();
        stop.CancelAfter(TimeSpan.FromMilliseconds(400));
        var all = ThreadRanks.All(3, ranks => Train(ranks,
            options => options with { Epoch = 100_000, CancellationToken = ranks.Rank == 2 ? stop.Token : default }));
        Assert.All(all, one => Assert.Equal(all[0].Onnx, one.Onnx));
    }

    [Fact]
    public void A_rank_that_finds_other_data_is_named()
    {
        var all = ThreadRanks.Run(3, ranks =>
            Train(ranks, same, Patterns.View(new(), Patterns.Stripes(ranks.Rank == 1 ? 44 : 45))));
        Assert.All(all, one => Assert.Contains("rank 1 in its number of images", Assert.IsType<CommunicationException>(one.Failure).Message,
            StringComparison.Ordinal));
        var options = ThreadRanks.Run(2, ranks => Train(ranks, options => options with { BatchSize = 8 + ranks.Rank }));
        Assert.Contains("rank 1 in its options", options[0].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_that_fails_ends_the_others()
    {
        var all = ThreadRanks.Run(3, ranks => Train(ranks, same,
            ranks.Rank == 2 ? Patterns.View(9, _ => throw new InvalidDataException("is gone"), row => $"{row % 2}") : null));
        Assert.IsType<InvalidDataException>(all[2].Failure);
        Assert.Contains("rank 2 gave up: Training: none of", Assert.IsType<CommunicationException>(all[0].Failure).Message,
            StringComparison.Ordinal);
        Assert.IsType<CommunicationException>(all[1].Failure);
    }

    [Fact]
    public void What_other_ranks_cannot_read_is_told_by_the_first_with_their_rank()
    {
        var pictures = Patterns.Stripes(45);
        IDataView Broken() => Patterns.Lazily(45, row => row is 7 or 23 or 31 ? throw new InvalidDataException("is damaged")
            : pictures[row].Image!, row => pictures[row].Label);
        var skipped = new List<SkippedRow>();
        var all = ThreadRanks.All(3, ranks => Train(ranks,
            options => options with { ValidationSetFraction = 0, Skipped = ranks.Rank == 0 ? skipped.Add : _ => Assert.Fail("told") },
            Broken()));
        Assert.Equal(3, skipped.DistinctBy(row => row.Path).Count());
        Assert.Contains(all[0].Warnings, warning => warning.StartsWith("rank ", StringComparison.Ordinal)
            && warning.Contains("is damaged", StringComparison.Ordinal));
        Assert.All(all[1..], one => Assert.Empty(one.Warnings));
        Assert.All(all, one => Assert.Equal(all[0].Onnx, one.Onnx));
        Assert.All(all[0].Epochs, epoch => Assert.Equal(42, epoch.Samples));
    }
}
