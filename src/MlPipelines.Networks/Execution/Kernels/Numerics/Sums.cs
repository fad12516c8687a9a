using System.Numerics;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>Sums over runs, in double from one block to the next, always in the same order.</summary>
static class Sums
{
    // Within a block each lane sums up in float, blocks in double: rounding errors grow with the block and not with the run. The length of
    // a block and the width of a vector decide the order of summation, the number of threads does not.
    const int Block = 1024;

    public static double Of(ReadOnlySpan<float> x)
    {
        var sum = 0.0;
        for (; x.Length > Block; x = x[Block..])
            sum += OfBlock(x[..Block]);
        return sum + OfBlock(x);
    }

    /// <summary>Adds Σ (x − shift) and Σ (x − shift)².</summary>
    /// <remarks>Near the mean, a shift keeps the variance Σ(x − shift)²/n − (Σ(x − shift)/n)² free of cancellation. Source: Chan, Golub,
    /// LeVeque 1983, The American Statistician 37, shifted data.</remarks>
    public static void AddDeviations(ReadOnlySpan<float> x, float shift, ref double sum, ref double squares)
    {
        for (; x.Length > Block; x = x[Block..])
            AddDeviationsOfBlock(x[..Block], shift, ref sum, ref squares);
        AddDeviationsOfBlock(x, shift, ref sum, ref squares);
    }

    /// <summary>Adds numbers to as many others, one by one.</summary>
    public static void Add(Span<float> sums, ReadOnlySpan<float> numbers)
    {
        var to = MemoryMarshal.Cast<float, Vector<float>>(sums);
        var from = MemoryMarshal.Cast<float, Vector<float>>(numbers)[..to.Length];
        for (var i = 0; i < to.Length; i++)
            to[i] += from[i];
        for (var i = to.Length * Vector<float>.Count; i < sums.Length; i++)
            sums[i] += numbers[i];
    }

    static double OfBlock(ReadOnlySpan<float> x)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(x);
        Vector<float> a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i <= vectors.Length - 4; i += 4)
        {
            a += vectors[i];
            b += vectors[i + 1];
            c += vectors[i + 2];
            d += vectors[i + 3];
        }
        for (; i < vectors.Length; i++)
            a += vectors[i];
        double sum = Vector.Sum(a + b + (c + d));
        for (i = vectors.Length * Vector<float>.Count; i < x.Length; i++)
            sum += x[i];
        return sum;
    }

    static void AddDeviationsOfBlock(ReadOnlySpan<float> x, float shift, ref double sum, ref double squares)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(x);
        var mean = new Vector<float>(shift);
        Vector<float> a = default, b = default, aa = default, bb = default;
        var i = 0;
        for (; i <= vectors.Length - 2; i += 2)
        {
            var (u, v) = (vectors[i] - mean, vectors[i + 1] - mean);
            (a, b) = (a + u, b + v);
            (aa, bb) = (Vector.FusedMultiplyAdd(u, u, aa), Vector.FusedMultiplyAdd(v, v, bb));
        }
        if (i < vectors.Length)
        {
            var u = vectors[i] - mean;
            (a, aa) = (a + u, Vector.FusedMultiplyAdd(u, u, aa));
        }
        sum += Vector.Sum(a + b);
        squares += Vector.Sum(aa + bb);
        for (i = vectors.Length * Vector<float>.Count; i < x.Length; i++)
        {
            var u = x[i] - shift;
            sum += u;
            squares += u * u;
        }
    }
}
