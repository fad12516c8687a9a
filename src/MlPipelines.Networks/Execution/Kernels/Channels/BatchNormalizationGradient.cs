using System.Numerics;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradients of batch normalization in training, where mean and variance depend on the input.</summary>
/// <param name="Input">What was normalized.</param>
/// <param name="Mean">Each channel's mean, as the forward pass found it.</param>
/// <param name="Variance">Each channel's variance, likewise.</param>
/// <remarks>x, dy [N,C,…], scale, bias, mean, variance [C] → dx, dScale [C], dBias [C]. Where the result was clipped, dy counts as zero;
/// results are computed again to see where. Source: Ioffe, Szegedy 2015, arXiv:1502.03167, section 3.</remarks>
readonly record struct BatchNormalizationGradient(NormalizationInput Input, ReadOnlyMemory<float> Mean, ReadOnlyMemory<float> Variance)
{
    // As in Sums: float within a block, double from one to the next.
    const int Block = 1024;

    /// <summary>What one channel's elements are multiplied and compared with.</summary>
    readonly record struct Channel(float Center, float Factor, float Bias, Bounds Clip);

    /// <summary>dx = Slope · dy + Tilt · (x − center) + Shift.</summary>
    readonly record struct InputGradient(float Slope, float Tilt, float Shift);

    /// <summary>Computes <paramref name="dx"/>, <paramref name="dScale"/> and <paramref name="dBias"/>.</summary>
    /// <param name="dy">Gradient of the result.</param>
    /// <param name="dx">Gradient of what was normalized.</param>
    /// <param name="dScale">Gradient of the scale, over this process's samples.</param>
    /// <param name="dBias">Gradient of the bias, likewise.</param>
    /// <param name="parallel">Runs channels.</param>
    /// <param name="exchange">With the processes whose samples were normalized too; null where there are none.</param>
    public void Run(ReadOnlyMemory<float> dy, Memory<float> dx, Memory<float> dScale, Memory<float> dBias, ParallelFor parallel,
        StatisticsExchange? exchange = null)
    {
        var self = this;
        var planes = Input.Planes;
        if (exchange is null)
        {
            parallel(planes.Channels, at =>
            {
                var (sum, products) = self.SumsOf(at, dy);
                self.Apply(at, planes.Count, sum, products, dy, dx);
                (dScale.Span[at], dBias.Span[at]) = ((float)(products * self.Inverse(at)), (float)sum);
            });
            return;
        }
        var own = new StatisticsExchange.Totals(planes.Count, new double[planes.Channels], new double[planes.Channels]);
        parallel(planes.Channels, at =>
        {
            (own.First[at], own.Second[at]) = self.SumsOf(at, dy);
            // Gradients of weights are summed over the processes later, those of inputs are this process's alone.
            (dScale.Span[at], dBias.Span[at]) = ((float)(own.Second[at] * self.Inverse(at)), (float)own.First[at]);
        });
        var all = exchange.Sums(own);
        parallel(planes.Channels, at => self.Apply(at, all.Count, all.First[at], all.Second[at], dy, dx));
    }

    double Inverse(int at) => 1 / Math.Sqrt((double)Variance.Span[at] + Input.Planes.Epsilon);

    Channel ChannelOf(int at) =>
        new(Mean.Span[at], Input.Planes.Factor(Input.Scale.Span[at], Variance.Span[at]), Input.BiasOf(at), Input.Planes.Clip);

    /// <summary>Σ dy and Σ dy · (x − center) of a channel.</summary>
    (double Sum, double Products) SumsOf(int at, ReadOnlyMemory<float> dy)
    {
        var (planes, x, channel) = (Input.Planes, Input.X, ChannelOf(at));
        var (sum, products) = (0.0, 0.0);
        for (var n = 0; n < planes.Batch; n++)
            Add(x.Span.Slice(planes.At(n, at), planes.Plane), dy.Span.Slice(planes.At(n, at), planes.Plane), channel, ref sum,
                ref products);
        return (sum, products);
    }

    // With n numbers a channel, 1/σ = inverse: dx = scale/σ · (dy − Σdy/n − (x − center)/σ² · Σ(dy·(x − center))/n).
    void Apply(int at, double count, double sum, double products, ReadOnlyMemory<float> dy, Memory<float> dx)
    {
        var (planes, x, channel, inverse) = (Input.Planes, Input.X, ChannelOf(at), Inverse(at));
        var slope = Input.Scale.Span[at] * inverse;
        var gradient = new InputGradient((float)slope, (float)(-slope * inverse * inverse * products / count),
            (float)(-slope * sum / count));
        for (var n = 0; n < planes.Batch; n++)
            Apply(x.Span.Slice(planes.At(n, at), planes.Plane), dy.Span.Slice(planes.At(n, at), planes.Plane), channel, gradient,
                dx.Span.Slice(planes.At(n, at), planes.Plane));
    }

    /// <summary>Adds Σ dy and Σ dy · (x − center).</summary>
    static void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, in Channel channel, ref double sum, ref double products)
    {
        for (; x.Length > Block; x = x[Block..], dy = dy[Block..])
            AddBlock(x[..Block], dy[..Block], channel, ref sum, ref products);
        AddBlock(x, dy, channel, ref sum, ref products);
    }

    static void AddBlock(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, in Channel channel, ref double sum, ref double products)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var dys = MemoryMarshal.Cast<float, Vector<float>>(dy)[..xs.Length];
        var (c, f, b, least, most) = Spread(channel);
        Vector<float> s0 = default, s1 = default, p0 = default, p1 = default;
        var i = 0;
        for (; i <= xs.Length - 2; i += 2)
        {
            var (u, v) = (xs[i] - c, xs[i + 1] - c);
            var (du, dv) = (Passed(u, dys[i], f, b, least, most), Passed(v, dys[i + 1], f, b, least, most));
            (s0, s1) = (s0 + du, s1 + dv);
            (p0, p1) = (Vector.FusedMultiplyAdd(du, u, p0), Vector.FusedMultiplyAdd(dv, v, p1));
        }
        if (i < xs.Length)
        {
            var du = Passed(xs[i] - c, dys[i], f, b, least, most);
            (s0, p0) = (s0 + du, Vector.FusedMultiplyAdd(du, xs[i] - c, p0));
        }
        sum += Vector.Sum(s0 + s1);
        products += Vector.Sum(p0 + p1);
        for (i = xs.Length * Vector<float>.Count; i < x.Length; i++)
        {
            var passed = Passed(x[i] - channel.Center, dy[i], channel);
            sum += passed;
            products += passed * (x[i] - channel.Center);
        }
    }

    static void Apply(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, in Channel channel, InputGradient gradient, Span<float> dx)
    {
        var (slope, tilt, shift) = gradient;
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var dys = MemoryMarshal.Cast<float, Vector<float>>(dy)[..xs.Length];
        var dxs = MemoryMarshal.Cast<float, Vector<float>>(dx)[..xs.Length];
        var (c, f, b, least, most) = Spread(channel);
        var (s, t, h) = (new Vector<float>(slope), new Vector<float>(tilt), new Vector<float>(shift));
        for (var i = 0; i < xs.Length; i++)
        {
            var u = xs[i] - c;
            dxs[i] = Vector.FusedMultiplyAdd(s, Passed(u, dys[i], f, b, least, most), Vector.FusedMultiplyAdd(t, u, h));
        }
        for (var i = xs.Length * Vector<float>.Count; i < x.Length; i++)
            dx[i] = MathF.FusedMultiplyAdd(slope, Passed(x[i] - channel.Center, dy[i], channel),
                MathF.FusedMultiplyAdd(tilt, x[i] - channel.Center, shift));
    }

    static (Vector<float> Center, Vector<float> Factor, Vector<float> Bias, Vector<float> Least, Vector<float> Most) Spread(
        in Channel channel) =>
        (new(channel.Center), new(channel.Factor), new(channel.Bias), new(channel.Clip.Least), new(channel.Clip.Most));

    // The forward pass's own operations on its own numbers, so that the result comes out to the bit and no element at a bound is missed.
    static Vector<float> Passed(Vector<float> fromCenter, Vector<float> dy, Vector<float> factor, Vector<float> bias, Vector<float> least,
        Vector<float> most)
    {
        var result = Vector.FusedMultiplyAdd(fromCenter, factor, bias);
        return (Vector.GreaterThanOrEqual(result, least) & Vector.LessThanOrEqual(result, most) & dy.As<float, int>()).As<int, float>();
    }

    static float Passed(float fromCenter, float dy, in Channel channel) =>
        MathF.FusedMultiplyAdd(fromCenter, channel.Factor, channel.Bias) is var result
        && result >= channel.Clip.Least && result <= channel.Clip.Most ? dy : 0;
}
