
namespace MlPipelines.Tests.Training;

[Trait("Category", "Runtime")]
public sealed class DeterminismTests
{
    static byte[] Train(int seed, int workers, Func<ImageClassificationTrainer.Options, ImageClassificationTrainer.Options>? change = null)
    {
        var ml = new MLContext(seed);
        ImageClassificationTrainer.Options options = new()
        {
            Network = Patterns.Elaborate(),
            Epoch = 3,
            BatchSize = 8,
            Workers = workers,
            EarlyStoppingCriteria = null,
        };
        var model = ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f), new RandomErasing())
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(change?.Invoke(options) ?? options))
            .Fit(Patterns.View(ml, Patterns.Stripes(30)));
        using (model)
            return model.LastTransformer.Onnx.ToArray();
    }

    [Fact]
    public void Equal_seeds_give_equal_models_whatever_the_number_of_workers()
    {
        var one = Train(3, 1);
        Assert.Equal(one, Train(3, 2));
        Assert.Equal(one, Train(3, 7));
    }

    [Fact]
    public void Another_seed_gives_another_model()
    {
        var one = Train(3, 2);
        Assert.NotEqual(one, Train(4, 2));
        Assert.NotEqual(one, Train(3, 2, options => options with { Seed = 4 }));
    }

    [Fact]
    public void One_trainer_fits_again_and_in_parallel_to_the_same_model()
    {
        var ml = new MLContext(5);
        var view = Patterns.View(ml, Patterns.Stripes(20));
        var trainer =
            ml.MulticlassClassification.Trainers.ImageClassification(new() { Network = Patterns.Elaborate(), Epoch = 2, BatchSize = 8 });
        byte[] Fit()
        {
            using var model = trainer.Fit(view);
            return model.Onnx.ToArray();
        }
        var first = Fit();
        Assert.All(Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ => Fit()).ToArray(),
            again => Assert.Equal(first, again));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Cancelling_ends_within_one_step_and_leaves_a_usable_model(int after)
    {
        using var stop = new CancellationTokenSource();
        var ml = new MLContext(1);
        var view = Patterns.View(ml, Patterns.Stripes(40));
        var steps = 0;
        using var model = Patterns.Fit(ml, view, new()
        {
            Network = Patterns.Elaborate(),
            Epoch = 100,
            BatchSize = 8,
            ValidationSetFraction = 0,
            CancellationToken = stop.Token,
            StepProgress = new Patterns.Told<TrainingProgress>(_ =>
            {
                if (++steps == after)
                    stop.Cancel();
            }),
        });

        Assert.Equal(after, steps);
        var scores = model.Transform(view).GetColumn<float[]>("Score").ToArray();
        Assert.Equal(40, scores.Length);
        Assert.All(scores, score => Assert.Equal(1, score.Sum(), 1e-5f));
    }

    [Fact]
    public void Cancelled_before_anything_was_learnt_there_is_no_model()
    {
        var ml = new MLContext(1);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(4)),
                new() { Network = Patterns.Small(), CancellationToken = new(canceled: true) }));

        using var stop = new CancellationTokenSource();
        var pictures = Patterns.Stripes(40);
        var view = Patterns.Lazily(pictures.Length, row =>
        {
            if (row == 9)
                stop.Cancel();
            return pictures[row].Image!;
        }, row => pictures[row].Label);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Patterns.Fit(ml, view,
                new() { Network = Patterns.Small(), BatchSize = 40, ValidationSetFraction = 0, CancellationToken = stop.Token }));
    }

    [Fact]
    public void Cancelling_ends_the_validation_too()
    {
        using var stop = new CancellationTokenSource();
        var ml = new MLContext(1);
        var read = 0;
        var pictures = Patterns.Stripes(200, seed: 8);
        var watched = Patterns.Lazily(pictures.Length, row =>
        {
            if (Interlocked.Increment(ref read) == 10)
                stop.Cancel();
            return pictures[row].Image!;
        }, row => pictures[row].Label);
        var epochs = new List<EpochMetrics>();
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(8)), new()
        {
            Network = Patterns.Small(),
            Epoch = 9,
            BatchSize = 4,
            Workers = 1,
            ValidationSet = watched,
            CancellationToken = stop.Token,
            EpochCallback = epochs.Add,
        });
        Assert.Empty(epochs);
        Assert.InRange(read, 10, 100);
    }

    [Fact]
    public void Every_epoch_is_told_to_callback_and_progress_and_every_step_to_its_own()
    {
        var (told, reported, steps) = (new List<EpochMetrics>(), new List<EpochMetrics>(), new List<TrainingProgress>());
        Train(1, 2, options => options with
        {
            EpochCallback = told.Add,
            Progress = new Patterns.Told<EpochMetrics>(reported.Add),
            StepProgress = new Patterns.Told<TrainingProgress>(steps.Add),
        });

        Assert.Equal([1, 2, 3], told.Select(epoch => epoch.Epoch));
        Assert.Equal(told, reported);
        Assert.All(told,
            epoch => Assert.True(epoch is
            {
                ValidationLoss: > 0, ValidationAccuracy: >= 0 and <= 1, Loss: > 0, Accuracy: >= 0 and <= 1,
                LearningRate: 0.001f, Samples: 26, Seconds: > 0
            }, epoch.ToString()));
        Assert.Equal([8, 16, 24, 26, 8, 16, 24, 26, 8, 16, 24, 26], steps.Select(step => step.Samples));
        Assert.All(steps, step => Assert.Equal((3, 26L), (step.Epochs, step.SamplesPerEpoch)));
        Assert.Equal(told.Select(epoch => epoch.Loss), steps.Where(step => step.Samples == 26).Select(step => step.Loss));
    }

    sealed record Alternating : LearningRateSchedule
    {
        public List<(long Step, int Epoch, int Over)> Asked { get; } = [];

        public override float At(float learningRate, in TrainingMoment moment)
        {
            Asked.Add((moment.Step, moment.Epoch, moment.History.Count));
            return moment.Epoch == 1 ? 0 : learningRate / (1 + moment.Epoch);
        }
    }

    [Fact]
    public void A_schedule_of_ones_own_decides_the_rate_of_every_step()
    {
        var (schedule, epochs) = (new Alternating(), new List<EpochMetrics>());
        Train(1, 1, options => options with { LearningRateScheduler = schedule, LearningRate = 0.03f, EpochCallback = epochs.Add });

        Assert.Equal([0.03f, 0, 0.01f], epochs.Select(epoch => epoch.LearningRate));
        Assert.Equal(Enumerable.Range(0, 12).Select(step => ((long)step, step / 4, step / 4)), schedule.Asked);
    }

    [Fact]
    public void Steps_of_a_schedule_count_skipped_images_so_that_epochs_stay_whole()
    {
        var ml = new MLContext(1);
        var pictures = Patterns.Stripes(16);
        var view = Patterns.Lazily(16, row => row < 8 ? throw new InvalidDataException($"row {row} is broken") : pictures[row].Image!,
            row => pictures[row].Label);
        var schedule = new Alternating();
        using var model = Patterns.Fit(ml, view,
            new() { Network = Patterns.Small(), Epoch = 2, BatchSize = 4, ValidationSetFraction = 0, LearningRateScheduler = schedule });
        Assert.Equal([(0, 0), (1, 0), (4, 1), (5, 1)], schedule.Asked.Select(moment => (moment.Step, moment.Epoch)));
    }

    [Fact]
    public void The_learning_rate_counts()
    {
        byte[] Rate(float? rate, int epochs = 1) =>
            Train(1, 2, options => options with { Network = Patterns.Small(), LearningRate = rate, Epoch = epochs });
        Assert.Equal(Rate(0), Rate(0, 2));
        Assert.NotEqual(Rate(0), Rate(0.001f));
        Assert.NotEqual(Rate(0.01f), Rate(0.001f));
        Assert.Equal(Rate(null), Rate(0.001f));
    }
}
