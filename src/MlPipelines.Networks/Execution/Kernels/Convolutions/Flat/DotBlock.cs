using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>What the dot products sum over, and how far apart it lies.</summary>
/// <param name="Images">Images to sum over.</param>
/// <param name="Length">Floats of a run, a multiple of 16; also from one row of the gradient to the next.</param>
/// <param name="GradientImage">Floats from one image's gradient to the next.</param>
/// <param name="InputImage">Floats from one image's input to the next.</param>
/// <param name="SumsPitch">Floats from one row of sums to the next.</param>
readonly record struct DotSteps(int Images, nint Length, nint GradientImage, nint InputImage, nint SumsPitch);

/// <summary>The 24 dot products of 4 rows of output gradient with 6 shifted runs of the input, added to a block of sums.</summary>
static class DotBlock
{
    // Two rows at a time: 12 registers hold sums, two the gradient and one the input, of 16 of 256 bits.
    public const int Rows = 4;
    public const int Taps = 6;

    /// <param name="steps">What is summed over.</param>
    /// <param name="dy">First row of the gradient.</param>
    /// <param name="x">Start of the input.</param>
    /// <param name="offsets">Six offsets into the input.</param>
    /// <param name="sums">The sum of row 0 and tap 0; taps are consecutive.</param>
    public static void Add(in DotSteps steps, ref float dy, ref float x, ref int offsets, ref float sums)
    {
        Add256(steps, ref dy, ref x, ref offsets, ref sums);
        Add256(steps, ref Unsafe.Add(ref dy, 2 * steps.Length), ref x, ref offsets, ref Unsafe.Add(ref sums, 2 * steps.SumsPitch));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Add256(in DotSteps steps, ref float dy, ref float x, ref int offsets, ref float sums)
    {
        var (images, length, dyImage, xImage, sumsPitch) = steps;
        Vector256<float> a00 = default, a01 = default, a02 = default, a03 = default, a04 = default, a05 = default;
        Vector256<float> a10 = default, a11 = default, a12 = default, a13 = default, a14 = default, a15 = default;
        for (var image = 0; image < images; image++)
        {
            ref var y0 = ref Unsafe.Add(ref dy, image * dyImage);
            ref var y1 = ref Unsafe.Add(ref dy, image * dyImage + length);
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
}
