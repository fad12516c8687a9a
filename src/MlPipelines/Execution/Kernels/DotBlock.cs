using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlPipelines.Execution.Kernels;

/// <summary>The 24 dot products of 4 rows of output gradient with 6 shifted runs of the input, added to a block of sums.</summary>
static class DotBlock
{
    public const int Rows = 4;
    public const int Taps = 6;

    /// <summary>True where the 512-bit variant runs.</summary>
    public static bool IsWideSupported => Avx512F.IsSupported && Vector512.IsHardwareAccelerated;

    /// <param name="wide">Whether to use 512-bit registers; allowed where <see cref="IsWideSupported"/>.</param>
    /// <param name="dy">First row of the gradient.</param>
    /// <param name="dyStride">Floats from one row to the next.</param>
    /// <param name="x">Start of the input.</param>
    /// <param name="offsets">Six offsets into the input.</param>
    /// <param name="length">Floats of a run, a multiple of 16.</param>
    /// <param name="images">Images to sum over.</param>
    /// <param name="dyImage">Floats from one image's gradient to the next.</param>
    /// <param name="xImage">Floats from one image's input to the next.</param>
    /// <param name="sums">The sum of row 0 and tap 0; taps are consecutive.</param>
    /// <param name="sumsPitch">Floats from one row of sums to the next.</param>
    public static void Add(bool wide, ref float dy, nint dyStride, ref float x, ref int offsets, int length, int images, nint dyImage, nint xImage, ref float sums, nint sumsPitch)
    {
        if (wide)
        {
            Add512(ref dy, dyStride, ref x, ref offsets, length, images, dyImage, xImage, ref sums, sumsPitch);
            return;
        }
        Add256(ref dy, dyStride, ref x, ref offsets, length, images, dyImage, xImage, ref sums, sumsPitch);
        Add256(ref Unsafe.Add(ref dy, 2 * dyStride), dyStride, ref x, ref offsets, length, images, dyImage, xImage, ref Unsafe.Add(ref sums, 2 * sumsPitch), sumsPitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Add512(ref float dy, nint dyStride, ref float x, ref int offsets, int length, int images, nint dyImage, nint xImage, ref float sums, nint sumsPitch)
    {
        Vector512<float> a00 = default, a01 = default, a02 = default, a03 = default, a04 = default, a05 = default;
        Vector512<float> a10 = default, a11 = default, a12 = default, a13 = default, a14 = default, a15 = default;
        Vector512<float> a20 = default, a21 = default, a22 = default, a23 = default, a24 = default, a25 = default;
        Vector512<float> a30 = default, a31 = default, a32 = default, a33 = default, a34 = default, a35 = default;
        for (var image = 0; image < images; image++)
        {
            ref var y0 = ref Unsafe.Add(ref dy, image * dyImage);
            ref var y1 = ref Unsafe.Add(ref dy, image * dyImage + 1 * dyStride);
            ref var y2 = ref Unsafe.Add(ref dy, image * dyImage + 2 * dyStride);
            ref var y3 = ref Unsafe.Add(ref dy, image * dyImage + 3 * dyStride);
            ref var x0 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 0));
            ref var x1 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 1));
            ref var x2 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 2));
            ref var x3 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 3));
            ref var x4 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 4));
            ref var x5 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 5));
            for (nuint l = 0; l < (nuint)length; l += 16)
            {
                Vector512<float> b0 = Vector512.LoadUnsafe(ref y0, l), b1 = Vector512.LoadUnsafe(ref y1, l), b2 = Vector512.LoadUnsafe(ref y2, l), b3 = Vector512.LoadUnsafe(ref y3, l);
                var v0 = Vector512.LoadUnsafe(ref x0, l);
                a00 = Vector512.FusedMultiplyAdd(v0, b0, a00);
                a10 = Vector512.FusedMultiplyAdd(v0, b1, a10);
                a20 = Vector512.FusedMultiplyAdd(v0, b2, a20);
                a30 = Vector512.FusedMultiplyAdd(v0, b3, a30);
                var v1 = Vector512.LoadUnsafe(ref x1, l);
                a01 = Vector512.FusedMultiplyAdd(v1, b0, a01);
                a11 = Vector512.FusedMultiplyAdd(v1, b1, a11);
                a21 = Vector512.FusedMultiplyAdd(v1, b2, a21);
                a31 = Vector512.FusedMultiplyAdd(v1, b3, a31);
                var v2 = Vector512.LoadUnsafe(ref x2, l);
                a02 = Vector512.FusedMultiplyAdd(v2, b0, a02);
                a12 = Vector512.FusedMultiplyAdd(v2, b1, a12);
                a22 = Vector512.FusedMultiplyAdd(v2, b2, a22);
                a32 = Vector512.FusedMultiplyAdd(v2, b3, a32);
                var v3 = Vector512.LoadUnsafe(ref x3, l);
                a03 = Vector512.FusedMultiplyAdd(v3, b0, a03);
                a13 = Vector512.FusedMultiplyAdd(v3, b1, a13);
                a23 = Vector512.FusedMultiplyAdd(v3, b2, a23);
                a33 = Vector512.FusedMultiplyAdd(v3, b3, a33);
                var v4 = Vector512.LoadUnsafe(ref x4, l);
                a04 = Vector512.FusedMultiplyAdd(v4, b0, a04);
                a14 = Vector512.FusedMultiplyAdd(v4, b1, a14);
                a24 = Vector512.FusedMultiplyAdd(v4, b2, a24);
                a34 = Vector512.FusedMultiplyAdd(v4, b3, a34);
                var v5 = Vector512.LoadUnsafe(ref x5, l);
                a05 = Vector512.FusedMultiplyAdd(v5, b0, a05);
                a15 = Vector512.FusedMultiplyAdd(v5, b1, a15);
                a25 = Vector512.FusedMultiplyAdd(v5, b2, a25);
                a35 = Vector512.FusedMultiplyAdd(v5, b3, a35);
            }
        }
        Vector512<float> s0 = FoldRows(a00, a10, a20, a30), s1 = FoldRows(a01, a11, a21, a31), s2 = FoldRows(a02, a12, a22, a32);
        Vector512<float> s3 = FoldRows(a03, a13, a23, a33), s4 = FoldRows(a04, a14, a24, a34), s5 = FoldRows(a05, a15, a25, a35);
        var first = FoldPairs(FoldPairs(s0, s1), FoldPairs(s2, s3));
        var last = FoldPairs(FoldPairs(s4, s5), Vector512<float>.Zero);
        for (var k = 0; k < Rows; k++)
        {
            ref var row = ref Unsafe.Add(ref sums, k * sumsPitch);
            var (four, two) = k switch
            {
                0 => (first.GetLower().GetLower(), last.GetLower().GetLower()),
                1 => (first.GetLower().GetUpper(), last.GetLower().GetUpper()),
                2 => (first.GetUpper().GetLower(), last.GetUpper().GetLower()),
                _ => (first.GetUpper().GetUpper(), last.GetUpper().GetUpper()),
            };
            (Vector128.LoadUnsafe(ref row) + four).StoreUnsafe(ref row);
            Unsafe.Add(ref row, 4) += two[0];
            Unsafe.Add(ref row, 5) += two[1];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Add256(ref float dy, nint dyStride, ref float x, ref int offsets, int length, int images, nint dyImage, nint xImage, ref float sums, nint sumsPitch)
    {
        Vector256<float> a00 = default, a01 = default, a02 = default, a03 = default, a04 = default, a05 = default;
        Vector256<float> a10 = default, a11 = default, a12 = default, a13 = default, a14 = default, a15 = default;
        for (var image = 0; image < images; image++)
        {
            ref var y0 = ref Unsafe.Add(ref dy, image * dyImage);
            ref var y1 = ref Unsafe.Add(ref dy, image * dyImage + dyStride);
            ref var x0 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 0));
            ref var x1 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 1));
            ref var x2 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 2));
            ref var x3 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 3));
            ref var x4 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 4));
            ref var x5 = ref Unsafe.Add(ref x, image * xImage + Unsafe.Add(ref offsets, 5));
            for (nuint l = 0; l < (nuint)length; l += 8)
            {
                Vector256<float> b0 = Vector256.LoadUnsafe(ref y0, l), b1 = Vector256.LoadUnsafe(ref y1, l);
                var v0 = Vector256.LoadUnsafe(ref x0, l);
                a00 = Vector256.FusedMultiplyAdd(v0, b0, a00);
                a10 = Vector256.FusedMultiplyAdd(v0, b1, a10);
                var v1 = Vector256.LoadUnsafe(ref x1, l);
                a01 = Vector256.FusedMultiplyAdd(v1, b0, a01);
                a11 = Vector256.FusedMultiplyAdd(v1, b1, a11);
                var v2 = Vector256.LoadUnsafe(ref x2, l);
                a02 = Vector256.FusedMultiplyAdd(v2, b0, a02);
                a12 = Vector256.FusedMultiplyAdd(v2, b1, a12);
                var v3 = Vector256.LoadUnsafe(ref x3, l);
                a03 = Vector256.FusedMultiplyAdd(v3, b0, a03);
                a13 = Vector256.FusedMultiplyAdd(v3, b1, a13);
                var v4 = Vector256.LoadUnsafe(ref x4, l);
                a04 = Vector256.FusedMultiplyAdd(v4, b0, a04);
                a14 = Vector256.FusedMultiplyAdd(v4, b1, a14);
                var v5 = Vector256.LoadUnsafe(ref x5, l);
                a05 = Vector256.FusedMultiplyAdd(v5, b0, a05);
                a15 = Vector256.FusedMultiplyAdd(v5, b1, a15);
            }
        }
        Unsafe.Add(ref sums, 0) += Vector256.Sum(a00);
        Unsafe.Add(ref sums, 1) += Vector256.Sum(a01);
        Unsafe.Add(ref sums, 2) += Vector256.Sum(a02);
        Unsafe.Add(ref sums, 3) += Vector256.Sum(a03);
        Unsafe.Add(ref sums, 4) += Vector256.Sum(a04);
        Unsafe.Add(ref sums, 5) += Vector256.Sum(a05);
        Unsafe.Add(ref sums, sumsPitch) += Vector256.Sum(a10);
        Unsafe.Add(ref sums, sumsPitch + 1) += Vector256.Sum(a11);
        Unsafe.Add(ref sums, sumsPitch + 2) += Vector256.Sum(a12);
        Unsafe.Add(ref sums, sumsPitch + 3) += Vector256.Sum(a13);
        Unsafe.Add(ref sums, sumsPitch + 4) += Vector256.Sum(a14);
        Unsafe.Add(ref sums, sumsPitch + 5) += Vector256.Sum(a15);
    }

    /// <summary>Four vectors folded to one: its 128-bit lanes hold four partial sums of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> FoldRows(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        var ab = Avx512F.Shuffle4x128(a, b, 0x44) + Avx512F.Shuffle4x128(a, b, 0xEE);
        var cd = Avx512F.Shuffle4x128(c, d, 0x44) + Avx512F.Shuffle4x128(c, d, 0xEE);
        return Avx512F.Shuffle4x128(ab, cd, 0x88) + Avx512F.Shuffle4x128(ab, cd, 0xDD);
    }

    /// <summary>Sums neighbours within each lane: (a0+a1, a2+a3, b0+b1, b2+b3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> FoldPairs(Vector512<float> a, Vector512<float> b) =>
        Avx512F.Shuffle(a, b, 0x88) + Avx512F.Shuffle(a, b, 0xDD);
}
