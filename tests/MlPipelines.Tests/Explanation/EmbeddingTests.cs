using MlPipelines.Tests.Golden;

namespace MlPipelines.Tests.Explanation;

/// <summary>Vectors as points, against scikit-learn and against what can be told by hand.</summary>
public sealed class EmbeddingTests
{
    static readonly GoldenTsne golden = GoldenFile.Read<GoldenTsne>("tsne.json");

    /// <summary>Numbers of scikit-learn's t-SNE.</summary>
    /// <param name="Vectors">What is laid out.</param>
    /// <param name="Start">Where the points begin: x and y of each.</param>
    /// <param name="Affinities">Of the first vectors, at perplexity 5.</param>
    /// <param name="Divergence">At the end, exact.</param>
    sealed record GoldenTsne(float[][] Vectors, double[] Start, double[][] Affinities, double Divergence);

    [Fact]
    public void Neighbourhoods_are_those_of_scikit_learn()
    {
        var count = golden.Affinities.Length;
        var found = Affinities.Of(golden.Vectors[..count], 5, TestContext.Current.CancellationToken);
        var dense = new double[count, count];
        for (var i = 0; i < count; i++)
            for (var k = found.Starts[i]; k < found.Starts[i + 1]; k++)
                dense[i, found.Neighbours[k]] = found.Shares[k];
        for (var i = 0; i < count; i++)
            for (var j = 0; j < count; j++)
                Assert.Equal(golden.Affinities[i][j], dense[i, j], 2e-7);
        Assert.Equal(1, found.Shares.Sum(), 1e-9);
    }

    [Fact]
    public void Points_are_as_near_to_the_vectors_as_scikit_learns()
    {
        TsneOptions options = new() { Start = [.. golden.Start.Chunk(2).Select(point => (point[0], point[1]))] };
        var found = Embedding.OfTsne(golden.Vectors, options, cancellation: TestContext.Current.CancellationToken);
        var exact = Divergence(Affinities.Of(golden.Vectors, 30, TestContext.Current.CancellationToken), found);
        Assert.InRange(exact, 0, 1.01 * golden.Divergence);
        Assert.Equal(exact, found.Divergence!.Value, 0.02);
    }

    [Fact]
    public void Every_third_is_a_cloud_of_its_own()
    {
        var points = Embedding.OfTsne(golden.Vectors, cancellation: TestContext.Current.CancellationToken).Points;
        var third = points.Length / 3;
        // The nearest point of each is of its own cloud.
        for (var i = 0; i < points.Length; i++)
        {
            var nearest = Enumerable.Range(0, points.Length).Where(j => j != i).MinBy(j => Square(points[i], points[j]));
            Assert.Equal(i / third, nearest / third);
        }
    }

    [Fact]
    public void Equal_seeds_give_equal_points()
    {
        TsneOptions options = new() { Iterations = 60, Seed = 4 };
        Embedding Points(TsneOptions chosen) =>
            Embedding.OfTsne(golden.Vectors, chosen, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Points(options).Points, Points(options).Points);
        Assert.NotEqual(Points(options).Points, Points(options with { Seed = 5 }).Points);
        Assert.Equal(Points(new() { Iterations = 20 }).Points, Points(new() { Iterations = 20 }).Points);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Groups_repel_nearly_as_their_points_do(double angle)
    {
        var dice = Dice.For(1);
        var places = new double[2 * 400];
        for (var i = 0; i < places.Length; i++)
            places[i] = dice.Normal() * (i % 7);
        // Two that coincide.
        (places[10], places[11]) = (places[20], places[21]);
        var tree = new QuadTree(400);
        tree.Build(places);
        Assert.Equal(Enumerable.Range(0, 400), tree.Order.Order());
        for (var i = 0; i < 400; i++)
        {
            var (x, y, sum) = (0.0, 0.0, 0.0);
            for (var j = 0; j < 400; j++)
                if (j != i)
                {
                    var (dx, dy) = (places[2 * i] - places[2 * j], places[2 * i + 1] - places[2 * j + 1]);
                    var near = 1 / (1 + dx * dx + dy * dy);
                    (x, y, sum) = (x + near * near * dx, y + near * near * dy, sum + near);
                }
            var found = tree.Repulsion(places[2 * i], places[2 * i + 1], angle);
            var tolerance = angle == 0 ? 1e-9 : 0.05;
            Assert.Equal(sum, found.Sum, tolerance * sum);
            Assert.Equal(x, found.X, tolerance * (1 + Math.Abs(x) + Math.Abs(y)));
            Assert.Equal(y, found.Y, tolerance * (1 + Math.Abs(x) + Math.Abs(y)));
        }
    }

    [Fact]
    public void Principal_components_are_the_directions_of_the_greatest_spread()
    {
        // On a line through (3, 4, 0), with a little to the side.
        float[][] vectors = [.. Enumerable.Range(0, 50).Select(i => new[] { 3 * (i - 20f), 4 * (i - 20f), i % 2 * 0.5f })];
        var points = Embedding.OfPrincipalComponents(vectors).Points;
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(Math.Abs(5 * (i - 24.5)), Math.Abs(points[i].X), 0.01);
            Assert.Equal(0.25, Math.Abs(points[i].Y), 0.02);
        }
    }

    [Fact]
    public void Vectors_that_cannot_be_laid_out_are_named()
    {
        float[][] few = [.. Enumerable.Range(0, 40).Select(i => new float[] { i, 1 })];
        Assert.Contains("needs three times as many", Assert.Throws<ArgumentException>(() => Embedding.OfTsne(few)).Message);
        Assert.Contains("number 1 has 3 numbers", Assert.Throws<ArgumentException>(() =>
            Embedding.OfPrincipalComponents([[1, 2], [1, 2, 3], [1, 2]])).Message);
        Assert.Contains("number 2 holds what is no number", Assert.Throws<ArgumentException>(() =>
            Embedding.OfPrincipalComponents([[1, 2], [1, 2], [float.NaN, 2]])).Message);
        Assert.Contains("has 1 points, there are 40 vectors", Assert.Throws<ArgumentException>(() =>
            Embedding.OfTsne(few, new() { Perplexity = 5, Start = [(0, 0)] })).Message);
        // All equal: no spread to begin with, and no error.
        var equal = Embedding.OfTsne([.. Enumerable.Range(0, 40).Select(_ => new float[] { 1, 1 })],
            new() { Perplexity = 5, Iterations = 20 },
            cancellation: TestContext.Current.CancellationToken);
        Assert.All(equal.Points, point => Assert.True(double.IsFinite(point.X) && double.IsFinite(point.Y)));
    }

    static double Divergence(Affinities affinities, Embedding found)
    {
        var (points, sum, total) = (found.Points, 0.0, 0.0);
        for (var i = 0; i < points.Length; i++)
            for (var j = 0; j < points.Length; j++)
                sum += i == j ? 0 : 1 / (1 + Square(points[i], points[j]));
        for (var i = 0; i < points.Length; i++)
            for (var k = affinities.Starts[i]; k < affinities.Starts[i + 1]; k++)
                if (affinities.Shares[k] is > 0 and var share)
                    total += share * Math.Log(share * sum * (1 + Square(points[i], points[affinities.Neighbours[k]])));
        return total;
    }

    static double Square((double X, double Y) one, (double X, double Y) other) =>
        (one.X - other.X) * (one.X - other.X) + (one.Y - other.Y) * (one.Y - other.Y);
}
