using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>A map that takes pixels from pixels and keeps rows and columns: a shift by whole pixels, a mirroring, or both.</summary>
/// <param name="Mirrored">Whether columns run backwards.</param>
/// <param name="Column">Of the source of the result's first pixel; may lie outside.</param>
/// <param name="UpsideDown">Whether rows run backwards.</param>
/// <param name="Row">Of the source of the result's first pixel; may lie outside.</param>
readonly record struct PixelMoves(bool Mirrored, int Column, bool UpsideDown, int Row)
{
    const double Most = 1 << 30;

    // Five pixels of three bytes, backwards, after a byte of the one before them.
    static Vector128<byte> Backwards => Vector128.Create((byte)13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, 0);

    /// <summary>The map as moves of pixels; null where it is more than that.</summary>
    internal static PixelMoves? Of(AffineMap map) =>
        map is { XX: 1 or -1, XY: 0, YX: 0, YY: 1 or -1 } && IsWhole(map.X0) && IsWhole(map.Y0)
            ? new(map.XX < 0, (int)map.X0, map.YY < 0, (int)map.Y0) : null;

    internal void Draw(Bitmap from, Bitmap to, FillMode fill, Colour value)
    {
        if (!from.HasAlpha || fill != FillMode.Constant)
        {
            DrawEach(from, to, fill, value);
            return;
        }
        DrawEach(from, to, FillMode.Nearest, value);
        PaintOutside(from, to, new(fill, value, IsMultiplied: false));
    }

    // Over what the nearest pixels gave, whose alpha stays.
    void PaintOutside(Bitmap from, Bitmap to, Surroundings outside)
    {
        var columns = Columns(from.Width, to.Width, outside.Fill);
        for (var y = 0; y < to.Height; y++)
        {
            double row = Row + (UpsideDown ? -(double)y : y);
            var isOutside = !Boundary.MapCoordinate(ref row, from.Height, outside.Fill);
            for (var x = 0; x < to.Width; x++)
                if (isOutside || columns[x] < 0)
                    outside.Paint(to.Pixels.AsSpan(y * to.RowBytes + x * to.Channels, to.Channels));
        }
    }

    void DrawEach(Bitmap from, Bitmap to, FillMode fill, Colour value)
    {
        // Where the columns of the source lie in the result.
        var start = Math.Clamp(Mirrored ? (long)Column - from.Width + 1 : -(long)Column, 0, to.Width);
        var end = Math.Clamp(Mirrored ? (long)Column + 1 : (long)from.Width - Column, start, to.Width);
        var (channels, first, last) = (from.Channels, (int)start, (int)end);
        // Colours with alpha have nothing outside here.
        ReadOnlySpan<byte> outside = [value.Red, value.Green, value.Blue, 0];
        var columns = Columns(from.Width, to.Width, fill);
        for (var y = 0; y < to.Height; y++)
        {
            var target = to.Pixels.AsSpan(y * to.RowBytes, to.RowBytes);
            double sourceRow = Row + (UpsideDown ? -(double)y : y);
            if (!Boundary.MapCoordinate(ref sourceRow, from.Height, fill))
            {
                Paint(target, outside[..channels]);
                continue;
            }
            var source = from.Row((int)sourceRow);
            var inner = target[(first * channels)..(last * channels)];
            // The row lies beside the source, and the parts below would begin outside it.
            if (inner.IsEmpty)
            {
            }
            else if (Mirrored)
                Mirror(source.Slice((Column - last + 1) * channels, inner.Length), inner, channels);
            else
                source.Slice((Column + first) * channels, inner.Length).CopyTo(inner);
            // What lies left and right of the source's own columns.
            for (var x = first == 0 ? last : 0; x < to.Width; x = x + 1 == first ? last : x + 1)
                (columns[x] < 0 ? outside[..channels] : source.Slice(columns[x] * channels, channels)).CopyTo(target[(x * channels)..]);
        }
    }

    // The source column of each, −1 for the colour outside.
    int[] Columns(int size, int count, FillMode fill)
    {
        var columns = new int[count];
        for (var x = 0; x < count; x++)
        {
            double column = Column + (Mirrored ? -(double)x : x);
            columns[x] = Boundary.MapCoordinate(ref column, size, fill) ? (int)column : -1;
        }
        return columns;
    }

    static void Paint(Span<byte> pixels, ReadOnlySpan<byte> colour)
    {
        for (var i = 0; i < pixels.Length; i += colour.Length)
            colour.CopyTo(pixels[i..]);
    }

    static void Mirror(ReadOnlySpan<byte> from, Span<byte> to, int channels)
    {
        if (channels == 1)
        {
            from.CopyTo(to);
            to.Reverse();
            return;
        }
        if (channels == Bitmap.RgbaChannels)
        {
            from.CopyTo(to);
            MemoryMarshal.Cast<byte, uint>(to).Reverse();
            return;
        }
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        var i = 0;
        // The sixteenth byte is written again by the next pixel, so one must follow.
        for (; i + 18 <= to.Length; i += 15)
            Vector128.Shuffle(Vector128.LoadUnsafe(ref source, (nuint)(from.Length - 16 - i)), Backwards).StoreUnsafe(ref target, (nuint)i);
        for (; i < to.Length; i += 3)
            from.Slice(from.Length - 3 - i, 3).CopyTo(to[i..]);
    }

    static bool IsWhole(double number) => Math.Abs(number) <= Most && Math.Floor(number) == number;
}
