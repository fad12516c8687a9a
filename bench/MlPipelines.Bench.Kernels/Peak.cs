using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Bench.Kernels;

/// <summary>A loop of independent fused multiply-adds: what the machine gives at the moment of measuring.</summary>
static class Peak
{
    public const int Steps = 100_000;

    public static double Operations => 2.0 * 12 * (Vector512.IsHardwareAccelerated ? 16 : 8) * Steps;

    static readonly float[] Results = new float[1024];

    public static void Run(int index) => Results[index % Results.Length] =
        Vector512.IsHardwareAccelerated ? Loop512(index + 1) : Loop256(index + 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Loop512(float seed)
    {
        var x = Vector512.Create(seed);
        var y = Vector512.Create(.5f);
        var one = Vector512<float>.One;
        Vector512<float> a = x, b = a + one, c = b + one, d = c + one, e = d + one, f = e + one, g = f + one, h = g + one, i = h + one,
            j = i + one, k = j + one, l = k + one;
        for (var step = 0; step < Steps; step++)
        {
            a = Vector512.FusedMultiplyAdd(a, y, x);
            b = Vector512.FusedMultiplyAdd(b, y, x);
            c = Vector512.FusedMultiplyAdd(c, y, x);
            d = Vector512.FusedMultiplyAdd(d, y, x);
            e = Vector512.FusedMultiplyAdd(e, y, x);
            f = Vector512.FusedMultiplyAdd(f, y, x);
            g = Vector512.FusedMultiplyAdd(g, y, x);
            h = Vector512.FusedMultiplyAdd(h, y, x);
            i = Vector512.FusedMultiplyAdd(i, y, x);
            j = Vector512.FusedMultiplyAdd(j, y, x);
            k = Vector512.FusedMultiplyAdd(k, y, x);
            l = Vector512.FusedMultiplyAdd(l, y, x);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Loop256(float seed)
    {
        var x = Vector256.Create(seed);
        var y = Vector256.Create(.5f);
        var one = Vector256<float>.One;
        Vector256<float> a = x, b = a + one, c = b + one, d = c + one, e = d + one, f = e + one, g = f + one, h = g + one, i = h + one,
            j = i + one, k = j + one, l = k + one;
        for (var step = 0; step < Steps; step++)
        {
            a = Vector256.FusedMultiplyAdd(a, y, x);
            b = Vector256.FusedMultiplyAdd(b, y, x);
            c = Vector256.FusedMultiplyAdd(c, y, x);
            d = Vector256.FusedMultiplyAdd(d, y, x);
            e = Vector256.FusedMultiplyAdd(e, y, x);
            f = Vector256.FusedMultiplyAdd(f, y, x);
            g = Vector256.FusedMultiplyAdd(g, y, x);
            h = Vector256.FusedMultiplyAdd(h, y, x);
            i = Vector256.FusedMultiplyAdd(i, y, x);
            j = Vector256.FusedMultiplyAdd(j, y, x);
            k = Vector256.FusedMultiplyAdd(k, y, x);
            l = Vector256.FusedMultiplyAdd(l, y, x);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
