using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines.Tests.Training;

public sealed class SchedulesTests
{
    const float Rate = 0.2f;
    const int StepsPerEpoch = 10, Epochs = 8;

    static float At(LearningRateSchedule schedule, long step, params EpochMetrics[] history) =>
        schedule.At(Rate, new(step, StepsPerEpoch, Epochs, history));

    static float[] All(LearningRateSchedule schedule) =>
        [.. Enumerable.Range(0, StepsPerEpoch * Epochs).Select(step => At(schedule, step))];

    static EpochMetrics[] Losses(params double[] losses) =>
        [.. losses.Select((loss, i) => Tests.Epochs.Of(i + 1, 9, 0, loss, 0))];

    [Fact]
    public void Constant_rate_stays() => Assert.All(All(new ConstantRate()), rate => Assert.Equal(Rate, rate));

    [Fact]
    public void Step_decay_drops_every_so_many_epochs()
    {
        var rates = All(new StepDecay(3, 0.5f));
        Assert.All(rates[..30], rate => Assert.Equal(0.2f, rate));
        Assert.All(rates[30..60], rate => Assert.Equal(0.1f, rate, 1e-7f));
        Assert.All(rates[60..], rate => Assert.Equal(0.05f, rate, 1e-7f));
    }

    [Theory]
    [InlineData(0, 0.2, 0.2)]
    [InlineData(20, 0.18, 0.18)]
    [InlineData(15, 0.2 * 0.92402108647, 0.2)]
    [InlineData(39, 0.2 * 0.81427836025, 0.18)]
    [InlineData(40, 0.162, 0.162)]
    public void Exponential_decay_multiplies_smoothly_or_in_stairs(long step, double smooth, double stairs)
    {
        Assert.Equal(smooth, At(new ExponentialDecay(0.9f, 2), step), 1e-7);
        Assert.Equal(stairs, At(new ExponentialDecay(0.9f, 2, Staircase: true), step), 1e-7);
    }

    [Fact]
    public void Inverse_time_decay_divides_by_the_steps()
    {
        Assert.Equal(0.2f, At(new InverseTimeDecay(0.1f), 0));
        Assert.Equal(0.1f, At(new InverseTimeDecay(0.1f), 10), 1e-7f);
        Assert.Equal(0.04f, At(new InverseTimeDecay(0.1f), 40), 1e-7f);
    }

    [Fact]
    public void Cosine_decay_rises_linearly_then_falls_along_half_a_cosine()
    {
        var schedule = new CosineDecay(WarmupEpochs: 2, Floor: 0.1f);
        var rates = All(schedule);

        Assert.Equal(0.2f / 21, rates[0], 1e-7f);
        Assert.Equal(0.2f * 11 / 21, rates[10], 1e-7f);
        Assert.Equal(0.2f, rates[20]);
        Assert.Equal(0.2f * 0.55f, rates[50], 1e-6f);
        Assert.Equal(0.02f, At(schedule, 80), 1e-7f);
        Assert.Equal(0.02f, At(schedule, 1000), 1e-7f);
        Assert.All(Enumerable.Range(1, 20), step => Assert.True(rates[step] > rates[step - 1]));
        Assert.All(Enumerable.Range(21, 59), step => Assert.True(rates[step] < rates[step - 1]));
    }

    [Fact]
    public void Cosine_decay_without_warm_up_starts_at_the_rate_and_ends_at_nothing()
    {
        Assert.Equal(Rate, At(new CosineDecay(), 0));
        Assert.Equal(Rate * (1 + Math.Cos(Math.PI / 4)) / 2, At(new CosineDecay(), 20), 1e-7);
        Assert.Equal(0, At(new CosineDecay(), 80), 1e-7f);
    }

