using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines.Tests.Training;

public sealed class EarlyStoppingTests
{
    static EpochMetrics[] Accuracies(params double[] values) =>
        [.. values.Select((value, i) => Tests.Epochs.Of(i + 1, 1, 0.5, 1, value))];

    static EpochMetrics[] Losses(params double[] values) =>
        [.. values.Select((value, i) => Tests.Epochs.Of(i + 1, 1, 0.5, value, 0.5))];

    [Fact]
    public void Nothing_stops_before_the_first_epoch() =>
    Assert.Equal((false, 0), (new EarlyStopping().ShouldStop([]), new EarlyStopping().Best([])));

    [Fact]
    public void It_waits_for_patience_epochs_after_the_best()
    {
        var stopping = new EarlyStopping(patience: 2);
        Assert.False(stopping.ShouldStop(Accuracies(0.5, 0.7, 0.6)));
        Assert.True(stopping.ShouldStop(Accuracies(0.5, 0.7, 0.6, 0.7)));
        Assert.False(stopping.ShouldStop(Accuracies(0.5, 0.7, 0.6, 0.71)));
    }

    [Fact]
    public void Of_equal_epochs_the_first_is_best() => Assert.Equal(2, new EarlyStopping().Best(Accuracies(0.5, 0.7, 0.7, 0.6)));

    [Fact]
    public void A_change_within_min_delta_is_none()
    {
        var stopping = new EarlyStopping(minDelta: 0.1f, patience: 2);
        Assert.Equal(1, stopping.Best(Accuracies(0.5, 0.55, 0.59)));
        Assert.True(stopping.ShouldStop(Accuracies(0.5, 0.55, 0.59)));
        Assert.Equal(4, stopping.Best(Accuracies(0.5, 0.55, 0.59, 0.7)));
    }

    [Fact]
    public void Loss_is_better_when_smaller()
    {
        Assert.Equal(3, new EarlyStopping(metric: EarlyStoppingMetric.Loss).Best(Losses(3, 2, 1, 1.5)));
        Assert.Equal(1, new EarlyStopping(minDelta: 5, metric: EarlyStoppingMetric.Loss).Best(Losses(3, 2, 1, 1.5)));
    }

    [Fact]
    public void Of_equally_accurate_epochs_that_of_the_smallest_loss_is_best_but_patience_does_not_wait_for_it()
    {
        Assert.Equal(3, new EarlyStopping().Best(Losses(3, 2, 1, 1.5)));
        Assert.True(new EarlyStopping(patience: 3).ShouldStop(Losses(3, 2, 1, 1.5)));
    }

    [Fact]
    public void The_training_samples_are_watched_where_nothing_is_validated()
    {
        EpochMetrics[] history = [Tests.Epochs.Of(1, 3, 0.2), Tests.Epochs.Of(2, 2, 0.9), Tests.Epochs.Of(3, 1, 0.4)];
        Assert.Equal((2, 3), (new EarlyStopping().Best(history), new EarlyStopping(metric: EarlyStoppingMetric.Loss).Best(history)));
    }

    [Fact]
    public void A_loss_that_is_no_number_is_never_best() =>
    Assert.Equal(2, new EarlyStopping(metric: EarlyStoppingMetric.Loss).Best(Losses(double.NaN, 5, double.NaN)));

    sealed record Unlearning(int From) : LearningRateSchedule
    {
        public override float At(float learningRate, in TrainingMoment moment) => moment.Epoch < From ? learningRate : -0.05f;
    }

    [Theory, Trait("Category", "Runtime")]
    [InlineData(true)]
    [InlineData(false)]
    public void The_model_that_comes_back_is_that_of_the_best_epoch_or_of_the_last(bool restore)
    {
        var ml = new MLContext(1);
        var (train, watched) = (Patterns.View(ml, Patterns.Stripes(32)), Patterns.View(ml, Patterns.Stripes(31, seed: 9)));
        var epochs = new List<EpochMetrics>();
        using var model = Patterns.Fit(ml, train, new()
        {
            Network = Patterns.Small(),
            Optimizer = new Adam(0.01f),
            Epoch = 5,
            BatchSize = 8,
            ValidationSet = watched,
            EpochCallback = epochs.Add,
            LearningRateScheduler = new Unlearning(3),
            EarlyStoppingCriteria = new EarlyStopping(patience: 5, metric: EarlyStoppingMetric.Loss, restoreBest: restore),
        });

        var metrics = ml.MulticlassClassification.Report(model.Transform(watched));
        var best = epochs.MinBy(epoch => epoch.ValidationLoss)!;
        var kept = restore ? best : epochs[^1];
        Assert.True(epochs[^1].ValidationLoss > 2 * best.ValidationLoss,
            $"the last epoch should be far worse: {string.Join(", ", epochs.Select(epoch => epoch.ValidationLoss))}");
        Assert.Equal(kept.ValidationAccuracy!.Value, metrics.MicroAccuracy, 1e-9);
        Assert.InRange(best.Epoch, 1, 3);
        if (restore)
            Assert.Equal(kept.ValidationLoss!.Value, metrics.LogLoss, 1e-4);
    }

    [Fact, Trait("Category", "Runtime")]
    public void Training_ends_when_patience_is_over()
    {
        var ml = new MLContext(1);
        var epochs = new List<EpochMetrics>();
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(8)), new()
        {
            Network = Patterns.Small(),
            LearningRate = 0,
            Epoch = 50,
            ValidationSetFraction = 0,
            EpochCallback = epochs.Add,
            EarlyStoppingCriteria = new EarlyStopping(patience: 2),
        });
        Assert.Equal([1, 2, 3], epochs.Select(epoch => epoch.Epoch));
    }
}
