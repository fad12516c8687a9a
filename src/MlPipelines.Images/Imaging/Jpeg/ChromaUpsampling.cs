using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging.Jpeg;

/// <summary>Rows of chroma → rows as wide as those of luma: three parts of the nearer sample and one of the further,
/// in each direction.</summary>
/// <remarks>
/// Rounding is up and down by turns, as JPEG libraries do it, lest the picture shift. Source:
/// the "triangle filter" in the documentation of libjpeg's upsampling.
/// Rows are read and written beyond their ends, by up to <see cref="Beyond"/>.
/// </remarks>
static class ChromaUpsampling
{
    internal const int Beyond = 64;

    /// <summary>Narrower chroma is repeated instead.</summary>
    // libjpeg's condition, downsampled_width > 2; it has it for chroma of half the width only.
    internal const int NarrowestFiltered = 3;

    /// <summary>Between two rows, for chroma of half the height alone.</summary>
    /// <param name="near">Row that holds the samples wanted.</param>
    /// <param name="far">Row above or below.</param>
    /// <param name="isUpper">Whether the row wanted is the upper one of the two in <paramref name="near"/>.</param>
    /// <param name="width">Samples.</param>
    /// <param name="to">The row.</param>
    internal static void Between(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, bool isUpper, int width, Span<byte> to)
    {
        // As in libjpeg-turbo's h1v2_fancy_upsample.
        var bias = Vector256.Create((ushort)(isUpper ? 1 : 2));
        for (var x = 0; x < width; x += 16)
            Vector256.Narrow(Sums(near[x..], far[x..]) + bias >>> 2, Vector256<ushort>.Zero).GetLower().CopyTo(to[x..]);
    }

    /// <summary>Twice as wide, from one row.</summary>
    internal static void Widen(ReadOnlySpan<byte> row, int width, Span<ushort> sums, Span<byte> to)
    {
        for (var x = 0; x < width; x += 16)
            Wide(row[x..]).CopyTo(sums[(x + 1)..]);
        Widen(width, sums, 1, 2, 2, to);
    }

    /// <summary>Twice as wide, between two rows.</summary>
    internal static void Widen(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int width, Span<ushort> sums, Span<byte> to)
    {
        for (var x = 0; x < width; x += 16)
            Sums(near[x..], far[x..]).CopyTo(sums[(x + 1)..]);
        // Sums of four parts, weighted 3 to 1 once more, are of 16: at most 4,080, which 16 bits hold.
        Widen(width, sums, 8, 7, 4, to);
    }

    /// <summary>Each sample twice.</summary>
    internal static void Repeat(ReadOnlySpan<byte> row, int width, Span<byte> to)
    {
        for (var x = 0; x < width; x++)
            to[2 * x] = to[2 * x + 1] = row[x];
    }

    // Beside the first and the last there is only themselves. The left sample of two is the lower byte.
    static void Widen(int width, Span<ushort> sums, ushort leftBias, ushort rightBias, int shift, Span<byte> to)
    {
        (sums[0], sums[width + 1]) = (sums[1], sums[width]);
        var (left, right) = (Vector256.Create(leftBias), Vector256.Create(rightBias));
        var pairs = MemoryMarshal.Cast<byte, ushort>(to);
        for (var x = 0; x < width; x += 16)
        {
            var here = Vector256.Create<ushort>(sums[(x + 1)..]);
            here += here + here;
            var before = here + Vector256.Create<ushort>(sums[x..]) + left >>> shift;
            var after = here + Vector256.Create<ushort>(sums[(x + 2)..]) + right >>> shift;
            // Two samples in a lane: the left one comes first in memory where bytes are little-endian.
            (before | after << 8).CopyTo(pairs[x..]);
        }
    }

    static Vector256<ushort> Sums(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far)
    {
        var nearest = Wide(near);
        return nearest + nearest + nearest + Wide(far);
    }

    static Vector256<ushort> Wide(ReadOnlySpan<byte> row) => Vector256.WidenLower(Vector128.Create(row).ToVector256Unsafe());
}
