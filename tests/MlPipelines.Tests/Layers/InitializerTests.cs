using MlPipelines.Graphs;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Layers;

public class InitializerTests
{
    static float[] Draw(Initializer initializer, params int[] shape) =>
        initializer.Draw(Shape.Create(shape), Dice.For(3)).Elements<float>().ToArray();

    static double Deviation(float[] numbers)
    {
        var mean = numbers.Average(number => (double)number);
        return Math.Sqrt(numbers.Average(number => (number - mean) * (number - mean)));
    }

    /// <summary>Limits of Keras's cifar10_cnn and mnist_cnn.</summary>
    [Theory]
    [InlineData(.138013, 32, 3, 3, 3), InlineData(.102062, 32, 32, 3, 3), InlineData(.083333, 64, 32, 3, 3),
    InlineData(.072169, 64, 64, 3, 3), InlineData(.046159, 512, 2304), InlineData(.107211, 10, 512)]
    [InlineData(.142134, 32, 1, 3, 3), InlineData(.025340, 128, 9216), InlineData(.208514, 10, 128)]
    public void Glorot_uniform_fills_its_range(double limit, params int[] shape)
    {
        var numbers = Draw(new GlorotUniform(), shape);
        Assert.InRange(numbers.Max(Math.Abs), limit * (numbers.Length > 1000 ? 0.99 : 0.95), limit + 1e-6);
        Assert.Equal(limit / Math.Sqrt(3), Deviation(numbers), limit * (numbers.Length > 1000 ? 0.03 : 0.1));
    }

    public static TheoryData<Initializer, double> Deviations => new()
    {
        { new GlorotNormal(), Math.Sqrt(2 / (1152.0 + 576)) },
        { new HeNormal(), Math.Sqrt(2 / 1152.0) },
        { new LecunNormal(), Math.Sqrt(1 / 1152.0) },
        { new HeUniform(), Math.Sqrt(2 / 1152.0) },
        { new RandomNormal(), 0.05 },
        { new RandomUniform(), 0.05 / Math.Sqrt(3) },
    };

    [Theory, MemberData(nameof(Deviations))]
    public void The_deviation_is_that_of_the_rule(Initializer initializer, double deviation)
    {
        var numbers = Draw(initializer, 64, 128, 3, 3);
        Assert.Equal(deviation, Deviation(numbers), deviation * 0.01);
        Assert.Equal(0, numbers.Average(), deviation * 0.02);
    }

    [Fact]
    public void Cut_normals_end_at_two_deviations_before_the_correction()
    {
        var end = 2 * Math.Sqrt(2 / 1152.0) / 0.87962566103423978;
        Assert.InRange(Draw(new HeNormal(), 64, 128, 3, 3).Max(Math.Abs), end * 0.99, end * 1.000001);
        Assert.True(Draw(new RandomNormal(), 64, 128, 3, 3).Max(Math.Abs) > 0.05 * 3);
    }

    [Fact]
    public void Constants_are_constant()
    {
        Assert.Equal([0f, 0], Draw(new Zeros(), 2));
        Assert.Equal([1f, 1], Draw(new Ones(), 2));
        Assert.Equal([0.3f, 0.3f], Draw(new Constant(0.3f), 2));
    }

    [Fact]
    public void Depthwise_kernels_count_all_channels_as_keras_does()
    {
        var graph = new Sequential(new DepthwiseConv2D(3) { KernelInitializer = new HeUniform() }).Build(8, 8, 64).Initialize(1);
        var kernel = graph.Parameters.Single(parameter => parameter.Name.EndsWith("kernel", StringComparison.Ordinal));
        Assert.Equal([64, 1, 3, 3], kernel.Shape);
        var limit = Math.Sqrt(6 / (64 * 9.0));
        Assert.InRange(kernel.Initializer!.Content!.Elements<float>().ToArray().Max(Math.Abs), limit * 0.97, limit);
    }

    [Fact]
    public void Equal_seeds_give_equal_networks()
    {
        static byte[] Weights(long seed) =>
            [.. Architectures.MnistCnn().Build(28, 28, 1).Initialize(seed).Parameters.Take(2)
                .SelectMany(parameter => parameter.Initializer!.Content!.Bytes.ToArray())];
        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));
    }
}
