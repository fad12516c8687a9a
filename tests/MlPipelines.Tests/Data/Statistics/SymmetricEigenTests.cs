using FsCheck;
using FsCheck.Fluent;

namespace MlPipelines.Tests.Data.Statistics;

public sealed class SymmetricEigenTests
{
    [Fact]
    public void Eigenvalues_equal_those_of_NumPy_also_when_equal_zero_or_far_apart()
    {
        var golden = StatisticsGolden.Read.Eigenvalues;
        var eigen = SymmetricEigen.Of(golden.Matrix, 14);
        Assert.All(golden.Values.Zip(eigen.Values), pair => Assert.Equal(pair.First, pair.Second, 1000 * 1e-14));
        AssertDecomposes(golden.Matrix, 14, eigen);
    }

    [Fact]
    public void Any_symmetric_matrix_is_decomposed() => Prop.ForAll(Gen.Choose(1, 90).Two().ToArbitrary(), sizes =>
    {
        var (size, rank) = sizes;
        var dice = Dice.For(size, rank);
        var matrix = new double[size * size];
        for (var term = 0; term < rank; term++)
        {
            var (scale, vector) = (Math.Pow(10, dice.Uniform(-8, 8)),
                Enumerable.Range(0, size).Select(_ => dice.Below(4) == 0 ? 0 : dice.Normal()).ToArray());
            for (var i = 0; i < matrix.Length; i++)
                matrix[i] += scale * vector[i / size] * vector[i % size];
        }
        AssertDecomposes(matrix, size, SymmetricEigen.Of(matrix, size));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void A_second_difference_has_the_eigenvalues_of_its_closed_form()
    {
        const int size = 200;
        var matrix = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            matrix[i * size + i] = 2;
            if (i > 0)
                matrix[i * size + i - 1] = matrix[(i - 1) * size + i] = -1;
        }
        var values = SymmetricEigen.Of(matrix, size).Values;
        Assert.All(values.Index(), value => Assert.Equal(2 + 2 * Math.Cos((value.Index + 1) * Math.PI / (size + 1)), value.Item, 1e-13));
    }

    [Fact]
    public void Zeros_ones_and_one_number_are_decomposed()
    {
        Assert.Equal([0, 0, 0], SymmetricEigen.Of(new double[9], 3).Values);
        Assert.Equal([-4], SymmetricEigen.Of([-4], 1).Values);
        Assert.Equal(70, SymmetricEigen.Of([.. Enumerable.Repeat(1.0, 4900)], 70).Values[0], 1e-12);
        Assert.Contains("not finite",
            Assert.Throws<InvalidOperationException>(() => SymmetricEigen.Of([1, double.NaN, double.NaN, 1], 2)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Outer_products_equal_plain_sums()
    {
        var dice = Dice.For(3);
        var vectors = Enumerable.Range(0, 9).Select(_ => Enumerable.Range(0, 131).Select(_ => dice.Normal()).ToArray()).ToArray();
        var sum = new OuterProducts(131);
        sum.Add(vectors[..4]);
        sum.Add(vectors[4..]);
        var matrix = sum.ToMatrix();
        for (var i = 0; i < matrix.Length; i++)
            Assert.Equal(vectors.Sum(vector => vector[i / 131] * vector[i % 131]), matrix[i], 1e-12);
    }

    static void AssertDecomposes(double[] matrix, int size, SymmetricEigen eigen)
    {
        Assert.Equal(eigen.Values.OrderDescending(), eigen.Values);
        var most = Math.Max(eigen.Values.Max(Math.Abs), double.Epsilon);
        double Vector(int k, int i) => eigen.Vectors[k * size + i];
        for (var i = 0; i < size; i++)
            for (var j = i; j < size; j++)
            {
                var (one, back) = (0.0, 0.0);
                for (var k = 0; k < size; k++)
                {
                    one += Vector(i, k) * Vector(j, k);
                    back += eigen.Values[k] * Vector(k, i) * Vector(k, j);
                }
                Assert.Equal(i == j ? 1 : 0, one, 1e-12);
                Assert.InRange(Math.Abs(matrix[i * size + j] - back) / most, 0, 1e-13);
            }
    }
}
