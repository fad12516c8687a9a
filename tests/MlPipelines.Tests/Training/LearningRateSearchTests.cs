using System.Xml.Linq;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Training;

public sealed class LearningRateSearchTests
{
    static LearningRateCurve Curve(Func<int, double> loss, int count = 100)
    {
        var search = new LearningRateSearch();
        return new(search,
            [.. Enumerable.Range(0, count).Select(step => new LearningRatePoint(search.RateAt(step), loss(step), loss(step)))]);
    }

    [Fact]
    public void Rates_rise_geometrically_from_first_to_last()
    {
        var search = new LearningRateSearch(1e-9f, 1, 10);
        Assert.All(Enumerable.Range(0, 10), step => Assert.Equal(step - 9, Math.Log10(search.RateAt(step)), 1e-5));
    }

    // From 0 on as in Python, where the first ten and the last five points are gone: a valley of 61 points that ends at 60 starts at -1,
    // and a third of it is 20 and a third; -1 + 20 + 10 = 29.
    [Fact]
    public void Suggestion_lies_half_down_the_longest_valley()
    {
        Assert.Equal(new LearningRateSearch().RateAt(39), Curve(step => Math.Abs(step - 70)).Suggestion);
        // One of the even points and the 40 falling ones: 41 that end at 70, from 29; 29 + 13 + 6 = 48.
        Assert.Equal(new LearningRateSearch().RateAt(58), Curve(step => Math.Min(40, Math.Abs(step - 80))).Suggestion);
    }

    [Fact]
    public void There_is_no_suggestion_where_the_loss_never_falls()
    {
        Assert.Null(Curve(step => step).Suggestion);
        Assert.Null(Curve(step => -step, count: 12).Suggestion);
        Assert.Null(Curve(step => 1, count: 0).Suggestion);
    }

    [Fact]
    public void Losses_are_smoothed_without_leaning_to_zero()
    {
        var curve = LearningRateCurve.Of(new(), [(1, 3), (2, 5)]);
        Assert.Equal(3, curve.Points[0].Smoothed, 1e-9);
        Assert.Equal((0.98 * 0.02 * 3 + 0.02 * 5) / (1 - 0.98 * 0.98), curve.Points[1].Smoothed, 1e-9);
    }

    // Smoothed losses of 1, 1, … and then 1000: after the first of these the mean is 0.02 · 999 / (1 − 0.98²¹) above 1, far more than 4.
    [Fact]
    public void A_search_ends_at_four_times_the_least_loss_at_a_loss_that_is_no_number_and_after_the_last_step()
    {
        static int StepsOf(Func<int, float> loss)
        {
            var stopped = false;
            var rising = new RisingRates(new(), () => stopped = true);
            for (var step = 0; !stopped; step++)
                rising.Add(rising.At(0, default), loss(step));
            return rising.ToCurve().Points.Length;
        }
        Assert.Equal(21, StepsOf(step => step < 20 ? 1 : 1000));
        Assert.Equal(20, StepsOf(step => step < 20 ? 1 : float.NaN));
        Assert.Equal(100, StepsOf(step => 1));
        Assert.Equal(100, StepsOf(step => step < 90 ? 1 : 2));
    }

    [Fact, Trait("Category", "Runtime")]
    public void A_search_finds_the_same_again_and_its_suggestion_learns()
    {
        var ml = new MLContext(2);
        var data = Patterns.View(ml, Patterns.Stripes(60));
        var options = new ImageClassificationTrainer.Options
        {
            Network = Patterns.Small(),
            Optimizer = new Sgd(),
            BatchSize = 16,
            Epoch = 6,
            EarlyStoppingCriteria = null,
        };
        var trainer = ml.MulticlassClassification.Trainers.ImageClassification(options);

        var search = new LearningRateSearch(1e-6f);
        var curve = trainer.FindLearningRate(data, search);

        Assert.Equal(curve.Points.AsEnumerable(), trainer.FindLearningRate(data, search).Points);
        Assert.InRange(curve.Points.Length, 30, 100);
        Assert.InRange(curve.Suggestion!.Value, 1e-5, 2);
        EpochMetrics? last = null;
        using var model = Patterns.Fit(ml, data, options with { LearningRate = curve.Suggestion, EpochCallback = epoch => last = epoch });
        Assert.True(last!.Loss < curve.Points[0].Loss);
    }

    [Fact, Trait("Category", "Runtime")]
    public void A_search_is_cancelled_like_a_training_and_says_nothing_to_callbacks()
    {
        var ml = new MLContext(2);
        var trainer = ml.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
        {
            Network = Patterns.Small(),
            CancellationToken = new(canceled: true),
            EpochCallback = _ => Assert.Fail("told of an epoch"),
        });
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.FindLearningRate(Patterns.View(ml, Patterns.Stripes(30))));
    }

    [Fact]
    public void A_head_without_a_learning_rate_is_refused()
    {
        var ml = new MLContext(2);
        var trainer = ml.MulticlassClassification.Trainers.ImageClassification(
            new ImageClassificationTrainer.Options { Network = Patterns.Small(), Head = new LinearHead() });
        Assert.StartsWith("FindLearningRate: LinearHead learns from all features at once, without a learning rate.",
            Assert.Throws<ArgumentException>(() => trainer.FindLearningRate(Patterns.View(ml, Patterns.Stripes(30)))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_has_a_row_a_point_and_equal_ratios_equally_far_apart()
    {
        var curve = Curve(step => Math.Abs(step - 70) / 10.0);
        Assert.Equal(101, curve.ToCsv().Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "curve.svg");
        curve.ToChart().Save(file);
        var lines = XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "polyline")
            .Select(element => element.Attribute("points")!.Value.Split(' ')).ToList();
        var across = lines.First(line => line.Length == 100).Select(point => double.Parse(point.Split(',')[0])).ToArray();
        Assert.All(across.Zip(across.Skip(1), (left, right) => right - left),
            gap => Assert.Equal((across[^1] - across[0]) / 99, gap, 0.02));
        Assert.True(across[^1] - across[0] > 500);
    }

    [Fact]
    public void A_head_without_a_rate_is_refused()
    {
        var ml = new MLContext(1);
        var trainer = ml.MulticlassClassification.Trainers.ImageClassification(
            new ImageClassificationTrainer.Options { Network = Patterns.Small(), Head = new MlPipelines.NearestClassMean() });
        Assert.StartsWith("FindLearningRate: NearestClassMean learns from all features at once",
            Assert.Throws<ArgumentException>(() => trainer.FindLearningRate(Patterns.View(ml, Patterns.Stripes(8)))).Message,
            StringComparison.Ordinal);
    }
}
