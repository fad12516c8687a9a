using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of a depthwise convolution with respect to its weights: each filter meets one channel only.</summary>
sealed class DepthwiseWeightGradient
{
    const int Taps = 9;
    const int RunFloats = 4096;

    readonly ConvShape shape;
    readonly FlatPlanes flat;
    readonly int[] offsets;

    // A channel is summed by one thread, image after image and band after band. Offsets are filled up to a multiple of nine by repeating
    // the last, whose sums are left behind.
    DepthwiseWeightGradient(ConvShape shape)
    {
        this.shape = shape;
        var (window, rows) = (FlatWindow.Of(shape), shape.OutHeight);
        flat = new FlatPlanes(window, rows);
        while (rows > 1 && flat.Length > RunFloats)
            flat = new FlatPlanes(window, rows = (rows + 1) / 2);
        offsets = flat.Offsets(1, Taps);
    }

    /// <summary>Computes <paramref name="dw"/> [C,1,kh,kw] from <paramref name="x"/> [N,C,H,W] and <paramref name="dy"/>
    /// [N,C,H',W'].</summary>
    public static void Run(ConvShape shape, ReadOnlyMemory<float> x, ReadOnlyMemory<float> dy, Memory<float> dw, ParallelFor parallel)
    {
        var (gradient, taps) = (new DepthwiseWeightGradient(shape), shape.Window.Taps);
        parallel(shape.Channels, channel => gradient.Sum(channel, x.Span, dy.Span, dw.Span.Slice(channel * taps, taps)));
    }

    void Sum(int channel, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dw)
    {
        var xFlat = Scratch.Take(Scratch.Use.Input, flat.ChannelLength);
        var dyFlat = Scratch.Take(Scratch.Use.Output, flat.Length);
        var sums = Scratch.Take(Scratch.Use.Sums, offsets.Length);
        xFlat.Clear();
        dyFlat.Clear();
        sums.Clear();
        for (var n = 0; n < shape.Batch; n++)
            for (var firstRow = 0; firstRow < shape.OutHeight; firstRow += flat.BandRows)
            {
                var rows = Math.Min(flat.BandRows, shape.OutHeight - firstRow);
                var image = n * shape.Channels + channel;
                flat.Pack(x.Slice(image * shape.Plane, shape.Plane), firstRow, xFlat);
                flat.PackRows(dy.Slice(image * shape.OutPlane + firstRow * shape.OutWidth, rows * shape.OutWidth), shape.OutWidth, dyFlat);
                for (var t = 0; t < offsets.Length; t += Taps)
                    Add(ref MemoryMarshal.GetReference(dyFlat), ref MemoryMarshal.GetReference(xFlat), ref offsets[t], flat.Length,
                        ref sums[t]);
            }
        sums[..dw.Length].CopyTo(dw);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Add(ref float dy, ref float x, ref int offsets, int length, ref float sums)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default,
            a8 = default;
        ref var x0 = ref Unsafe.Add(ref x, offsets);
        ref var x1 = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, 1));
        ref var x2 = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, 2));
        ref var x3 = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, 3));
        ref var x4 = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, 4));
        ref var x5 = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, 5));
        ref var x6 = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, 6));
        ref var x7 = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, 7));
        ref var x8 = ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, 8));
        for (nuint l = 0; l < (nuint)length; l += 8)
        {
            var y = Vector256.LoadUnsafe(ref dy, l);
            a0 = Vector256.FusedMultiplyAdd(y, Vector256.LoadUnsafe(ref x0, l), a0);
            a1 = Vector256.FusedMultiplyAdd(y, Vector256.LoadUnsafe(ref x1, l), a1);
            a2 = Vector256.FusedMultiplyAdd(y, Vector256.LoadUnsafe(ref x2, l), a2);
            a3 = Vector256.FusedMultiplyAdd(y, Vector256.LoadUnsafe(ref x3, l), a3);
            a4 = Vector256.FusedMultiplyAdd(y, Vector256.LoadUnsafe(ref x4, l), a4);
            a5 = Vector256.FusedMultiplyAdd(y, Vector256.LoadUnsafe(ref x5, l), a5);
            a6 = Vector256.FusedMultiplyAdd(y, Vector256.LoadUnsafe(ref x6, l), a6);
            a7 = Vector256.FusedMultiplyAdd(y, Vector256.LoadUnsafe(ref x7, l), a7);
            a8 = Vector256.FusedMultiplyAdd(y, Vector256.LoadUnsafe(ref x8, l), a8);
        }
        sums += Vector256.Sum(a0);
        Unsafe.Add(ref sums, 1) += Vector256.Sum(a1);
        Unsafe.Add(ref sums, 2) += Vector256.Sum(a2);
        Unsafe.Add(ref sums, 3) += Vector256.Sum(a3);
        Unsafe.Add(ref sums, 4) += Vector256.Sum(a4);
        Unsafe.Add(ref sums, 5) += Vector256.Sum(a5);
        Unsafe.Add(ref sums, 6) += Vector256.Sum(a6);
        Unsafe.Add(ref sums, 7) += Vector256.Sum(a7);
        Unsafe.Add(ref sums, 8) += Vector256.Sum(a8);
    }
}
