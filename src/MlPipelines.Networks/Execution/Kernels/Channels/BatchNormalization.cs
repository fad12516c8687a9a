using System.Numerics;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>Batch normalization as in training: each channel is brought to mean 0 and variance 1 over images and positions,
/// then scaled, shifted and clipped.</summary>
/// <remarks>x [N,C,…] → y, mean [C], variance [C] (population). Source: Ioffe, Szegedy 2015, arXiv:1502.03167, algorithm 1.</remarks>
static class BatchNormalization
{
    /// <summary>Computes <paramref name="y"/>, <paramref name="mean"/> and <paramref name="variance"/>.</summary>
    /// <param name="input">What is normalized.</param>
    /// <param name="y">Its result.</param>
    /// <param name="mean">Each channel's mean.</param>
    /// <param name="variance">Each channel's variance.</param>
    /// <param name="parallel">Runs channels.</param>
    /// <param name="exchange">With the processes whose samples count too; null where there are none.</param>
    public static void Run(NormalizationInput input, Memory<float> y, Memory<float> mean, Memory<float> variance,
        ParallelFor parallel, StatisticsExchange? exchange = null)
    {
        var planes = input.Planes;
        if (exchange is null)
        {
            parallel(planes.Channels, channel =>
            {
                var (center, spread) = Moments(input, channel);
                Apply(channel, center, spread);
            });
            return;
        }
        var own = new StatisticsExchange.Totals(planes.Count, new double[planes.Channels], new double[planes.Channels]);
        parallel(planes.Channels, channel =>
        {
            var (center, spread) = Moments(input, channel);
            (own.First[channel], own.Second[channel]) = (center, spread * planes.Count);
        });
        var all = exchange.Moments(own);
        parallel(planes.Channels, channel => Apply(channel, all.First[channel], all.Second[channel] / all.Count));

        void Apply(int channel, double exactCenter, double exactSpread)
        {
            var (center, spread) = ((float)exactCenter, (float)exactSpread);
            var factor = planes.Factor(input.Scale.Span[channel], spread);
            for (var n = 0; n < planes.Batch; n++)
                BatchNormalization.Apply(input.X.Span.Slice(planes.At(n, channel), planes.Plane), center, factor, input.BiasOf(channel),
                    planes.Clip, y.Span.Slice(planes.At(n, channel), planes.Plane));
            (mean.Span[channel], variance.Span[channel]) = (center, spread);
        }
    }

    static (double Mean, double Variance) Moments(NormalizationInput input, int channel)
    {
        var planes = input.Planes;
        var all = input.X.Span;
        // The first image's mean is near that of all, so that one pass gives mean and variance without cancellation.
        var near = planes.Batch == 0 ? 0 : (float)(Sums.Of(all.Slice(planes.At(0, channel), planes.Plane)) / planes.Plane);
        var (sum, squares) = (0.0, 0.0);
        for (var n = 0; n < planes.Batch; n++)
            Sums.AddDeviations(all.Slice(planes.At(n, channel), planes.Plane), near, ref sum, ref squares);
        var offset = sum / planes.Count;
        return (near + offset, Math.Max(0, squares / planes.Count - offset * offset));
    }

    static void Apply(ReadOnlySpan<float> x, float center, float factor, float bias, Bounds clip, Span<float> y)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y)[..xs.Length];
        var (c, f, b, least, most) = (new Vector<float>(center), new Vector<float>(factor), new Vector<float>(bias),
            new Vector<float>(clip.Least), new Vector<float>(clip.Most));
        for (var i = 0; i < xs.Length; i++)
            ys[i] = Vector.Min(Vector.Max(Vector.FusedMultiplyAdd(xs[i] - c, f, b), least), most);
        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
            y[i] = MathF.Min(MathF.Max(MathF.FusedMultiplyAdd(x[i] - center, factor, bias), clip.Least), clip.Most);
    }
}
