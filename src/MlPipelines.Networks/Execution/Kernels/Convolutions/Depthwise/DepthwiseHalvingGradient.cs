using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of a depthwise 3×3 convolution with strides of two with respect to its input: each output reaches four places of
/// two rows, which are written side by side. For 512-bit registers.</summary>
/// <remarks>dy [N,C,H',W'], w [C,1,3,3] → dx [N,C,H,W].</remarks>
static class DepthwiseHalvingGradient
{
    const int Vector = 16;
    const int PartFloats = 1 << 16;

    /// <summary>Whether the convolution is one of these.</summary>
    public static bool Fits(ConvShape shape) => shape.IsDepthwise && IsHalving(shape.Window.Rows) && IsHalving(shape.Window.Columns);

    static bool IsHalving(WindowAxis axis) => axis is { Kernel: 3, Stride: 2, Dilation: 1, Before: 0 or 1, After: <= 2 };

    /// <summary>Computes <paramref name="dx"/>.</summary>
    public static void Run(ConvShape shape, ReadOnlyMemory<float> dy, ReadOnlyMemory<float> w, Memory<float> dx, ParallelFor parallel)
    {
        var (planes, atOnce) = (shape.Batch * shape.Channels, Math.Max(1, PartFloats / shape.Plane));
        parallel((planes + atOnce - 1) / atOnce, part =>
        {
            for (var p = part * atOnce; p < Math.Min(planes, (part + 1) * atOnce); p++)
                Plane(shape, dy.Span.Slice(p * shape.OutPlane, shape.OutPlane), w.Span.Slice(p % shape.Channels * 9, 9),
                    dx.Span.Slice(p * shape.Plane, shape.Plane));
        });
    }

    // Output u reads the inputs 2u − before, 2u + 1 − before and 2u + 2 − before. Backwards, input v of v + before = 2u gets dy[u]·w[0] +
    // dy[u − 1]·w[2], and of v + before = 2u + 1 gets dy[u]·w[1], in each direction. A row and a column of zeros surround dy, so that u and
    // u − 1 may lie outside it.
    static void Plane(ConvShape shape, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, Span<float> dx)
    {
        var (width, top, left) = (shape.OutWidth, shape.Window.Rows.Before, shape.Window.Columns.Before);
        var reached = FlatPlanes.RoundUp((shape.Width - 1 + left) / 2 + 1, Vector);
        var pitch = reached + Vector;
        var padded = Scratch.Take(Scratch.Use.Input, (shape.OutHeight + 2) * pitch);
        padded.Clear();
        for (var row = 0; row < shape.OutHeight; row++)
            FlatPlanes.Copy(in dy[row * width], ref padded[(row + 1) * pitch + 1], width);
        var line = Scratch.Take(Scratch.Use.Output, 2 * reached);
        for (var row = 0; row < shape.Height; row++)
        {
            ref var from = ref padded[((row + top) / 2 + 1) * pitch + 1];
            if ((row + top) % 2 == 0)
                Two(ref from, ref Unsafe.Subtract(ref from, pitch), w, ref MemoryMarshal.GetReference(line), reached);
            else
                One(ref from, w.Slice(3, 3), ref MemoryMarshal.GetReference(line), reached);
            FlatPlanes.Copy(in line[left], ref dx[row * shape.Width], shape.Width);
        }
    }

    /// <summary>A row that outputs of two rows reach, by the first and the last row of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Two(ref float near, ref float above, ReadOnlySpan<float> w, ref float line, int count)
    {
        Vector512<float> w0 = Vector512.Create(w[0]), w1 = Vector512.Create(w[1]), w2 = Vector512.Create(w[2]);
        Vector512<float> w6 = Vector512.Create(w[6]), w7 = Vector512.Create(w[7]), w8 = Vector512.Create(w[8]);
        for (var u = 0; u < count; u += Vector)
        {
            var (a, b) = (Vector512.LoadUnsafe(ref Unsafe.Add(ref near, u)), Vector512.LoadUnsafe(ref Unsafe.Add(ref above, u)));
            var even = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref Unsafe.Add(ref near, u - 1)), w2, a * w0)
                + Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref Unsafe.Add(ref above, u - 1)), w8, b * w6);
            Interleave(even, Vector512.FusedMultiplyAdd(b, w7, a * w1), ref Unsafe.Add(ref line, 2 * u));
        }
    }

    /// <summary>A row that outputs of one row reach, by the middle row of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(ref float near, ReadOnlySpan<float> w, ref float line, int count)
    {
        Vector512<float> w0 = Vector512.Create(w[0]), w1 = Vector512.Create(w[1]), w2 = Vector512.Create(w[2]);
        for (var u = 0; u < count; u += Vector)
        {
            var a = Vector512.LoadUnsafe(ref Unsafe.Add(ref near, u));
            Interleave(Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref Unsafe.Add(ref near, u - 1)), w2, a * w0), a * w1,
                ref Unsafe.Add(ref line, 2 * u));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Interleave(Vector512<float> even, Vector512<float> odd, ref float to)
    {
        Avx512F.PermuteVar16x32x2(even, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), odd).StoreUnsafe(ref to);
        Avx512F.PermuteVar16x32x2(even, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), odd)
            .StoreUnsafe(ref to, Vector);
    }
}
