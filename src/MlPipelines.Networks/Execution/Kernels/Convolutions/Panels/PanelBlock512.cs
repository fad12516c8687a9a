using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>The variant of <see cref="PanelBlock"/> for 32 registers of 512 bits: 32 numbers and twelve streams, 48 and eight, or 64 and
/// six.</summary>
static class PanelBlock512
{
    // 24 registers hold sums: two vectors of a panel for twelve streams, three for eight, or four for six. With the panel's vectors and one
    // number of a stream, 27 to 29 of the 32 registers are in use; the sums live there only while all is one function.

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add32(in PanelSteps steps, ref float stream, ref int offsets, ref float panel, ref float sums)
    {
        Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        Vector512<float> e0 = default, e1 = default, f0 = default, f1 = default, g0 = default, g1 = default, h0 = default, h1 = default;
        Vector512<float> i0 = default, i1 = default, j0 = default, j1 = default, k0 = default, k1 = default, l0 = default, l1 = default;
        var (end, step, panelStep) = (steps.Columns * steps.Stream.Column, steps.Stream.Column, steps.Panel.Column);
        for (var image = 0; image < steps.Images; image++)
            for (var row = 0; row < steps.Rows; row++)
            {
                ref var x = ref Unsafe.Add(ref stream, image * steps.Stream.Image + row * steps.Stream.Row);
                ref var y = ref Unsafe.Add(ref panel, image * steps.Panel.Image + row * steps.Panel.Row);
                ref float x0 = ref At(ref x, ref offsets, 0), x1 = ref At(ref x, ref offsets, 1), x2 = ref At(ref x, ref offsets, 2);
                ref float x3 = ref At(ref x, ref offsets, 3), x4 = ref At(ref x, ref offsets, 4), x5 = ref At(ref x, ref offsets, 5);
                ref float x6 = ref At(ref x, ref offsets, 6), x7 = ref At(ref x, ref offsets, 7), x8 = ref At(ref x, ref offsets, 8);
                ref float x9 = ref At(ref x, ref offsets, 9), x10 = ref At(ref x, ref offsets, 10), x11 = ref At(ref x, ref offsets, 11);
                for (nint at = 0; at != end; at += step)
                {
                    Vector512<float> p = Vector512.LoadUnsafe(ref y), q = Vector512.LoadUnsafe(ref y, 16);
                    var v = Vector512.Create(Unsafe.Add(ref x0, at));
                    (a0, a1) = (Vector512.FusedMultiplyAdd(p, v, a0), Vector512.FusedMultiplyAdd(q, v, a1));
                    v = Vector512.Create(Unsafe.Add(ref x1, at));
                    (b0, b1) = (Vector512.FusedMultiplyAdd(p, v, b0), Vector512.FusedMultiplyAdd(q, v, b1));
                    v = Vector512.Create(Unsafe.Add(ref x2, at));
                    (c0, c1) = (Vector512.FusedMultiplyAdd(p, v, c0), Vector512.FusedMultiplyAdd(q, v, c1));
                    v = Vector512.Create(Unsafe.Add(ref x3, at));
                    (d0, d1) = (Vector512.FusedMultiplyAdd(p, v, d0), Vector512.FusedMultiplyAdd(q, v, d1));
                    v = Vector512.Create(Unsafe.Add(ref x4, at));
                    (e0, e1) = (Vector512.FusedMultiplyAdd(p, v, e0), Vector512.FusedMultiplyAdd(q, v, e1));
                    v = Vector512.Create(Unsafe.Add(ref x5, at));
                    (f0, f1) = (Vector512.FusedMultiplyAdd(p, v, f0), Vector512.FusedMultiplyAdd(q, v, f1));
                    v = Vector512.Create(Unsafe.Add(ref x6, at));
                    (g0, g1) = (Vector512.FusedMultiplyAdd(p, v, g0), Vector512.FusedMultiplyAdd(q, v, g1));
                    v = Vector512.Create(Unsafe.Add(ref x7, at));
                    (h0, h1) = (Vector512.FusedMultiplyAdd(p, v, h0), Vector512.FusedMultiplyAdd(q, v, h1));
                    v = Vector512.Create(Unsafe.Add(ref x8, at));
                    (i0, i1) = (Vector512.FusedMultiplyAdd(p, v, i0), Vector512.FusedMultiplyAdd(q, v, i1));
                    v = Vector512.Create(Unsafe.Add(ref x9, at));
                    (j0, j1) = (Vector512.FusedMultiplyAdd(p, v, j0), Vector512.FusedMultiplyAdd(q, v, j1));
                    v = Vector512.Create(Unsafe.Add(ref x10, at));
                    (k0, k1) = (Vector512.FusedMultiplyAdd(p, v, k0), Vector512.FusedMultiplyAdd(q, v, k1));
                    v = Vector512.Create(Unsafe.Add(ref x11, at));
                    (l0, l1) = (Vector512.FusedMultiplyAdd(p, v, l0), Vector512.FusedMultiplyAdd(q, v, l1));
                    y = ref Unsafe.Add(ref y, panelStep);
                }
            }
        AddTo(ref sums, a0, a1, b0, b1);
        AddTo(ref Unsafe.Add(ref sums, 64), c0, c1, d0, d1);
        AddTo(ref Unsafe.Add(ref sums, 128), e0, e1, f0, f1);
        AddTo(ref Unsafe.Add(ref sums, 192), g0, g1, h0, h1);
        AddTo(ref Unsafe.Add(ref sums, 256), i0, i1, j0, j1);
        AddTo(ref Unsafe.Add(ref sums, 320), k0, k1, l0, l1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add48(in PanelSteps steps, ref float stream, ref int offsets, ref float panel, ref float sums)
    {
        Vector512<float> a00 = default, a01 = default, a02 = default, a10 = default, a11 = default, a12 = default;
        Vector512<float> a20 = default, a21 = default, a22 = default, a30 = default, a31 = default, a32 = default;
        Vector512<float> a40 = default, a41 = default, a42 = default, a50 = default, a51 = default, a52 = default;
        Vector512<float> a60 = default, a61 = default, a62 = default, a70 = default, a71 = default, a72 = default;
        var (end, step, panelStep) = (steps.Columns * steps.Stream.Column, steps.Stream.Column, steps.Panel.Column);
        for (var image = 0; image < steps.Images; image++)
            for (var row = 0; row < steps.Rows; row++)
            {
                ref var x = ref Unsafe.Add(ref stream, image * steps.Stream.Image + row * steps.Stream.Row);
                ref var y = ref Unsafe.Add(ref panel, image * steps.Panel.Image + row * steps.Panel.Row);
                ref float x0 = ref At(ref x, ref offsets, 0), x1 = ref At(ref x, ref offsets, 1), x2 = ref At(ref x, ref offsets, 2);
                ref float x3 = ref At(ref x, ref offsets, 3), x4 = ref At(ref x, ref offsets, 4), x5 = ref At(ref x, ref offsets, 5);
                ref float x6 = ref At(ref x, ref offsets, 6), x7 = ref At(ref x, ref offsets, 7);
                for (nint at = 0; at != end; at += step)
                {
                    Vector512<float> y0 = Vector512.LoadUnsafe(ref y), y1 = Vector512.LoadUnsafe(ref y, 16),
                        y2 = Vector512.LoadUnsafe(ref y, 32);
                    var b = Vector512.Create(Unsafe.Add(ref x0, at));
                    a00 = Vector512.FusedMultiplyAdd(y0, b, a00);
                    a01 = Vector512.FusedMultiplyAdd(y1, b, a01);
                    a02 = Vector512.FusedMultiplyAdd(y2, b, a02);
                    b = Vector512.Create(Unsafe.Add(ref x1, at));
                    a10 = Vector512.FusedMultiplyAdd(y0, b, a10);
                    a11 = Vector512.FusedMultiplyAdd(y1, b, a11);
                    a12 = Vector512.FusedMultiplyAdd(y2, b, a12);
                    b = Vector512.Create(Unsafe.Add(ref x2, at));
                    a20 = Vector512.FusedMultiplyAdd(y0, b, a20);
                    a21 = Vector512.FusedMultiplyAdd(y1, b, a21);
                    a22 = Vector512.FusedMultiplyAdd(y2, b, a22);
                    b = Vector512.Create(Unsafe.Add(ref x3, at));
                    a30 = Vector512.FusedMultiplyAdd(y0, b, a30);
                    a31 = Vector512.FusedMultiplyAdd(y1, b, a31);
                    a32 = Vector512.FusedMultiplyAdd(y2, b, a32);
                    b = Vector512.Create(Unsafe.Add(ref x4, at));
                    a40 = Vector512.FusedMultiplyAdd(y0, b, a40);
                    a41 = Vector512.FusedMultiplyAdd(y1, b, a41);
                    a42 = Vector512.FusedMultiplyAdd(y2, b, a42);
                    b = Vector512.Create(Unsafe.Add(ref x5, at));
                    a50 = Vector512.FusedMultiplyAdd(y0, b, a50);
                    a51 = Vector512.FusedMultiplyAdd(y1, b, a51);
                    a52 = Vector512.FusedMultiplyAdd(y2, b, a52);
                    b = Vector512.Create(Unsafe.Add(ref x6, at));
                    a60 = Vector512.FusedMultiplyAdd(y0, b, a60);
                    a61 = Vector512.FusedMultiplyAdd(y1, b, a61);
                    a62 = Vector512.FusedMultiplyAdd(y2, b, a62);
                    b = Vector512.Create(Unsafe.Add(ref x7, at));
                    a70 = Vector512.FusedMultiplyAdd(y0, b, a70);
                    a71 = Vector512.FusedMultiplyAdd(y1, b, a71);
                    a72 = Vector512.FusedMultiplyAdd(y2, b, a72);
                    y = ref Unsafe.Add(ref y, panelStep);
                }
            }
        AddTo(ref sums, a00, a01, a02, a10);
        AddTo(ref Unsafe.Add(ref sums, 64), a11, a12, a20, a21);
        AddTo(ref Unsafe.Add(ref sums, 128), a22, a30, a31, a32);
        AddTo(ref Unsafe.Add(ref sums, 192), a40, a41, a42, a50);
        AddTo(ref Unsafe.Add(ref sums, 256), a51, a52, a60, a61);
        AddTo(ref Unsafe.Add(ref sums, 320), a62, a70, a71, a72);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add64(in PanelSteps steps, ref float stream, ref int offsets, ref float panel, ref float sums)
    {
        Vector512<float> a00 = default, a01 = default, a02 = default, a03 = default;
        Vector512<float> a10 = default, a11 = default, a12 = default, a13 = default;
        Vector512<float> a20 = default, a21 = default, a22 = default, a23 = default;
        Vector512<float> a30 = default, a31 = default, a32 = default, a33 = default;
        Vector512<float> a40 = default, a41 = default, a42 = default, a43 = default;
        Vector512<float> a50 = default, a51 = default, a52 = default, a53 = default;
        var (end, step, panelStep) = (steps.Columns * steps.Stream.Column, steps.Stream.Column, steps.Panel.Column);
        for (var image = 0; image < steps.Images; image++)
            for (var row = 0; row < steps.Rows; row++)
            {
                ref var x = ref Unsafe.Add(ref stream, image * steps.Stream.Image + row * steps.Stream.Row);
                ref var y = ref Unsafe.Add(ref panel, image * steps.Panel.Image + row * steps.Panel.Row);
                ref float x0 = ref At(ref x, ref offsets, 0), x1 = ref At(ref x, ref offsets, 1), x2 = ref At(ref x, ref offsets, 2);
                ref float x3 = ref At(ref x, ref offsets, 3), x4 = ref At(ref x, ref offsets, 4), x5 = ref At(ref x, ref offsets, 5);
                for (nint at = 0; at != end; at += step)
                {
                    Vector512<float> y0 = Vector512.LoadUnsafe(ref y), y1 = Vector512.LoadUnsafe(ref y, 16),
                        y2 = Vector512.LoadUnsafe(ref y, 32), y3 = Vector512.LoadUnsafe(ref y, 48);
                    var b = Vector512.Create(Unsafe.Add(ref x0, at));
                    a00 = Vector512.FusedMultiplyAdd(y0, b, a00);
                    a01 = Vector512.FusedMultiplyAdd(y1, b, a01);
                    a02 = Vector512.FusedMultiplyAdd(y2, b, a02);
                    a03 = Vector512.FusedMultiplyAdd(y3, b, a03);
                    b = Vector512.Create(Unsafe.Add(ref x1, at));
                    a10 = Vector512.FusedMultiplyAdd(y0, b, a10);
                    a11 = Vector512.FusedMultiplyAdd(y1, b, a11);
                    a12 = Vector512.FusedMultiplyAdd(y2, b, a12);
                    a13 = Vector512.FusedMultiplyAdd(y3, b, a13);
                    b = Vector512.Create(Unsafe.Add(ref x2, at));
                    a20 = Vector512.FusedMultiplyAdd(y0, b, a20);
                    a21 = Vector512.FusedMultiplyAdd(y1, b, a21);
                    a22 = Vector512.FusedMultiplyAdd(y2, b, a22);
                    a23 = Vector512.FusedMultiplyAdd(y3, b, a23);
                    b = Vector512.Create(Unsafe.Add(ref x3, at));
                    a30 = Vector512.FusedMultiplyAdd(y0, b, a30);
                    a31 = Vector512.FusedMultiplyAdd(y1, b, a31);
                    a32 = Vector512.FusedMultiplyAdd(y2, b, a32);
                    a33 = Vector512.FusedMultiplyAdd(y3, b, a33);
                    b = Vector512.Create(Unsafe.Add(ref x4, at));
                    a40 = Vector512.FusedMultiplyAdd(y0, b, a40);
                    a41 = Vector512.FusedMultiplyAdd(y1, b, a41);
                    a42 = Vector512.FusedMultiplyAdd(y2, b, a42);
                    a43 = Vector512.FusedMultiplyAdd(y3, b, a43);
                    b = Vector512.Create(Unsafe.Add(ref x5, at));
                    a50 = Vector512.FusedMultiplyAdd(y0, b, a50);
                    a51 = Vector512.FusedMultiplyAdd(y1, b, a51);
                    a52 = Vector512.FusedMultiplyAdd(y2, b, a52);
                    a53 = Vector512.FusedMultiplyAdd(y3, b, a53);
                    y = ref Unsafe.Add(ref y, panelStep);
                }
            }
        AddTo(ref sums, a00, a01, a02, a03);
        AddTo(ref Unsafe.Add(ref sums, 64), a10, a11, a12, a13);
        AddTo(ref Unsafe.Add(ref sums, 128), a20, a21, a22, a23);
        AddTo(ref Unsafe.Add(ref sums, 192), a30, a31, a32, a33);
        AddTo(ref Unsafe.Add(ref sums, 256), a40, a41, a42, a43);
        AddTo(ref Unsafe.Add(ref sums, 320), a50, a51, a52, a53);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ref float At(ref float x, ref int offsets, int stream) => ref Unsafe.Add(ref x, Unsafe.Add(ref offsets, stream));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddTo(ref float sums, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        (a + Vector512.LoadUnsafe(ref sums)).StoreUnsafe(ref sums);
        (b + Vector512.LoadUnsafe(ref sums, 16)).StoreUnsafe(ref sums, 16);
        (c + Vector512.LoadUnsafe(ref sums, 32)).StoreUnsafe(ref sums, 32);
        (d + Vector512.LoadUnsafe(ref sums, 48)).StoreUnsafe(ref sums, 48);
    }
}
