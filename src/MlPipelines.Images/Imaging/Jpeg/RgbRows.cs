using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging.Jpeg;

/// <summary>A row of samples → a row of red, green and blue.</summary>
/// <remarks>Rows of samples are read beyond their ends, to a multiple of 16.</remarks>
static class RgbRows
{
    const int Step = 16;

    /// <summary>Red = Y + 1.402 Cr, green = Y − 0.34414 Cb − 0.71414 Cr, blue = Y + 1.772 Cb, each in units of 2⁻¹⁶,
    /// rounded once.</summary>
    /// <remarks>Source: JFIF 1.02, "Conversion to and from RGB".</remarks>
    [SkipLocalsInit]
    internal static void FromYCbCr(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blueness, ReadOnlySpan<byte> redness, Span<byte> rgb)
    {
        Span<byte> rest = stackalloc byte[3 * Step];
        for (int x = 0, at = 0; at < rgb.Length; x += Step, at += 3 * Step)
        {
            var centre = Vector256.Create((short)128);
            // Signed from here on: a byte less 128, so that saturation is that of signed bytes.
            var y = Wide(luma[x..]) - centre;
            var cb = Wide(blueness[x..]) - centre;
            var cr = Wide(redness[x..]) - centre;
            // A factor of 16 bits is less than a half: 1.402 = 1 + 0.402, 1.772 = 2 − 0.228, −0.71414 = −1 + 0.28586.
            var red = y + cr + Scaled(cr, 91881 - 65536);
            var blue = y + cb + cb + Scaled(cb, 116130 - 131072);
            var (low, weights) = (Vector256.Create(0xFFFF), Vector256.Create(-22554 & 0xFFFF | 65536 - 46802 << 16).AsInt16());
            var half = Vector256.Create(32768);
            // Cb and cr of a pixel side by side, the even pixels and then the odd ones; each result lies in the upper half of its lane.
            var evens = ShortLanes.MultiplyAdd((cb.AsInt32() & low | cr.AsInt32() << 16).AsInt16(), weights) + half;
            var odds = ShortLanes.MultiplyAdd((cb.AsInt32() >>> 16 | Vector256.AndNot(cr.AsInt32(), low)).AsInt16(), weights) + half;
            var green = y - cr + (evens >>> 16 | Vector256.AndNot(odds, low)).AsInt16();
            if (at + 3 * Step <= rgb.Length)
            {
                Interleave(Bytes(red), Bytes(green), Bytes(blue), rgb[at..]);
                continue;
            }
            Interleave(Bytes(red), Bytes(green), Bytes(blue), rest);
            rest[..(rgb.Length - at)].CopyTo(rgb[at..]);
        }
    }

    internal static void FromGrey(ReadOnlySpan<byte> grey, Span<byte> rgb)
    {
        Span<byte> rest = stackalloc byte[3 * Step];
        for (int x = 0, at = 0; at < rgb.Length; x += Step, at += 3 * Step)
        {
            var samples = Vector128.Create(grey[x..]);
            if (at + 3 * Step <= rgb.Length)
            {
                Interleave(samples, samples, samples, rgb[at..]);
                continue;
            }
            Interleave(samples, samples, samples, rest);
            rest[..(rgb.Length - at)].CopyTo(rgb[at..]);
        }
    }

    static Vector256<short> Wide(ReadOnlySpan<byte> row) => Vector256.WidenLower(Vector128.Create(row).ToVector256Unsafe()).AsInt16();

    // x · factor / 65 536, rounded; twice x keeps the bit that decides.
    static Vector256<short> Scaled(Vector256<short> x, short factor) =>
        ShortLanes.MultiplyHigh(x + x, Vector256.Create(factor)) + Vector256<short>.One >> 1;

    static Vector128<byte> Bytes(Vector256<short> x) =>
        Vector128.NarrowWithSaturation(x.GetLower(), x.GetUpper()).AsByte() ^ Vector128.Create((byte)128);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Interleave(Vector128<byte> red, Vector128<byte> green, Vector128<byte> blue, Span<byte> to)
    {
        const byte n = 255;
        (Vector128.Shuffle(red, Vector128.Create(0, n, n, 1, n, n, 2, n, n, 3, n, n, 4, n, n, 5))
            | Vector128.Shuffle(green, Vector128.Create(n, 0, n, n, 1, n, n, 2, n, n, 3, n, n, 4, n, n))
            | Vector128.Shuffle(blue, Vector128.Create(n, n, 0, n, n, 1, n, n, 2, n, n, 3, n, n, 4, n))).CopyTo(to);
        (Vector128.Shuffle(red, Vector128.Create(n, n, 6, n, n, 7, n, n, 8, n, n, 9, n, n, 10, n))
            | Vector128.Shuffle(green, Vector128.Create(5, n, n, 6, n, n, 7, n, n, 8, n, n, 9, n, n, 10))
            | Vector128.Shuffle(blue, Vector128.Create(n, 5, n, n, 6, n, n, 7, n, n, 8, n, n, 9, n, n))).CopyTo(to[16..]);
        (Vector128.Shuffle(red, Vector128.Create(n, 11, n, n, 12, n, n, 13, n, n, 14, n, n, 15, n, n))
            | Vector128.Shuffle(green, Vector128.Create(n, n, 11, n, n, 12, n, n, 13, n, n, 14, n, n, 15, n))
            | Vector128.Shuffle(blue, Vector128.Create(10, n, n, 11, n, n, 12, n, n, 13, n, n, 14, n, n, 15))).CopyTo(to[32..]);
    }
}
