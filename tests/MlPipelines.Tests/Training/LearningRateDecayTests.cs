using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Trainers;

namespace MlPipelines.Tests.Training;

/// <summary>ML.NET's schedules against the formulas of TensorFlow's and of the linear scaling rule.</summary>
public sealed class LearningRateDecayTests
{
    const int StepsPerEpoch = 10;

    static float At(TrainingSchedule schedule, long step, int batchSize = 32) =>
        schedule.Schedule.At(123, new(step, StepsPerEpoch, 8, [], batchSize));

    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(19, 0.01)]
    [InlineData(20, 0.0094)]
    [InlineData(45, 0.01 * 0.94 * 0.94)]
    [InlineData(200, 0.01 * 0.5386151140948996)]
    public void Exponential_decay_falls_in_stairs_of_two_epochs(long step, double rate) =>
    Assert.Equal(rate, At(new ExponentialLRDecay(), step), 1e-8);

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(5, 0.2 * 0.8408964152537145)]
    [InlineData(10, 0.2 * 0.7071067811865476)]
    [InlineData(30, 0.2 * 0.3535533905932738)]
    public void Exponential_decay_may_be_smooth(long step, double rate) =>
    Assert.Equal(rate, At(new ExponentialLRDecay(0.2f, 2, 0.5f, staircase: false), step), 1e-7);

    [Theory]
    [InlineData(4, 0.2)]
    [InlineData(5, 0.1)]
    [InlineData(10, 0.05)]
    public void Stairs_may_be_shorter_than_an_epoch(long step, double rate) =>
    Assert.Equal(rate, At(new ExponentialLRDecay(0.2f, 0.5f, 0.5f), step), 1e-7);

    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(10, 0.00505)]
    [InlineData(19, 0.0099 * 0.05 + 0.0001)]
    [InlineData(20, 0.0001)]
    [InlineData(500, 0.0001)]
    public void Polynomial_decay_falls_along_a_line_and_stays(long step, double rate) =>
    Assert.Equal(rate, At(new PolynomialLRDecay(), step), 1e-8);

    [Theory]
    [InlineData(0, 0.4)]
    [InlineData(10, 0.4 * 0.25)]
    [InlineData(20, 0)]
    [InlineData(30, 0.4 * 0.0625)]
    [InlineData(40, 0)]
    [InlineData(50, 0.4 * (1 / 36.0))]
    public void Polynomial_decay_in_cycles_ends_at_each_multiple_ever_more_slowly(long step, double rate) =>
        Assert.Equal(rate, At(new PolynomialLRDecay(0.4f, 2, 0, power: 2, cycle: true), step), 1e-7);

    [Theory]
    [InlineData(0, 10, 0.0078125)]
    [InlineData(0, 128, 0.1)]
    [InlineData(909, 128, 0.1)]
    [InlineData(910, 128, 0.01)]
    [InlineData(1360, 256, 0.002)]
    [InlineData(1820, 128, 0.00001)]
    public void Linear_scaling_grows_with_the_batch_and_drops_at_epochs(long step, int batch, double rate) =>
    Assert.Equal(rate, At(new LsrDecay(), step, batch), 1e-7 * rate);

    [Fact]
    public void Schedules_of_equal_numbers_are_equal_and_say_them()
    {
        TrainingSchedule schedule = new LsrDecay([new(3, 0.5f), new(0, 2)], baseLearningRate: 0.64f);
        Assert.Equal((TrainingSchedule)new LsrDecay([new(3, 0.5f), new(0, 2)], 0.64f), schedule);
        Assert.NotEqual((TrainingSchedule)new LsrDecay([new(3, 0.25f), new(0, 2)], 0.64f), schedule);
        Assert.Contains("0.64", schedule.ToString(), StringComparison.Ordinal);
        Assert.Contains("3: 0.5", schedule.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Factors_that_would_never_count_are_refused() =>
        Assert.StartsWith(
            "lrschedule: got factors from the epochs 0, 2 on, and LsrDecay takes the first whose epoch has begun. List the latest first.",
            Assert.Throws<ArgumentException>(() => (TrainingSchedule)new LsrDecay([new(0, 1), new(2, 0.5f)])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_rate_of_its_own_never_leaves_its_bounds_nor_looks_at_the_given_one() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<NonNegativeInt>(), ArbMap.Default.ArbFor<bool>(), (step, flag) =>
        {
            TrainingSchedule[] schedules = [new ExponentialLRDecay(0.3f, 1.5f, 0.7f, flag),
                new PolynomialLRDecay(0.3f, 1.5f, 0.01f, 3, flag)];
            return schedules.All(schedule => At(schedule, step.Get) is >= 0 and <= 0.3f
                && At(schedule, step.Get) == schedule.Schedule.At(7, new(step.Get, StepsPerEpoch, 8, [])));
        }));

    [Fact]
    public void A_schedule_can_be_written_outside_the_library()
    {
        Assert.All(typeof(LearningRateSchedule).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(method => method.IsAbstract), method => Assert.True(method.IsPublic));
        Assert.Contains(typeof(LearningRateSchedule).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic),
            constructor => constructor.IsFamily && constructor.GetParameters().Length == 0);
    }

    sealed record Halving : LearningRateSchedule
    {
        public override float At(float learningRate, in TrainingMoment moment) => learningRate / MathF.Pow(2, moment.Epoch);
    }

    [Theory, Trait("Category", "Runtime"), MemberData(nameof(Trained), DisableDiscoveryEnumeration = true)]
    public void A_training_runs_at_the_rate_of_its_schedule(TrainingSchedule? schedule, float[] rates)
    {
        var ml = new MLContext(1);
        var epochs = new List<EpochMetrics>();
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(16)), new()
        {
            Network = Patterns.Small(),
            Epoch = 3,
            BatchSize = 4,
            LearningRate = 0.016f,
            LearningRateScheduler = schedule,
            ValidationSetFraction = 0,
            EpochCallback = epochs.Add,
        });
        Assert.Equal(rates, epochs.Select(epoch => epoch.LearningRate));
    }

    public static TheoryData<TrainingSchedule?, float[]> Trained => new()
    {
        { null, [0.016f, 0.016f, 0.016f] },
        { new ConstantRate(), [0.016f, 0.016f, 0.016f] },
        { new Halving(), [0.016f, 0.008f, 0.004f] },
        { new ExponentialLRDecay(0.02f, 1, 0.5f), [0.02f, 0.01f, 0.005f] },
        { new LsrDecay([new(2, 0.5f), new(0, 1)], 0.64f), [0.02f, 0.02f, 0.01f] },
    };
}
