using MlPipelines.Execution.Kernels;

namespace MlPipelines.Tests.Execution.Kernels;

public class BatchNormalizationTests
{
    const float Epsilon = 1e-3f;

    [Theory]
    [InlineData(4, 3, 25)]
    [InlineData(2, 5, 3136)]
    [InlineData(37, 9, 1)]
    public void Brings_each_channel_to_the_scale_and_bias(int batch, int channels, int plane)
    {
        var (x, scale, bias) = (Trial.Numbers(batch * channels * plane, 1).Select(v => 3 * v + 100).ToArray(), Trial.Numbers(channels, 2),
            Trial.Numbers(channels, 3));
        var expected = Normalize(x, scale, bias, batch, channels, plane, out var means, out var variances);
        Trial.SameOnAnyNumberOfThreads(parallel =>
        {
            var (y, mean, variance) = (new float[x.Length], new float[channels], new float[channels]);
            BatchNormalization.Run(new(new(batch, channels, plane, Epsilon, Bounds.None), x, scale, bias), y, mean, variance, parallel);
            Trial.Near(expected, y, "y", 1e-5);
            Trial.Near(means, mean, "mean", 1e-6);
            Trial.Near(variances, variance, "variance", 1e-5);
            return [.. y, .. mean, .. variance];
        });
    }

    [Theory]
    [InlineData(4, 3, 25)]
    [InlineData(2, 2, 1200)]
    [InlineData(17, 9, 1)]
    public void Its_gradients_agree_with_central_differences_in_double(int batch, int channels, int plane)
    {
        var (x, dy, scale) =
            (Trial.Numbers(batch * channels * plane, 1), Trial.Numbers(batch * channels * plane, 4), Trial.Numbers(channels, 2));
        var bias = Trial.Numbers(channels, 3);
        Normalize(x, scale, bias, batch, channels, plane, out var means, out var variances);
        var (mean, variance) = (means.Select(v => (float)v).ToArray(), variances.Select(v => (float)v).ToArray());
        float[] dx = [], dScale = [], dBias = [];
        Trial.SameOnAnyNumberOfThreads(parallel =>
        {
            (dx, dScale, dBias) = (new float[x.Length], new float[channels], new float[channels]);
            var input = new NormalizationInput(new(batch, channels, plane, Epsilon, Bounds.None), x, scale, default);
            new BatchNormalizationGradient(input, mean, variance).Run(dy, dx, dScale, dBias, parallel);
            return [.. dx, .. dScale, .. dBias];
        });
        foreach (var at in Enumerable.Range(0, 12).Select(i => i * 7919 % x.Length))
            Assert.Equal(Slope(step => Normalize(x, scale, bias, batch, channels, plane, out _, out _, at, step)), dx[at], 1e-4);
        for (var c = 0; c < channels; c++)
        {
            var wider = Normalize(x, [.. scale.Select((v, i) => i == c ? v + 1 : v)], bias, batch, channels, plane, out _, out _);
            var plain = Normalize(x, scale, bias, batch, channels, plane, out _, out _);
            Assert.Equal(wider.Select((v, i) => (v - plain[i]) * dy[i]).Sum(), dScale[c], 1e-3);
            Assert.Equal(dy.Where((_, i) => i / plane % channels == c).Sum(v => (double)v), dBias[c], 1e-3);
        }

        double Slope(Func<double, double[]> run)
        {
            var (up, down) = (run(1e-4), run(-1e-4));
            return dy.Select((g, i) => g * (up[i] - down[i])).Sum() / 2e-4;
        }
    }

    [Theory]
    [InlineData(4, 3, 25)]
    [InlineData(2, 2, 1200)]
    [InlineData(17, 9, 1)]
    public void Clipping_within_it_gives_what_clipping_after_it_gives(int batch, int channels, int plane)
    {
        var (x, dy, scale, bias) = (Trial.Numbers(batch * channels * plane, 1), Trial.Numbers(batch * channels * plane, 4),
            Trial.Numbers(channels, 2), Trial.Numbers(channels, 3));
        var clip = new Bounds(-0.3f, 0.4f);
        var plain = new NormalizationInput(new(batch, channels, plane, Epsilon, Bounds.None), x, scale, bias);
        var clipped = plain with { Planes = plain.Planes with { Clip = clip } };
        var (y, mean, variance) = (new float[x.Length], new float[channels], new float[channels]);
        BatchNormalization.Run(plain, y, mean, variance, Trial.Alone);
        var inside = new float[x.Length];
        ClipGradient.Run(clip, y, dy, inside, Trial.Alone);
        var (expected, expectedScale, expectedBias) = (new float[x.Length], new float[channels], new float[channels]);
        new BatchNormalizationGradient(plain with { Bias = default }, mean, variance).Run(inside, expected, expectedScale, expectedBias,
            Trial.Alone);

        Trial.SameOnAnyNumberOfThreads(parallel =>
        {
            var result = new float[x.Length];
            BatchNormalization.Run(clipped, result, mean, variance, parallel);
            Assert.Equal(y.Select(v => Math.Clamp(v, -0.3f, 0.4f)), result);
            var (dx, dScale, dBias) = (new float[x.Length], new float[channels], new float[channels]);
            new BatchNormalizationGradient(clipped, mean, variance).Run(dy, dx, dScale, dBias, parallel);
            Assert.Equal(expected, dx);
            Assert.Equal(expectedScale, dScale);
            Assert.Equal(expectedBias, dBias);
            return [.. result, .. dx, .. dScale, .. dBias];
        });
    }

    [Fact]
    public void A_channel_far_from_zero_keeps_its_variance()
    {
        var x = Trial.Numbers(8 * 500, 1).Select(v => v * 0.01f + 1000).ToArray();
        var (y, mean, variance) = (new float[x.Length], new float[1], new float[1]);
        var input = new NormalizationInput(new(8, 1, 500, 1e-9f, Bounds.None), x, new float[] { 1 }, new float[] { 0 });
        BatchNormalization.Run(input, y, mean, variance, Trial.Alone);
        var exact = x.Average(v => (double)v);
        Assert.Equal(1, variance[0] / x.Average(v => Math.Pow(v - exact, 2)), 1e-4);
    }

    static double[] Normalize(float[] x, float[] scale, float[] bias, int batch, int channels, int plane, out double[] means,
        out double[] variances, int moved = 0, double step = 0)
    {
        var values = x.Select((v, i) => i == moved ? v + step : v).ToArray();
        int Channel(int i) => i / plane % channels;
        var mean = new double[channels];
        var variance = new double[channels];
        for (var i = 0; i < values.Length; i++)
            mean[Channel(i)] += values[i] / (batch * plane);
        for (var i = 0; i < values.Length; i++)
            variance[Channel(i)] += Math.Pow(values[i] - mean[Channel(i)], 2) / (batch * plane);
        (means, variances) = (mean, variance);
        return [.. values.Select((v, i) => (v - mean[Channel(i)]) / Math.Sqrt(variance[Channel(i)] + Epsilon) * scale[Channel(i)]
            + bias[Channel(i)])];
    }
}
