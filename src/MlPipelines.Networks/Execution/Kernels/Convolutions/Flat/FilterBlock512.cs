using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>The variant of <see cref="FilterBlock"/> for 32 registers of 512 bits: 8 filters × 48 positions at a time.</summary>
static class FilterBlock512
{
    // 24 registers hold sums, 3 the input and one a weight. A position's sum is the same wherever the length puts it, in three registers
    // or in one: both go through the taps in their order, and multiply and add in one rounding.
    public static void Run(in FilterBlock block, ref float x, ref float y, int length)
    {
        var p = 0;
        for (; p <= length - 48; p += 48)
            Three(block, ref Unsafe.Add(ref x, p), ref Unsafe.Add(ref y, p), length);
        for (; p < length; p += 16)
            One(block, ref Unsafe.Add(ref x, p), ref Unsafe.Add(ref y, p), length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Three(in FilterBlock block, ref float x, ref float y, nint yStride)
    {
        ref var offsets = ref MemoryMarshal.GetReference(block.Offsets);
        ref var bias = ref MemoryMarshal.GetReference(block.Packed);
        nint taps = block.Offsets.Length;
        Vector512<float> a00 = Vector512.Create(bias), a01 = a00, a02 = a00;
        Vector512<float> a10 = Vector512.Create(Unsafe.Add(ref bias, 1)), a11 = a10, a12 = a10;
        Vector512<float> a20 = Vector512.Create(Unsafe.Add(ref bias, 2)), a21 = a20, a22 = a20;
        Vector512<float> a30 = Vector512.Create(Unsafe.Add(ref bias, 3)), a31 = a30, a32 = a30;
        Vector512<float> a40 = Vector512.Create(Unsafe.Add(ref bias, 4)), a41 = a40, a42 = a40;
        Vector512<float> a50 = Vector512.Create(Unsafe.Add(ref bias, 5)), a51 = a50, a52 = a50;
        Vector512<float> a60 = Vector512.Create(Unsafe.Add(ref bias, 6)), a61 = a60, a62 = a60;
        Vector512<float> a70 = Vector512.Create(Unsafe.Add(ref bias, 7)), a71 = a70, a72 = a70;
        for (nint t = 0; t < taps; t++)
        {
            ref var from = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, t));
            ref var w = ref Unsafe.Add(ref bias, (t + 1) * FilterBlock.Filters);
            var (x0, x1, x2) = (Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 16), Vector512.LoadUnsafe(ref from, 32));
            var b = Vector512.Create(w);
            a00 = Vector512.FusedMultiplyAdd(x0, b, a00);
            a01 = Vector512.FusedMultiplyAdd(x1, b, a01);
            a02 = Vector512.FusedMultiplyAdd(x2, b, a02);
            b = Vector512.Create(Unsafe.Add(ref w, 1));
            a10 = Vector512.FusedMultiplyAdd(x0, b, a10);
            a11 = Vector512.FusedMultiplyAdd(x1, b, a11);
            a12 = Vector512.FusedMultiplyAdd(x2, b, a12);
            b = Vector512.Create(Unsafe.Add(ref w, 2));
            a20 = Vector512.FusedMultiplyAdd(x0, b, a20);
            a21 = Vector512.FusedMultiplyAdd(x1, b, a21);
            a22 = Vector512.FusedMultiplyAdd(x2, b, a22);
            b = Vector512.Create(Unsafe.Add(ref w, 3));
            a30 = Vector512.FusedMultiplyAdd(x0, b, a30);
            a31 = Vector512.FusedMultiplyAdd(x1, b, a31);
            a32 = Vector512.FusedMultiplyAdd(x2, b, a32);
            b = Vector512.Create(Unsafe.Add(ref w, 4));
            a40 = Vector512.FusedMultiplyAdd(x0, b, a40);
            a41 = Vector512.FusedMultiplyAdd(x1, b, a41);
            a42 = Vector512.FusedMultiplyAdd(x2, b, a42);
            b = Vector512.Create(Unsafe.Add(ref w, 5));
            a50 = Vector512.FusedMultiplyAdd(x0, b, a50);
            a51 = Vector512.FusedMultiplyAdd(x1, b, a51);
            a52 = Vector512.FusedMultiplyAdd(x2, b, a52);
            b = Vector512.Create(Unsafe.Add(ref w, 6));
            a60 = Vector512.FusedMultiplyAdd(x0, b, a60);
            a61 = Vector512.FusedMultiplyAdd(x1, b, a61);
            a62 = Vector512.FusedMultiplyAdd(x2, b, a62);
            b = Vector512.Create(Unsafe.Add(ref w, 7));
            a70 = Vector512.FusedMultiplyAdd(x0, b, a70);
            a71 = Vector512.FusedMultiplyAdd(x1, b, a71);
            a72 = Vector512.FusedMultiplyAdd(x2, b, a72);
        }
        var floor = Vector512.Create(block.Floor);
        Store3(a00, a01, a02, floor, ref y);
        Store3(a10, a11, a12, floor, ref Unsafe.Add(ref y, yStride));
        Store3(a20, a21, a22, floor, ref Unsafe.Add(ref y, 2 * yStride));
        Store3(a30, a31, a32, floor, ref Unsafe.Add(ref y, 3 * yStride));
        Store3(a40, a41, a42, floor, ref Unsafe.Add(ref y, 4 * yStride));
        Store3(a50, a51, a52, floor, ref Unsafe.Add(ref y, 5 * yStride));
        Store3(a60, a61, a62, floor, ref Unsafe.Add(ref y, 6 * yStride));
        Store3(a70, a71, a72, floor, ref Unsafe.Add(ref y, 7 * yStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(in FilterBlock block, ref float x, ref float y, nint yStride)
    {
        ref var offsets = ref MemoryMarshal.GetReference(block.Offsets);
        ref var bias = ref MemoryMarshal.GetReference(block.Packed);
        nint taps = block.Offsets.Length;
        Vector512<float> a00 = Vector512.Create(bias);
        Vector512<float> a10 = Vector512.Create(Unsafe.Add(ref bias, 1));
        Vector512<float> a20 = Vector512.Create(Unsafe.Add(ref bias, 2));
        Vector512<float> a30 = Vector512.Create(Unsafe.Add(ref bias, 3));
        Vector512<float> a40 = Vector512.Create(Unsafe.Add(ref bias, 4));
        Vector512<float> a50 = Vector512.Create(Unsafe.Add(ref bias, 5));
        Vector512<float> a60 = Vector512.Create(Unsafe.Add(ref bias, 6));
        Vector512<float> a70 = Vector512.Create(Unsafe.Add(ref bias, 7));
        for (nint t = 0; t < taps; t++)
        {
            ref var from = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, t));
            ref var w = ref Unsafe.Add(ref bias, (t + 1) * FilterBlock.Filters);
            var x0 = Vector512.LoadUnsafe(ref from);
            var b = Vector512.Create(w);
            a00 = Vector512.FusedMultiplyAdd(x0, b, a00);
            b = Vector512.Create(Unsafe.Add(ref w, 1));
            a10 = Vector512.FusedMultiplyAdd(x0, b, a10);
            b = Vector512.Create(Unsafe.Add(ref w, 2));
            a20 = Vector512.FusedMultiplyAdd(x0, b, a20);
            b = Vector512.Create(Unsafe.Add(ref w, 3));
            a30 = Vector512.FusedMultiplyAdd(x0, b, a30);
            b = Vector512.Create(Unsafe.Add(ref w, 4));
            a40 = Vector512.FusedMultiplyAdd(x0, b, a40);
            b = Vector512.Create(Unsafe.Add(ref w, 5));
            a50 = Vector512.FusedMultiplyAdd(x0, b, a50);
            b = Vector512.Create(Unsafe.Add(ref w, 6));
            a60 = Vector512.FusedMultiplyAdd(x0, b, a60);
            b = Vector512.Create(Unsafe.Add(ref w, 7));
            a70 = Vector512.FusedMultiplyAdd(x0, b, a70);
        }
        var floor = Vector512.Create(block.Floor);
        Vector512.Max(a00, floor).StoreUnsafe(ref y);
        Vector512.Max(a10, floor).StoreUnsafe(ref Unsafe.Add(ref y, yStride));
        Vector512.Max(a20, floor).StoreUnsafe(ref Unsafe.Add(ref y, 2 * yStride));
        Vector512.Max(a30, floor).StoreUnsafe(ref Unsafe.Add(ref y, 3 * yStride));
        Vector512.Max(a40, floor).StoreUnsafe(ref Unsafe.Add(ref y, 4 * yStride));
        Vector512.Max(a50, floor).StoreUnsafe(ref Unsafe.Add(ref y, 5 * yStride));
        Vector512.Max(a60, floor).StoreUnsafe(ref Unsafe.Add(ref y, 6 * yStride));
        Vector512.Max(a70, floor).StoreUnsafe(ref Unsafe.Add(ref y, 7 * yStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store3(Vector512<float> a0, Vector512<float> a1, Vector512<float> a2, Vector512<float> floor, ref float y)
    {
        Vector512.Max(a0, floor).StoreUnsafe(ref y);
        Vector512.Max(a1, floor).StoreUnsafe(ref y, 16);
        Vector512.Max(a2, floor).StoreUnsafe(ref y, 32);
    }
}