    [Fact]
    public void One_cycle_rises_from_one_divisor_and_falls_to_the_other()
    {
        var schedule = new OneCycle(Rise: 0.25f, Start: 20, End: 1000);
        var rates = All(schedule);

        Assert.Equal(0.01f, rates[0], 1e-7f);
        Assert.Equal((0.01f + 0.2f) / 2, rates[10], 1e-6f);
        Assert.Equal(0.2f, rates[20], 1e-7f);
        Assert.Equal((0.2f + 0.0002f) / 2, rates[50], 1e-6f);
        Assert.Equal(0.0002f, At(schedule, 80), 1e-7f);
        Assert.Equal(20, Array.IndexOf(rates, rates.Max()));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void One_cycle_may_only_fall_or_only_rise(float rise)
    {
        var rates = All(new OneCycle(rise));
        Assert.All(rates.Zip(rates.Skip(1)), pair => Assert.True(rise == 0 ? pair.First > pair.Second : pair.First < pair.Second));
        Assert.InRange(rates.Max(), Rate * 0.99f, Rate);
    }

    [Fact]
    public void Plateau_lowers_the_rate_after_patience_epochs_without_a_smaller_loss()
    {
        var schedule = new ReduceOnPlateau(0.5f, Patience: 2, MinDelta: 0.01f);
        Assert.Equal(0.2f, At(schedule, 0));
        Assert.Equal(0.2f, At(schedule, 0, Losses(1, 0.9, 0.9)));
        Assert.Equal(0.1f, At(schedule, 0, Losses(1, 0.9, 0.9, 0.895)));
        Assert.Equal(0.1f, At(schedule, 0, Losses(1, 0.9, 0.9, 0.895, 0.95)));
        Assert.Equal(0.05f, At(schedule, 0, Losses(1, 0.9, 0.9, 0.895, 0.95, 0.95)));
        Assert.Equal(0.2f, At(schedule, 0, Losses(1, 0.9, 0.9, 0.8, 0.8, 0.7)));
    }

    [Fact]
    public void Plateau_never_goes_below_its_floor_nor_above_the_rate()
    {
        Assert.Equal(0.15f, At(new ReduceOnPlateau(0.1f, Patience: 1, Floor: 0.15f), 0, Losses(1, 1, 1, 1)));
        Assert.Equal(0.2f, At(new ReduceOnPlateau(0.1f, Patience: 1, Floor: 0.5f), 0, Losses(1, 1, 1)));
    }

    [Fact]
    public void Plateau_watches_the_training_loss_where_nothing_is_validated()
    {
        EpochMetrics[] flat = [.. Losses(3, 2, 1).Select(epoch => epoch with { ValidationLoss = null })];
        Assert.Equal(0.02f, At(new ReduceOnPlateau(0.1f, Patience: 2), 0, flat), 1e-7f);
    }

    [Fact]
    public void A_moment_knows_its_epoch_and_how_much_is_over()
    {
        var moment = new TrainingMoment(29, StepsPerEpoch, Epochs, []);
        Assert.Equal((2, 29 / 80.0), (moment.Epoch, moment.Progress));
    }

    public static TheoryData<Func<object>, string> Wrong => new()
    {
        { () => new StepDecay(0), "Epochs: got 0, needs at least 1." },
        { () => new StepDecay(1, 1.5f), "Factor: got 1.5, needs a value from 0 to 1." },
        { () => new ExponentialDecay(-0.5f), "Factor: got -0.5, needs a value from 0 to 1." },
        { () => new ExponentialDecay(0.5f, 0), "Epochs: got 0, needs more than 0." },
        { () => new InverseTimeDecay(-1), "Decay: got -1, needs at least 0." },
        { () => new CosineDecay(-1), "WarmupEpochs: got -1, needs at least 0." },
        { () => new CosineDecay(0, 2), "Floor: got 2, needs a value from 0 to 1." },
        { () => new OneCycle(1.5f), "Rise: got 1.5, needs a value from 0 to 1." },
        { () => new OneCycle(Start: 0.5f), "Start: got 0.5, needs at least 1." },
        { () => new OneCycle { End = 0 }, "End: got 0, needs at least 1." },
        { () => new ReduceOnPlateau(float.NaN), "Factor: got NaN, needs a value from 0 to 1." },
        { () => new ReduceOnPlateau(Patience: 0), "Patience: got 0, needs at least 1." },
        { () => new ReduceOnPlateau(MinDelta: -1), "MinDelta: got -1, needs at least 0." },
        { () => new ReduceOnPlateau(Floor: -1), "Floor: got -1, needs at least 0." },
        { () => new EarlyStopping(minDelta: -1), "minDelta: got -1, needs at least 0." },
        { () => new EarlyStopping(patience: 0), "patience: got 0, needs at least 1." },
        { () => new Sgd(-1), "LearningRate: got -1, needs at least 0." },
        { () => new Sgd(Momentum: 1.5f), "Momentum: got 1.5, needs a value from 0 to 1." },
        { () => new Adam(Beta1: -1), "Beta1: got -1, needs a value from 0 to 1." },
        { () => new RMSprop(Epsilon: 0), "Epsilon: got 0, needs more than 0." },
        { () => new ImageClassificationTrainer.Options { Epoch = 0 }, "Epoch: got 0, needs at least 1." },
        { () => new ImageClassificationTrainer.Options { BatchSize = 0 }, "BatchSize: got 0, needs at least 1." },
        { () => new ImageClassificationTrainer.Options { Workers = 0 }, "Workers: got 0, needs at least 1." },
        { () => new ImageClassificationTrainer.Options { LearningRate = -1 }, "LearningRate: got -1, needs at least 0." },
        { () => new ImageClassificationTrainer.Options { LabelSmoothing = 2 }, "LabelSmoothing: got 2, needs a value from 0 to 1." },
        { () => new ImageClassificationTrainer.Options { ValidationSetFraction = 1 },
            "ValidationSetFraction: got 1, needs a value from 0 to 0.9." },
    };

    [Theory, MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Arguments_out_of_range_are_refused_by_name(Func<object> make, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(make).Message, StringComparison.Ordinal);
}
