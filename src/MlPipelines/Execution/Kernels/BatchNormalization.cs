using System.Numerics;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>Batch normalization as in training: each channel is brought to mean 0 and variance 1 over images and positions, then scaled and shifted.</summary>
/// <remarks>x [N,C,…] → y, mean [C], variance [C] (population). Source: Ioffe, Szegedy 2015, arXiv:1502.03167, algorithm 1.</remarks>
static class BatchNormalization
{
    /// <summary>Computes <paramref name="y"/>, <paramref name="mean"/> and <paramref name="variance"/>.</summary>
    public static void Run(int batch, int channels, int plane, float epsilon, ReadOnlyMemory<float> x, ReadOnlyMemory<float> scale, ReadOnlyMemory<float> bias,
        Memory<float> y, Memory<float> mean, Memory<float> variance, ParallelFor parallel) =>
        parallel(channels, channel =>
        {
            var all = x.Span;
            var (sum, squares, count) = (0.0, 0.0, (double)batch * plane);
            for (var n = 0; n < batch; n++)
                sum += Sums.Of(all.Slice((n * channels + channel) * plane, plane));
            var center = (float)(sum / count);
            for (var n = 0; n < batch; n++)
                squares += Sums.OfSquares(all.Slice((n * channels + channel) * plane, plane), center);
            var offset = sum / count - center;
            var spread = squares / count - offset * offset;
            var factor = (float)(scale.Span[channel] / Math.Sqrt(spread + epsilon));
            for (var n = 0; n < batch; n++)
                Apply(all.Slice((n * channels + channel) * plane, plane), center, factor, bias.Span[channel], y.Span.Slice((n * channels + channel) * plane, plane));
            (mean.Span[channel], variance.Span[channel]) = (center, (float)spread);
        });

    static void Apply(ReadOnlySpan<float> x, float center, float factor, float bias, Span<float> y)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        var (c, f, b) = (new Vector<float>(center), new Vector<float>(factor), new Vector<float>(bias));
        for (var i = 0; i < xs.Length; i++)
            ys[i] = Vector.FusedMultiplyAdd(xs[i] - c, f, b);
        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
            y[i] = MathF.FusedMultiplyAdd(x[i] - center, factor, bias);
    }
}
