using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One 3×3 filter without strides over a flat channel, four rows at a time, so that each row read serves three rows written. For
/// 32 registers of 512 bits.</summary>
static class DepthwiseRows
{
    public const int Rows = 4;
    public const int Taps = 9;

    /// <summary>Floats beyond a band that are read, and written with values of no meaning.</summary>
    public static int Slack(int pitch) => Rows * pitch + 32;

    /// <param name="x">Start of the flat channel, at the tap of the lowest offset.</param>
    /// <param name="weights">The nine weights, by the offset of their tap.</param>
    /// <param name="bias">The first summand.</param>
    /// <param name="relu">Whether negative sums become zero.</param>
    /// <param name="y">Start of the output.</param>
    /// <param name="rows">Rows of output; rounded up to four.</param>
    /// <param name="pitch">Floats from one row to the next, in and out.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ref float x, ReadOnlySpan<float> weights, float bias, bool relu, ref float y, int rows, int pitch)
    {
        var first = Vector512.Create(bias);
        var floor = Vector512.Create(relu ? 0f : float.NegativeInfinity);
        Vector512<float> w00 = Vector512.Create(weights[0]), w01 = Vector512.Create(weights[1]), w02 = Vector512.Create(weights[2]);
        Vector512<float> w10 = Vector512.Create(weights[3]), w11 = Vector512.Create(weights[4]), w12 = Vector512.Create(weights[5]);
        Vector512<float> w20 = Vector512.Create(weights[6]), w21 = Vector512.Create(weights[7]), w22 = Vector512.Create(weights[8]);
        for (var r = 0; r < rows; r += Rows)
            for (var p = 0; p < pitch; p += 16)
            {
                ref var from = ref Unsafe.Add(ref x, r * pitch + p);
                ref var to = ref Unsafe.Add(ref y, r * pitch + p);
                var (u, v, w) = (Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 1), Vector512.LoadUnsafe(ref from, 2));
                var a = Add(first, u, v, w, w00, w01, w02);
                from = ref Unsafe.Add(ref from, pitch);
                (u, v, w) = (Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 1), Vector512.LoadUnsafe(ref from, 2));
                a = Add(a, u, v, w, w10, w11, w12);
                var b = Add(first, u, v, w, w00, w01, w02);
                from = ref Unsafe.Add(ref from, pitch);
                (u, v, w) = (Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 1), Vector512.LoadUnsafe(ref from, 2));
                a = Add(a, u, v, w, w20, w21, w22);
                b = Add(b, u, v, w, w10, w11, w12);
                var c = Add(first, u, v, w, w00, w01, w02);
                from = ref Unsafe.Add(ref from, pitch);
                (u, v, w) = (Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 1), Vector512.LoadUnsafe(ref from, 2));
                b = Add(b, u, v, w, w20, w21, w22);
                c = Add(c, u, v, w, w10, w11, w12);
                var d = Add(first, u, v, w, w00, w01, w02);
                from = ref Unsafe.Add(ref from, pitch);
                (u, v, w) = (Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 1), Vector512.LoadUnsafe(ref from, 2));
                c = Add(c, u, v, w, w20, w21, w22);
                d = Add(d, u, v, w, w10, w11, w12);
                from = ref Unsafe.Add(ref from, pitch);
                (u, v, w) = (Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 1), Vector512.LoadUnsafe(ref from, 2));
                d = Add(d, u, v, w, w20, w21, w22);
                Vector512.Max(a, floor).StoreUnsafe(ref to);
                Vector512.Max(b, floor).StoreUnsafe(ref to, (nuint)pitch);
                Vector512.Max(c, floor).StoreUnsafe(ref to, (nuint)(2 * pitch));
                Vector512.Max(d, floor).StoreUnsafe(ref to, (nuint)(3 * pitch));
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Add(Vector512<float> sum, Vector512<float> u, Vector512<float> v, Vector512<float> w, Vector512<float> a,
        Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(w, c, Vector512.FusedMultiplyAdd(v, b, Vector512.FusedMultiplyAdd(u, a, sum)));
}
