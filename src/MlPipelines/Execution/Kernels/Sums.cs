using System.Numerics;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>Sums over runs, in double from one block to the next, always in the same order.</summary>
static class Sums
{
    const int Block = 1024;

    public static double Of(ReadOnlySpan<float> x)
    {
        var sum = 0.0;
        for (; x.Length > Block; x = x[Block..])
            sum += OfBlock(x[..Block]);
        return sum + OfBlock(x);
    }

    /// <summary>Σ (x − shift)².</summary>
    public static double OfSquares(ReadOnlySpan<float> x, float shift)
    {
        var sum = 0.0;
        for (; x.Length > Block; x = x[Block..])
            sum += SquaresOfBlock(x[..Block], shift);
        return sum + SquaresOfBlock(x, shift);
    }

    /// <summary>Σ y · (x − shift).</summary>
    public static double OfProducts(ReadOnlySpan<float> y, ReadOnlySpan<float> x, float shift)
    {
        var sum = 0.0;
        for (; x.Length > Block; x = x[Block..], y = y[Block..])
            sum += ProductsOfBlock(y[..Block], x[..Block], shift);
        return sum + ProductsOfBlock(y, x, shift);
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

    static double SquaresOfBlock(ReadOnlySpan<float> x, float shift)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(x);
        var mean = new Vector<float>(shift);
        Vector<float> a = default, b = default;
        var i = 0;
        for (; i <= vectors.Length - 2; i += 2)
        {
            a = Vector.FusedMultiplyAdd(vectors[i] - mean, vectors[i] - mean, a);
            b = Vector.FusedMultiplyAdd(vectors[i + 1] - mean, vectors[i + 1] - mean, b);
        }
        if (i < vectors.Length)
            a = Vector.FusedMultiplyAdd(vectors[i] - mean, vectors[i] - mean, a);
        double sum = Vector.Sum(a + b);
        for (i = vectors.Length * Vector<float>.Count; i < x.Length; i++)
            sum += (x[i] - shift) * (x[i] - shift);
        return sum;
    }

    static double ProductsOfBlock(ReadOnlySpan<float> y, ReadOnlySpan<float> x, float shift)
    {
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y);
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var mean = new Vector<float>(shift);
        Vector<float> a = default, b = default;
        var i = 0;
        for (; i <= xs.Length - 2; i += 2)
        {
            a = Vector.FusedMultiplyAdd(ys[i], xs[i] - mean, a);
            b = Vector.FusedMultiplyAdd(ys[i + 1], xs[i + 1] - mean, b);
        }
        if (i < xs.Length)
            a = Vector.FusedMultiplyAdd(ys[i], xs[i] - mean, a);
        double sum = Vector.Sum(a + b);
        for (i = xs.Length * Vector<float>.Count; i < x.Length; i++)
            sum += y[i] * (x[i] - shift);
        return sum;
    }
}
