using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlPipelines.Execution.Kernels;

/// <summary>Turns rows into columns, in squares of what a register holds.</summary>
static class Transposition
{
    static int Side => WideRegisters.AreSupported ? 16 : Avx.IsSupported ? 8 : int.MaxValue;

    /// <summary>to[column · toPitch + row] = from[row · fromPitch + column].</summary>
    public static void Run(ReadOnlySpan<float> from, int fromPitch, int rows, int columns, Span<float> to, int toPitch)
    {
        ThrowUnlessHeld(from, fromPitch, rows, columns);
        ThrowUnlessHeld(to, toPitch, columns, rows);
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        if (rows < Side || columns < Side)
        {
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    Unsafe.Add(ref target, column * toPitch + row) = Unsafe.Add(ref source, row * fromPitch + column);
            return;
        }
        // Squares at the end overlap those before them and write the same again.
        for (var row = 0; row < rows; row += Side)
            for (var column = 0; column < columns; column += Side)
            {
                var (r, c) = (Math.Min(row, rows - Side), Math.Min(column, columns - Side));
                Square(ref Unsafe.Add(ref source, r * fromPitch + c), fromPitch, ref Unsafe.Add(ref target, c * toPitch + r), toPitch);
            }
    }

    // What follows reads and writes without looking; within a span that holds the last place lie all.
    static void ThrowUnlessHeld(ReadOnlySpan<float> matrix, int pitch, int rows, int columns) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThan((rows - 1) * pitch + columns, matrix.Length);

    static void Square(ref float from, nint pitch, ref float to, nint toPitch)
    {
        if (WideRegisters.AreSupported)
            Square16(ref from, pitch, ref to, toPitch);
        else
            Square8(ref from, pitch, ref to, toPitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Square16(ref float from, nint pitch, ref float to, nint toPitch)
    {
        Quarter(ref from, pitch, out var a0, out var a1, out var a2, out var a3);
        Quarter(ref Unsafe.Add(ref from, 4 * pitch), pitch, out var b0, out var b1, out var b2, out var b3);
        Quarter(ref Unsafe.Add(ref from, 8 * pitch), pitch, out var c0, out var c1, out var c2, out var c3);
        Quarter(ref Unsafe.Add(ref from, 12 * pitch), pitch, out var d0, out var d1, out var d2, out var d3);
        Lanes(a0, b0, c0, d0, ref to, toPitch);
        Lanes(a1, b1, c1, d1, ref Unsafe.Add(ref to, toPitch), toPitch);
        Lanes(a2, b2, c2, d2, ref Unsafe.Add(ref to, 2 * toPitch), toPitch);
        Lanes(a3, b3, c3, d3, ref Unsafe.Add(ref to, 3 * toPitch), toPitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Square8(ref float from, nint pitch, ref float to, nint toPitch)
    {
        Rows(ref from, pitch, out var a0, out var a1, out var a2, out var a3);
        Rows(ref Unsafe.Add(ref from, 4 * pitch), pitch, out var b0, out var b1, out var b2, out var b3);
        Columns(a0, b0, ref to, toPitch);
        Columns(a1, b1, ref Unsafe.Add(ref to, toPitch), toPitch);
        Columns(a2, b2, ref Unsafe.Add(ref to, 2 * toPitch), toPitch);
        Columns(a3, b3, ref Unsafe.Add(ref to, 3 * toPitch), toPitch);
    }

    /// <summary>Four rows, as columns within each 128 bits: the first result holds columns 0 and 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Rows(ref float from, nint pitch, out Vector256<float> first, out Vector256<float> second, out Vector256<float> third,
        out Vector256<float> fourth)
    {
        var (a, b) = (Vector256.LoadUnsafe(ref from), Vector256.LoadUnsafe(ref Unsafe.Add(ref from, pitch)));
        var (c, d) = (Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 2 * pitch)), Vector256.LoadUnsafe(ref Unsafe.Add(ref from, 3 * pitch)));
        var (low, high) = (Avx.UnpackLow(a, b).AsDouble(), Avx.UnpackHigh(a, b).AsDouble());
        var (lower, higher) = (Avx.UnpackLow(c, d).AsDouble(), Avx.UnpackHigh(c, d).AsDouble());
        first = Avx.UnpackLow(low, lower).AsSingle();
        second = Avx.UnpackHigh(low, lower).AsSingle();
        third = Avx.UnpackLow(high, higher).AsSingle();
        fourth = Avx.UnpackHigh(high, higher).AsSingle();
    }

    /// <summary>Writes every fourth column, each from the same 128 bits of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Columns(Vector256<float> a, Vector256<float> b, ref float to, nint pitch)
    {
        Avx.Permute2x128(a, b, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(a, b, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 4 * pitch));
    }

    /// <summary>Four rows, as columns within each 128 bits: the first result holds columns 0, 4, 8 and 12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Quarter(ref float from, nint pitch, out Vector512<float> first, out Vector512<float> second, out Vector512<float> third,
        out Vector512<float> fourth)
    {
        var (a, b) = (Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref Unsafe.Add(ref from, pitch)));
        var (c, d) = (Vector512.LoadUnsafe(ref Unsafe.Add(ref from, 2 * pitch)), Vector512.LoadUnsafe(ref Unsafe.Add(ref from, 3 * pitch)));
        var (low, high) = (Avx512F.UnpackLow(a, b).AsDouble(), Avx512F.UnpackHigh(a, b).AsDouble());
        var (lower, higher) = (Avx512F.UnpackLow(c, d).AsDouble(), Avx512F.UnpackHigh(c, d).AsDouble());
        first = Avx512F.UnpackLow(low, lower).AsSingle();
        second = Avx512F.UnpackHigh(low, lower).AsSingle();
        third = Avx512F.UnpackLow(high, higher).AsSingle();
        fourth = Avx512F.UnpackHigh(high, higher).AsSingle();
    }

    /// <summary>Writes every fourth column, each from the same 128 bits of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Lanes(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, ref float to, nint pitch)
    {
        var (ab, cd) = (Avx512F.Shuffle4x128(a, b, 0x44), Avx512F.Shuffle4x128(c, d, 0x44));
        Avx512F.Shuffle4x128(ab, cd, 0x88).StoreUnsafe(ref to);
        Avx512F.Shuffle4x128(ab, cd, 0xDD).StoreUnsafe(ref Unsafe.Add(ref to, 4 * pitch));
        (ab, cd) = (Avx512F.Shuffle4x128(a, b, 0xEE), Avx512F.Shuffle4x128(c, d, 0xEE));
        Avx512F.Shuffle4x128(ab, cd, 0x88).StoreUnsafe(ref Unsafe.Add(ref to, 8 * pitch));
        Avx512F.Shuffle4x128(ab, cd, 0xDD).StoreUnsafe(ref Unsafe.Add(ref to, 12 * pitch));
    }
}
