using MlPipelines.Imaging;

namespace MlPipelines.Tests.Training;

/// <summary>Epochs of a number of steps, which go through the samples in parts.</summary>
public sealed class StepsPerEpochTests
{
    static SampleTable Samples(int count)
    {
        var dot = Image.FromPixels(1, 1, 1, [7]);
        SampleColumns columns = new("Image", "Label", null, ["c0", "c1"], new(1, 1, 1), OneSize: false);
        return new SampleCollector(columns, new(), null, Assert.Fail)
            .Collect(Patterns.View(count, _ => dot, row => $"c{row % 2}"), new() { Skipped = row => Assert.Fail(row.ToString()) },
                isLearnt: true, default);
    }

    static EpochRows Rows(SampleTable train, int? steps, BatchSampling sampling = BatchSampling.Shuffled) =>
        EpochRows.For(sampling, train, 4, 3, steps);

    static int[] Places(EpochRows rows, int epochs) =>
        [.. Enumerable.Range(0, epochs).SelectMany(epoch => rows.Of(epoch)).Select(draw => draw.Place)];

    [Theory]
    [InlineData(2, BatchSampling.Shuffled)]
    [InlineData(5, BatchSampling.Shuffled)]
    [InlineData(17, BatchSampling.Shuffled)]
    [InlineData(3, BatchSampling.ClassBalanced)]
    public void Epochs_put_together_are_the_same_passes_through_the_samples(int steps, BatchSampling sampling)
    {
        var train = Samples(30);
        var parts = Places(Rows(train, steps, sampling), 12);
        Assert.Equal(12 * steps * 4, parts.Length);
        Assert.Equal(Places(Rows(train, null, sampling), parts.Length / 30 + 1).Take(parts.Length), parts);
    }

    [Fact]
    public void A_sample_that_comes_again_in_an_epoch_is_another_copy()
    {
        var train = Samples(6);
        Assert.All(Enumerable.Range(0, 4), epoch =>
        {
            var draws = Rows(train, 5).Of(epoch);
            Assert.Equal(20, draws.Distinct().Count());
            Assert.All(draws.GroupBy(draw => draw.Place),
                one => Assert.Equal(Enumerable.Range(0, one.Count()), one.Select(draw => draw.Copy)));
        });
    }

    [Fact]
    public void An_epoch_has_as_many_steps_as_were_asked_for()
    {
        var (ml, epochs, steps) = (new MLContext(2), new List<EpochMetrics>(), 0);
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(30)), new()
        {
            Network = Patterns.Small(),
            Epoch = 3,
            BatchSize = 8,
            StepsPerEpoch = 5,
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
            EpochCallback = epochs.Add,
            StepProgress = new Patterns.Told<TrainingProgress>(_ => steps++),
        });
        Assert.Equal(15, steps);
        Assert.Equal([40, 40, 40], epochs.Select(epoch => epoch.Samples));
    }

    [Fact]
    public void A_number_below_one_is_refused() =>
        Assert.Contains("StepsPerEpoch: got 0, needs at least 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new ImageClassificationTrainer.Options { StepsPerEpoch = 0 }).Message);
}
