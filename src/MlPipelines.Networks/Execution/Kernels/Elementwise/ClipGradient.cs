using System.Numerics;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of Clip from its input: dx = dy where x is within the bounds, else zero.</summary>
static class ClipGradient
{
    /// <summary>Computes <paramref name="dx"/>, of any shape.</summary>
    public static void Run(Bounds bounds, ReadOnlyMemory<float> x, ReadOnlyMemory<float> dy, Memory<float> dx, ParallelFor parallel) =>
        Slices.Each(x.Length, parallel,
            (start, count) => Slice(bounds, x.Span.Slice(start, count), dy.Span.Slice(start, count), dx.Span.Slice(start, count)));

    static void Slice(Bounds bounds, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx)
    {
        var (least, most) = bounds;
        var (low, high) = (new Vector<float>(least), new Vector<float>(most));
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = new Vector<float>(x[i..]);
            (Vector.GreaterThanOrEqual(value, low) & Vector.LessThanOrEqual(value, high) & new Vector<float>(dy[i..]).As<float, int>())
                .As<int, float>().CopyTo(dx[i..]);
        }
        for (; i < x.Length; i++)
            dx[i] = x[i] >= least && x[i] <= most ? dy[i] : 0;
    }
}
