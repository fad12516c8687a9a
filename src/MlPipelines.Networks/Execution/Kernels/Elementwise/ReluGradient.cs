using System.Numerics;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of Relu from its output: dx = dy where y is greater than zero, else zero.</summary>
static class ReluGradient
{
    /// <summary>Computes <paramref name="dx"/>, of any shape.</summary>
    public static void Run(ReadOnlyMemory<float> y, ReadOnlyMemory<float> dy, Memory<float> dx, ParallelFor parallel) =>
        Slices.Each(y.Length, parallel,
            (start, count) => Slice(y.Span.Slice(start, count), dy.Span.Slice(start, count), dx.Span.Slice(start, count)));

    static void Slice(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        var i = 0;
        for (; i <= y.Length - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.GreaterThan(new Vector<float>(y[i..]), Vector<float>.Zero) & new Vector<float>(dy[i..]).As<float, int>())
            .As<int, float>().CopyTo(dx[i..]);
        for (; i < y.Length; i++)
            dx[i] = y[i] > 0 ? dy[i] : 0;
    }
}
