using System.Numerics;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradients of batch normalization in training, where mean and variance depend on the input.</summary>
/// <remarks>x, dy [N,C,…], scale, mean, variance [C] → dx, dScale [C], dBias [C]. Source: Ioffe, Szegedy 2015, arXiv:1502.03167, section 3.</remarks>
static class BatchNormalizationGradient
{
    /// <summary>Computes <paramref name="dx"/>, <paramref name="dScale"/> and <paramref name="dBias"/>.</summary>
    public static void Run(int batch, int channels, int plane, float epsilon, ReadOnlyMemory<float> x, ReadOnlyMemory<float> dy, ReadOnlyMemory<float> scale,
        ReadOnlyMemory<float> mean, ReadOnlyMemory<float> variance, Memory<float> dx, Memory<float> dScale, Memory<float> dBias, ParallelFor parallel) =>
        parallel(channels, channel =>
        {
            var center = mean.Span[channel];
            var inverse = 1 / Math.Sqrt((double)variance.Span[channel] + epsilon);
            var (sum, products, count) = (0.0, 0.0, (double)batch * plane);
            for (var n = 0; n < batch; n++)
            {
                var at = (n * channels + channel) * plane;
                sum += Sums.Of(dy.Span.Slice(at, plane));
                products += Sums.OfProducts(dy.Span.Slice(at, plane), x.Span.Slice(at, plane), center);
            }
            var slope = scale.Span[channel] * inverse;
            for (var n = 0; n < batch; n++)
            {
                var at = (n * channels + channel) * plane;
                Apply(x.Span.Slice(at, plane), dy.Span.Slice(at, plane), center, (float)slope, (float)(-slope * inverse * inverse * products / count), (float)(-slope * sum / count), dx.Span.Slice(at, plane));
            }
            (dScale.Span[channel], dBias.Span[channel]) = ((float)(products * inverse), (float)sum);
        });

    /// <summary>dx = slope · dy + tilt · (x − center) + shift.</summary>
    static void Apply(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, float center, float slope, float tilt, float shift, Span<float> dx)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var dys = MemoryMarshal.Cast<float, Vector<float>>(dy);
        var dxs = MemoryMarshal.Cast<float, Vector<float>>(dx);
        var (c, s, t, b) = (new Vector<float>(center), new Vector<float>(slope), new Vector<float>(tilt), new Vector<float>(shift));
        for (var i = 0; i < xs.Length; i++)
            dxs[i] = Vector.FusedMultiplyAdd(s, dys[i], Vector.FusedMultiplyAdd(t, xs[i] - c, b));
        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
            dx[i] = MathF.FusedMultiplyAdd(slope, dy[i], MathF.FusedMultiplyAdd(tilt, x[i] - center, shift));
    }
}
