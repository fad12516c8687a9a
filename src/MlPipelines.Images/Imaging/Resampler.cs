using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>Resizes by a triangle filter whose width grows with the reduction: antialiased when it shrinks,
/// bilinear when it enlarges.</summary>
/// <remarks>
/// Separable, rows first; weights in units of 2⁻²², each pass rounded to 8 bits: the same numbers as Pillow's Image.resize with BILINEAR.
/// Source: Heckbert 1989, Fundamentals of Texture Mapping, §3.5; pixel centres at one half.
/// </remarks>
static class Resampler
{
    const int Bits = 22, One = 1 << Bits, Half = One / 2, Margin = 16;

    // With more pixels to one of the result, the rounding of the single weights would be seen in their sum.
    const double MostReach = 4096;

    /// <summary>A picture in another size.</summary>
    /// <param name="bitmap">The picture, perhaps decoded in less than its full size.</param>
    /// <param name="full">Its full size.</param>
    /// <param name="size">Of the result.</param>
    /// <param name="kind">How it is fitted in.</param>
    /// <param name="anchor">The part that is kept.</param>
    internal static Bitmap Resize(Bitmap bitmap, ImageSize full, ImageSize size, ResizingKind kind, Anchor anchor) =>
        PremultipliedAlpha.Through(bitmap, multiplied => ResizeEach(multiplied, full, size, kind, anchor));

    static Bitmap ResizeEach(Bitmap bitmap, ImageSize full, ImageSize size, ResizingKind kind, Anchor anchor)
    {
        var placement = Placement.For(full, size, kind, anchor);
        var whole = placement.Target.Width == size.Width && placement.Target.Height == size.Height;
        var length = checked(size.Width * size.Height * bitmap.Channels);
        var result = new Bitmap(size.Width, size.Height, bitmap.Channels,
            whole ? GC.AllocateUninitializedArray<byte>(length) : new byte[length]);
        var source = placement.Source.Scaled(bitmap.Width / (double)full.Width, bitmap.Height / (double)full.Height);
        Draw(bitmap, source, result, placement.Target);
        if (!whole && result.HasAlpha)
            ContinueAlpha(result, placement.Target);
        return result;
    }

    // What lies beside the picture is opaque beside an opaque edge, and transparent beside a transparent one.
    static void ContinueAlpha(Bitmap bitmap, PixelRectangle drawn)
    {
        var (pixels, right, bottom) = (bitmap.Pixels, drawn.Left + drawn.Width - 1, drawn.Top + drawn.Height - 1);
        for (var y = 0; y < bitmap.Height; y++)
            for (var x = 0; x < bitmap.Width; x++)
                pixels[y * bitmap.RowBytes + x * Bitmap.RgbaChannels + 3] = pixels[Math.Clamp(y, drawn.Top, bottom) * bitmap.RowBytes
                    + Math.Clamp(x, drawn.Left, right) * Bitmap.RgbaChannels + 3];
    }

    /// <summary>Draws a part of a picture into a part of another one.</summary>
    static void Draw(Bitmap from, Box source, Bitmap to, PixelRectangle target)
    {
        var columns = Taps.For(from.Width, source.Left, source.Width, target.Width);
        var rows = Taps.For(from.Height, source.Top, source.Height, target.Height);
        var (firstColumn, firstRow, channels) = (columns.First[0], rows.First[0], from.Channels);
        var sourceBytes = (columns.First[^1] + columns.Count[^1] - firstColumn) * channels;
        var (bytes, count) = (target.Width * channels, rows.First[^1] + rows.Count[^1] - firstRow);
        // The rows that are needed, each blended along its columns already; behind them one row of the source with its margin.
        var lines = ArrayPool<byte>.Shared.Rent(count * bytes + sourceBytes + 2 * Margin);
        var line = lines.AsSpan(count * bytes + Margin, sourceBytes + Margin);
        for (var y = 0; y < count; y++)
        {
            from.Pixels.AsSpan(((firstRow + y) * from.Width + firstColumn) * channels, sourceBytes).CopyTo(line);
            // In order: a row's last pixel writes one byte into the row below, which that row overwrites.
            BlendColumns(line, columns, channels, lines.AsSpan(y * bytes, bytes + 1));
        }
        for (var y = 0; y < target.Height; y++)
        {
            var row = to.Pixels.AsSpan((target.Top + y) * to.RowBytes + target.Left * channels, bytes);
            BlendRows(lines.AsSpan((rows.First[y] - firstRow) * bytes), bytes, rows.Weights.AsSpan(y * rows.Stride, rows.Count[y]), row);
        }
        ArrayPool<byte>.Shared.Return(lines);
    }

