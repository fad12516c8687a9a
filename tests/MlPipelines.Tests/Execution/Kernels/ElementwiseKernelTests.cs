using MlPipelines.Execution.Kernels;

namespace MlPipelines.Tests.Execution.Kernels;

public class ElementwiseKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(50_003)]
    public void The_gradient_of_Relu_passes_where_the_output_is_positive(int count)
    {
        var (y, dy) = (Trial.Numbers(count, 1).Select(v => MathF.Max(0, v)).ToArray(), Trial.Numbers(count, 2));
        var dx = new float[count];
        ReluGradient.Run(y, dy, dx, Trial.Workers(2));
        Assert.Equal(y.Zip(dy, (a, b) => a > 0 ? b : 0), dx);
    }

    [Theory]
    [InlineData(5, 7, 1)]
    [InlineData(128, 300, 1)]
    [InlineData(3, 5, 49)]
    [InlineData(2, 3, 5000)]
    public void Sums_channels_over_images_and_positions(int batch, int channels, int plane)
    {
        var dy = Trial.Numbers(batch * channels * plane, 4);
        var expected = new double[channels];
        for (var i = 0; i < dy.Length; i++)
            expected[i / plane % channels] += dy[i];
        Trial.SameOnAnyNumberOfThreads(parallel =>
        {
            var sum = new float[channels];
            ChannelSum.Run(batch, channels, plane, dy, sum, parallel);
            Trial.Near(expected, sum, $"{batch}×{channels}×{plane}");
            return sum;
        });
    }

    [Fact]
    public void Spreads_a_gradient_over_whole_planes()
    {
        var dx = new float[12];
        GlobalAveragePoolGradient.Run(4, new float[] { 4, 8, -2 }, dx, Trial.Alone);
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, -.5f, -.5f, -.5f, -.5f], dx);
    }
}
