using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>The variant of <see cref="PanelBlock"/> for 16 registers of 256 bits: a panel of 16 numbers and six streams.</summary>
static class PanelBlock256
{
    // 12 registers hold sums, two the panel and one a number of a stream.

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(in PanelSteps steps, ref float stream, ref int offsets, ref float panel, ref float sums)
    {
        Vector256<float> a00 = default, a01 = default;
        Vector256<float> a10 = default, a11 = default;
        Vector256<float> a20 = default, a21 = default;
        Vector256<float> a30 = default, a31 = default;
        Vector256<float> a40 = default, a41 = default;
        Vector256<float> a50 = default, a51 = default;
        var (end, step, panelStep) = (steps.Columns * steps.Stream.Column, steps.Stream.Column, steps.Panel.Column);
        for (var image = 0; image < steps.Images; image++)
            for (var row = 0; row < steps.Rows; row++)
            {
                ref var x = ref Unsafe.Add(ref stream, image * steps.Stream.Image + row * steps.Stream.Row);
                ref var y = ref Unsafe.Add(ref panel, image * steps.Panel.Image + row * steps.Panel.Row);
                ref var x0 = ref At(ref x, ref offsets, 0);
                ref var x1 = ref At(ref x, ref offsets, 1);
                ref var x2 = ref At(ref x, ref offsets, 2);
                ref var x3 = ref At(ref x, ref offsets, 3);
                ref var x4 = ref At(ref x, ref offsets, 4);
                ref var x5 = ref At(ref x, ref offsets, 5);
                for (nint at = 0; at != end; at += step)
                {
                    Vector256<float> y0 = Vector256.LoadUnsafe(ref y), y1 = Vector256.LoadUnsafe(ref y, 8);
                    var b = Vector256.Create(Unsafe.Add(ref x0, at));
                    a00 = Vector256.FusedMultiplyAdd(y0, b, a00);
                    a01 = Vector256.FusedMultiplyAdd(y1, b, a01);
                    b = Vector256.Create(Unsafe.Add(ref x1, at));
                    a10 = Vector256.FusedMultiplyAdd(y0, b, a10);
                    a11 = Vector256.FusedMultiplyAdd(y1, b, a11);
                    b = Vector256.Create(Unsafe.Add(ref x2, at));
                    a20 = Vector256.FusedMultiplyAdd(y0, b, a20);
                    a21 = Vector256.FusedMultiplyAdd(y1, b, a21);
                    b = Vector256.Create(Unsafe.Add(ref x3, at));
                    a30 = Vector256.FusedMultiplyAdd(y0, b, a30);
                    a31 = Vector256.FusedMultiplyAdd(y1, b, a31);
                    b = Vector256.Create(Unsafe.Add(ref x4, at));
                    a40 = Vector256.FusedMultiplyAdd(y0, b, a40);
                    a41 = Vector256.FusedMultiplyAdd(y1, b, a41);
                    b = Vector256.Create(Unsafe.Add(ref x5, at));
                    a50 = Vector256.FusedMultiplyAdd(y0, b, a50);
                    a51 = Vector256.FusedMultiplyAdd(y1, b, a51);
                    y = ref Unsafe.Add(ref y, panelStep);
                }
            }
        AddTo(ref Unsafe.Add(ref sums, 0), a00, a01);
        AddTo(ref Unsafe.Add(ref sums, 16), a10, a11);
        AddTo(ref Unsafe.Add(ref sums, 32), a20, a21);
        AddTo(ref Unsafe.Add(ref sums, 48), a30, a31);
        AddTo(ref Unsafe.Add(ref sums, 64), a40, a41);
        AddTo(ref Unsafe.Add(ref sums, 80), a50, a51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ref float At(ref float x, ref int offsets, int stream) => ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, stream));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddTo(ref float sums, Vector256<float> a, Vector256<float> b)
    {
        (a + Vector256.LoadUnsafe(ref sums)).StoreUnsafe(ref sums);
        (b + Vector256.LoadUnsafe(ref sums, 8)).StoreUnsafe(ref sums, 8);
    }
}