    static void BlendRows(ReadOnlySpan<byte> rows, int rowBytes, ReadOnlySpan<int> weights, Span<byte> to)
    {
        if (weights is [One])
        {
            rows[..to.Length].CopyTo(to);
            return;
        }
        ref var first = ref MemoryMarshal.GetReference(rows);
        ref var result = ref MemoryMarshal.GetReference(to);
        var x = 0;
        for (; x <= to.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var low = Vector256.Create(Half);
            var high = low;
            for (var tap = 0; tap < weights.Length; tap++)
            {
                var bytes = Vector128.LoadUnsafe(ref first, (nuint)(tap * rowBytes + x));
                var weight = Vector256.Create(weights[tap]);
                low += Numbers(Vector128.WidenLower(bytes)) * weight;
                high += Numbers(Vector128.WidenUpper(bytes)) * weight;
            }
            // No sum exceeds 255 by a half: weights add up to 1 but for their rounding, which MostReach bounds.
            var shorts = Vector256.Narrow(low >>> Bits, high >>> Bits).AsUInt16();
            Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).StoreUnsafe(ref result, (nuint)x);
        }
        for (; x < to.Length; x++)
        {
            var sum = Half;
            for (var tap = 0; tap < weights.Length; tap++)
                sum += rows[tap * rowBytes + x] * weights[tap];
            to[x] = (byte)(sum >> Bits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Numbers(Vector128<ushort> numbers) =>
        Vector256.Create(Vector128.WidenLower(numbers), Vector128.WidenUpper(numbers)).AsInt32();

    // The source has a margin behind its end and the result a byte, since four bytes are read and written for three.
    static void BlendColumns(ReadOnlySpan<byte> source, Taps columns, int channels, Span<byte> to)
    {
        if (columns.IsCopy)
            source[..(to.Length - 1)].CopyTo(to);
        else if (channels == 3)
            BlendColours<OfThree>(source, columns, to);
        else if (channels == Bitmap.RgbaChannels)
            BlendColours<OfFour>(source, columns, to);
        else
            for (var x = 0; x < columns.Count.Length; x++)
            {
                var offset = (columns.First[x] - columns.First[0]) * channels;
                for (var c = 0; c < channels; c++)
                {
                    var sum = Half;
                    for (var tap = 0; tap < columns.Count[x]; tap++)
                        sum += source[offset + tap * channels + c] * columns.Weights[x * columns.Stride + tap];
                    to[x * channels + c] = (byte)(sum >> Bits);
                }
            }
    }

    interface IPixelBytes
    {
        static abstract int Count { get; }
    }

    readonly struct OfThree : IPixelBytes
    {
        public static int Count => 3;
    }

    readonly struct OfFour : IPixelBytes
    {
        public static int Count => Bitmap.RgbaChannels;
    }

    static void BlendColours<TPixel>(ReadOnlySpan<byte> source, Taps columns, Span<byte> to) where TPixel : struct, IPixelBytes
    {
        ref var first = ref MemoryMarshal.GetReference(source);
        ref var result = ref MemoryMarshal.GetReference(to);
        ref var weights = ref MemoryMarshal.GetArrayDataReference(columns.Weights);
        var starts = columns.First;
        var counts = columns.Count.AsSpan(0, starts.Length);
        for (var x = 0; x < starts.Length; x++)
        {
            var sum = Vector128.Create(Half);
            ref var pixel = ref Unsafe.Add(ref first, (starts[x] - starts[0]) * TPixel.Count);
            ref var weight = ref Unsafe.Add(ref weights, x * columns.Stride);
            for (var tap = 0; tap < counts[x]; tap++)
                sum += Pixel(ref Unsafe.Add(ref pixel, tap * TPixel.Count)) * Unsafe.Add(ref weight, tap);
            var bytes = Vector128.Shuffle((sum >>> Bits).AsByte(),
                Vector128.Create((byte)0, 4, 8, 12, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref result, x * TPixel.Count), bytes.AsUInt32().ToScalar());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Pixel(ref byte at) =>
        Vector128.Shuffle(Vector128.LoadUnsafe(ref at),
            Vector128.Create((byte)0, 255, 255, 255, 1, 255, 255, 255, 2, 255, 255, 255, 3, 255, 255, 255)).AsInt32();

    /// <summary>For each pixel of the result: which source pixels it is made of, and how much of each, in units of 2⁻²².</summary>
    sealed record Taps(int[] First, int[] Count, int[] Weights, int Stride)
    {
        /// <summary>Whether the result is the source.</summary>
        internal bool IsCopy { get; } = Count.AsSpan().IndexOfAnyExcept(1) < 0 && First[^1] - First[0] == First.Length - 1;

        internal static Taps For(int sourceSize, double start, double length, int size)
        {
            var scale = length / size;
            var reach = Math.Max(scale, 1);
            var stride = (int)Math.Ceiling(reach) * 2 + 1;
            var (first, count, weights) = (new int[size], new int[size], new int[size * stride]);
            Span<double> shares = stride <= 256 ? stackalloc double[stride] : new double[stride];
            for (var i = 0; i < size; i++)
            {
                var centre = start + (i + 0.5) * scale;
                var from = Math.Clamp((int)Math.Floor(centre - reach + 0.5), 0, sourceSize - 1);
                var to = Math.Clamp((int)Math.Floor(centre + reach + 0.5), from + 1, sourceSize);
                var sum = 0.0;
                for (var p = from; p < to; p++)
                    // Times the inverse, as in Pillow: a quotient is rounded otherwise.
                    sum += shares[p - from] = Math.Max(0, 1 - Math.Abs((p - centre + 0.5) * (1 / reach)));
                if (sum == 0)
                    sum = shares[0] = 1;
                var own = weights.AsSpan(i * stride, to - from);
                var (passed, given) = (0.0, 0);
                for (var p = 0; p < own.Length; p++)
                {
                    passed += shares[p];
                    // The latter are differences of rounded partial sums, so that the weights add up to exactly 1.
                    own[p] = (int)(0.5 + (reach <= MostReach ? shares[p] / sum * One : passed / sum * One - given));
                    given += own[p];
                }
                // Pixels of no weight are left out, so that a size that stays the same is known for a copy.
                var (skipped, used) = (own.IndexOfAnyExcept(0), own.LastIndexOfAnyExcept(0) + 1);
                own[skipped..used].CopyTo(own);
                (first[i], count[i]) = (from + skipped, used - skipped);
            }
            return new(first, count, weights, stride);
        }
    }
}
