using MlPipelines.Networks;

namespace MlPipelines.Tests.Training;

public sealed class PreprocessingComparisonTests
{
    [Fact]
    public void The_usual_preset_stays_unless_the_best_is_better_by_more_than_chance()
    {
        // Of five images on which two differ, all are won by chance once in sixteen times; of six, once in thirty-two.
        Assert.Equal(Preprocessing.ImageNetTorch, Of(won: 5, lost: 0).Best(Preprocessing.ImageNetTorch));
        Assert.Equal(Preprocessing.None, Of(won: 6, lost: 0).Best(Preprocessing.ImageNetTorch));
        Assert.Equal(Preprocessing.None, Of(won: 5, lost: 0).Best());
        Assert.Equal(Preprocessing.None, Of(won: 5, lost: 0).Best(Preprocessing.ZeroToOne));
    }

    [Fact]
    public void Images_that_both_are_right_of_say_nothing_of_which_is_better()
    {
        // Four images more of a hundred: of eight that differ, as much as chance does; of four alone too; of sixteen, all one way, not.
        Assert.Equal(Preprocessing.ImageNetTorch, Of(won: 6, lost: 2).Best(Preprocessing.ImageNetTorch));
        Assert.Equal(Preprocessing.None, Of(won: 16, lost: 0).Best(Preprocessing.ImageNetTorch));
        Assert.Equal((100, 0.96), (Of(won: 6, lost: 2).Images, Of(won: 6, lost: 4).Tried[0].Accuracy));
    }

    // A hundred images: the best alone is right of the first, the usual one alone of the next, both of the others.
    static PreprocessingComparison Of(int won, int lost) => new([
        new(Preprocessing.None, [.. Enumerable.Range(0, 100).Select(i => i < won || i >= won + lost)]),
        new(Preprocessing.ImageNetTorch, [.. Enumerable.Range(0, 100).Select(i => i >= won)])]);

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Leaving_out_in_closed_form_is_leaving_out(int length)
    {
        var dice = Dice.For(3, length);
        float[][] features = [.. Enumerable.Range(0, 30).Select(i => Enumerable.Range(0, length)
            .Select(j => (float)dice.Uniform(-1, 1) + (j == 0 ? i % 3 : 0)).ToArray())];
        int[] labels = [.. Enumerable.Range(0, 30).Select(i => i % 3)];
        Assert.Equal(Slowly(features, labels, 3), RightShare(features, labels, 3), 1e-9);
    }

    [Fact]
    public void Noise_is_not_told_apart()
    {
        var dice = Dice.For(9, 1);
        float[][] features = [.. Enumerable.Range(0, 200)
            .Select(_ => Enumerable.Range(0, 600).Select(_ => (float)dice.Uniform(-1, 1)).ToArray())];
        Assert.InRange(RightShare(features, [.. Enumerable.Range(0, 200).Select(i => i % 4)], 4), 0.1, 0.4);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Features_that_say_nothing_are_right_about_nothing(float number) =>
        Assert.Equal(0, RightShare([[number], [number], [number]], [0, 1, 1], 2));

    static double RightShare(float[][] features, int[] labels, int classes) =>
        RidgeAccuracy.Right(features, labels, classes).Average(right => right ? 1 : 0.0);

    // One ridge regression for each sample, by Gaussian elimination.
    static double Slowly(float[][] features, int[] labels, int classes)
    {
        var (count, length) = (features.Length, features[0].Length);
        var means = Enumerable.Range(0, length).Select(j => features.Average(row => (double)row[j])).ToArray();
        double[][] centred = [.. features.Select(row => row.Select((number, j) => number - means[j]).ToArray())];
        double Product(int i, int k) => centred[i].Zip(centred[k], (a, b) => a * b).Sum();
        var scale = Enumerable.Range(0, count).Average(i => Product(i, i));
        double Kernel(int i, int k) => Product(i, k) / scale + 1;
        return new[] { 1e-3, 1e-2, 1e-1, 1, 10 }.Max(penalty => Enumerable.Range(0, count).Count(left =>
        {
            int[] others = [.. Enumerable.Range(0, count).Where(i => i != left)];
            var scores = Enumerable.Range(0, classes).Select(kind =>
            {
                var alpha = Solved([.. others.Select(i => others.Select(k => Kernel(i, k) + (i == k ? penalty : 0)).ToArray())],
                    [.. others.Select(i => labels[i] == kind ? 1.0 : 0)]);
                return others.Zip(alpha, (k, weight) => weight * Kernel(left, k)).Sum();
            }).ToArray();
            return Array.IndexOf(scores, scores.Max()) == labels[left];
        }) / (double)count);
    }

    static double[] Solved(double[][] matrix, double[] right)
    {
        for (var i = 0; i < right.Length; i++)
            for (var k = i + 1; k < right.Length; k++)
            {
                var factor = matrix[k][i] / matrix[i][i];
                for (var j = i; j < right.Length; j++)
                    matrix[k][j] -= factor * matrix[i][j];
                right[k] -= factor * right[i];
            }
        for (var i = right.Length - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < right.Length; j++)
                right[i] -= matrix[i][j] * right[j];
            right[i] /= matrix[i][i];
        }
        return right;
    }
}
