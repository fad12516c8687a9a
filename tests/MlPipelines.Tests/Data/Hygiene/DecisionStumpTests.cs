using FsCheck;
using FsCheck.Fluent;

namespace MlPipelines.Tests.Data.Hygiene;

public sealed class DecisionStumpTests
{
    [Fact]
    public void Numbers_that_do_not_overlap_are_told_apart_whole()
    {
        var found = DecisionStump.Best([.. Enumerable.Repeat(1.0, 30)], [.. Enumerable.Repeat(3.0, 60)]);
        Assert.Equal((2, false, 1, 0, 1),
            (found.Threshold, found.Above, found.TruePositiveRate, found.FalsePositiveRate, found.BalancedAccuracy));
        // n / (n + z²) is Wilson's lower end when all are right.
        const double z2 = 6.6348966;
        Assert.Equal((30 / (30 + z2) + 60 / (60 + z2)) / 2, found.LowerBound, 1e-6);
        Assert.Equal(2 * Math.Exp(-40), found.PValue, 1e-20);
    }

    [Fact]
    public void Numbers_that_are_all_the_same_tell_nothing()
    {
        var found = DecisionStump.Best([1, 1, 1], [1, 1]);
        Assert.Equal(0.5, found.BalancedAccuracy);
        Assert.InRange(found.LowerBound, 0, 0.5);
        Assert.Equal(0.5, DecisionStump.Best([], []).BalancedAccuracy);
    }

    [Fact]
    public void No_threshold_is_better_than_the_best() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll((from inside in Gen.NonEmptyListOf(Gen.Choose(0, 9))
                     from outside in Gen.NonEmptyListOf(
            Gen.Choose(0, 9))
                     select (inside, outside)).ToArbitrary(), at =>
        {
            double[] inside = [.. at.inside.Select(value => (double)value)], outside = [.. at.outside.Select(value => (double)value)];
            var best = Enumerable.Range(-1, 11)
                .Select(cut =>
                    Math.Abs(inside.Count(value => value > cut + 0.5) / (double)inside.Length
                        - outside.Count(value => value > cut + 0.5) / (double)outside.Length)).Max();
            var found = DecisionStump.Best(inside, outside);
            Assert.Equal((1 + best) / 2, found.BalancedAccuracy, 1e-12);
            if (best > 0)
                Assert.Equal(found.TruePositiveRate, inside.Count(value => value > found.Threshold == found.Above) / (double)inside.Length,
                    1e-12);
        }));
}
