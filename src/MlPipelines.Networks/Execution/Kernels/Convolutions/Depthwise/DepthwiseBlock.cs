using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One filter over a flat run of positions of one channel: y[p] = bias + Σ weights[t] · x[p + offset[t]],
/// then Relu if asked for.</summary>
static class DepthwiseBlock
{
    /// <param name="filter">A weight for each tap.</param>
    /// <param name="runs">Where each tap's run begins.</param>
    /// <param name="x">Start of the input.</param>
    /// <param name="y">Start of the output.</param>
    /// <param name="length">Positions, a multiple of 8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in DepthwiseFilter filter, ReadOnlySpan<int> runs, ref float x, ref float y, int length)
    {
        ref var offsets = ref MemoryMarshal.GetReference(runs);
        ref var weights = ref MemoryMarshal.GetReference(filter.Weights);
        nint taps = runs.Length;
        var first = Vector256.Create(filter.Bias);
        var floor = Vector256.Create(filter.Floor);
        var p = 0;
        for (; p <= length - 32; p += 32)
        {
            Vector256<float> a = first, b = first, c = first, d = first;
            for (nint t = 0; t < taps; t++)
            {
                ref var from = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, t) + p);
                var w = Vector256.Create(Unsafe.Add(ref weights, t));
                a = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref from), w, a);
                b = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref from, 8), w, b);
                c = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref from, 16), w, c);
                d = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref from, 24), w, d);
            }
            ref var to = ref Unsafe.Add(ref y, p);
            Vector256.Max(a, floor).StoreUnsafe(ref to);
            Vector256.Max(b, floor).StoreUnsafe(ref to, 8);
            Vector256.Max(c, floor).StoreUnsafe(ref to, 16);
            Vector256.Max(d, floor).StoreUnsafe(ref to, 24);
        }
        for (; p < length; p += 8)
        {
            var a = first;
            for (nint t = 0; t < taps; t++)
                a = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, t) + p)),
                    Vector256.Create(Unsafe.Add(ref weights, t)), a);
            Vector256.Max(a, floor).StoreUnsafe(ref Unsafe.Add(ref y, p));
        }
    }
}
