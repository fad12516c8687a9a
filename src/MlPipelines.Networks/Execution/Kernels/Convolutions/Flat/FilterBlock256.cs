using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>The variant of <see cref="FilterBlock"/> for 16 registers of 256 bits: 4 filters × 24 positions at a time.</summary>
static class FilterBlock256
{
    // Four of the eight filters: 12 registers hold their sums, 3 the input and one a weight, which is all that there are.
    const int Half = 4;

    public static void Run(in FilterBlock block, ref float x, ref float y, int length)
    {
        for (var first = 0; first < FilterBlock.Filters; first += Half)
        {
            ref var to = ref Unsafe.Add(ref y, first * length);
            var p = 0;
            for (; p <= length - 24; p += 24)
                Three(block, first, ref Unsafe.Add(ref x, p), ref Unsafe.Add(ref to, p), length);
            for (; p < length; p += 8)
                One(block, first, ref Unsafe.Add(ref x, p), ref Unsafe.Add(ref to, p), length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Three(in FilterBlock block, int first, ref float x, ref float y, nint yStride)
    {
        ref var offsets = ref MemoryMarshal.GetReference(block.Offsets);
        ref var bias = ref Unsafe.Add(ref MemoryMarshal.GetReference(block.Packed), first);
        nint taps = block.Offsets.Length;
        Vector256<float> a00 = Vector256.Create(bias), a01 = a00, a02 = a00;
        Vector256<float> a10 = Vector256.Create(Unsafe.Add(ref bias, 1)), a11 = a10, a12 = a10;
        Vector256<float> a20 = Vector256.Create(Unsafe.Add(ref bias, 2)), a21 = a20, a22 = a20;
        Vector256<float> a30 = Vector256.Create(Unsafe.Add(ref bias, 3)), a31 = a30, a32 = a30;
        for (nint t = 0; t < taps; t++)
        {
            ref var from = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, t));
            ref var w = ref Unsafe.Add(ref bias, (t + 1) * FilterBlock.Filters);
            var (x0, x1, x2) = (Vector256.LoadUnsafe(ref from), Vector256.LoadUnsafe(ref from, 8), Vector256.LoadUnsafe(ref from, 16));
            var b = Vector256.Create(w);
            a00 = Vector256.FusedMultiplyAdd(x0, b, a00);
            a01 = Vector256.FusedMultiplyAdd(x1, b, a01);
            a02 = Vector256.FusedMultiplyAdd(x2, b, a02);
            b = Vector256.Create(Unsafe.Add(ref w, 1));
            a10 = Vector256.FusedMultiplyAdd(x0, b, a10);
            a11 = Vector256.FusedMultiplyAdd(x1, b, a11);
            a12 = Vector256.FusedMultiplyAdd(x2, b, a12);
            b = Vector256.Create(Unsafe.Add(ref w, 2));
            a20 = Vector256.FusedMultiplyAdd(x0, b, a20);
            a21 = Vector256.FusedMultiplyAdd(x1, b, a21);
            a22 = Vector256.FusedMultiplyAdd(x2, b, a22);
            b = Vector256.Create(Unsafe.Add(ref w, 3));
            a30 = Vector256.FusedMultiplyAdd(x0, b, a30);
            a31 = Vector256.FusedMultiplyAdd(x1, b, a31);
            a32 = Vector256.FusedMultiplyAdd(x2, b, a32);
        }
        var floor = Vector256.Create(block.Floor);
        Store3(a00, a01, a02, floor, ref y);
        Store3(a10, a11, a12, floor, ref Unsafe.Add(ref y, yStride));
        Store3(a20, a21, a22, floor, ref Unsafe.Add(ref y, 2 * yStride));
        Store3(a30, a31, a32, floor, ref Unsafe.Add(ref y, 3 * yStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(in FilterBlock block, int first, ref float x, ref float y, nint yStride)
    {
        ref var offsets = ref MemoryMarshal.GetReference(block.Offsets);
        ref var bias = ref Unsafe.Add(ref MemoryMarshal.GetReference(block.Packed), first);
        nint taps = block.Offsets.Length;
        Vector256<float> a00 = Vector256.Create(bias);
        Vector256<float> a10 = Vector256.Create(Unsafe.Add(ref bias, 1));
        Vector256<float> a20 = Vector256.Create(Unsafe.Add(ref bias, 2));
        Vector256<float> a30 = Vector256.Create(Unsafe.Add(ref bias, 3));
        for (nint t = 0; t < taps; t++)
        {
            ref var from = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, t));
            ref var w = ref Unsafe.Add(ref bias, (t + 1) * FilterBlock.Filters);
            var x0 = Vector256.LoadUnsafe(ref from);
            var b = Vector256.Create(w);
            a00 = Vector256.FusedMultiplyAdd(x0, b, a00);
            b = Vector256.Create(Unsafe.Add(ref w, 1));
            a10 = Vector256.FusedMultiplyAdd(x0, b, a10);
            b = Vector256.Create(Unsafe.Add(ref w, 2));
            a20 = Vector256.FusedMultiplyAdd(x0, b, a20);
            b = Vector256.Create(Unsafe.Add(ref w, 3));
            a30 = Vector256.FusedMultiplyAdd(x0, b, a30);
        }
        var floor = Vector256.Create(block.Floor);
        Vector256.Max(a00, floor).StoreUnsafe(ref y);
        Vector256.Max(a10, floor).StoreUnsafe(ref Unsafe.Add(ref y, yStride));
        Vector256.Max(a20, floor).StoreUnsafe(ref Unsafe.Add(ref y, 2 * yStride));
        Vector256.Max(a30, floor).StoreUnsafe(ref Unsafe.Add(ref y, 3 * yStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store3(Vector256<float> a0, Vector256<float> a1, Vector256<float> a2, Vector256<float> floor, ref float y)
    {
        Vector256.Max(a0, floor).StoreUnsafe(ref y);
        Vector256.Max(a1, floor).StoreUnsafe(ref y, 8);
        Vector256.Max(a2, floor).StoreUnsafe(ref y, 16);
    }
}
