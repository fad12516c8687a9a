using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>Resizes by a triangle filter whose width grows with the reduction: antialiased when it shrinks, bilinear when it enlarges.</summary>
/// <remarks>Separable, in float, rounded once at the end. Source: Heckbert 1989, Fundamentals of Texture Mapping, §3.5; pixel centres at one half.</remarks>
static class Resampler
{
    /// <summary>A picture in another size.</summary>
    /// <param name="bitmap">The picture, perhaps decoded in less than its full size.</param>
    /// <param name="fullWidth">Its width in full size.</param>
    /// <param name="fullHeight">Its height in full size.</param>
    /// <param name="width">Of the result.</param>
    /// <param name="height">Of the result.</param>
    /// <param name="kind">How it is fitted in.</param>
    /// <param name="anchor">The part that is kept.</param>
    internal static Bitmap Resize(Bitmap bitmap, int fullWidth, int fullHeight, int width, int height, ResizingKind kind, Anchor anchor)
    {
        var placement = Placement.For(fullWidth, fullHeight, width, height, kind, anchor);
        var whole = placement.Width == width && placement.Height == height;
        var length = checked(width * height * bitmap.Channels);
        var target = new Bitmap(width, height, bitmap.Channels, whole ? GC.AllocateUninitializedArray<byte>(length) : new byte[length]);
        var source = placement.Source.Scaled(bitmap.Width / (double)fullWidth, bitmap.Height / (double)fullHeight);
        Draw(bitmap.Pixels, bitmap.Width, bitmap.Height, bitmap.Channels, source, target, placement.Left, placement.Top, placement.Width, placement.Height);
        return target;
    }

    /// <summary>Draws the part <paramref name="box"/> of a picture into a part of a larger one.</summary>
    static void Draw(ReadOnlySpan<byte> from, int fromWidth, int fromHeight, int channels, Box box, Bitmap target, int left, int top, int width, int height)
    {
        var columns = Taps.For(fromWidth, box.Left, box.Width, width);
        var rows = Taps.For(fromHeight, box.Top, box.Height, height);
        var firstColumn = columns.First[0];
        var length = (columns.First[^1] + columns.Count[^1] - firstColumn) * channels;
        var line = ArrayPool<float>.Shared.Rent(length + 16);
        for (var y = 0; y < height; y++)
        {
            var start = (rows.First[y] * fromWidth + firstColumn) * channels;
            BlendRows(from[start..], fromWidth * channels, rows.Weights.AsSpan(y * rows.Stride, rows.Count[y]), line.AsSpan(0, length));
            var to = target.Pixels.AsSpan((top + y) * target.RowBytes + left * channels, width * channels);
            if (channels == 3)
                BlendColumnsOf3(line, columns, to);
            else
                BlendColumns(line, columns, channels, to);
        }
        ArrayPool<float>.Shared.Return(line);
    }

    static void BlendRows(ReadOnlySpan<byte> rows, int rowBytes, ReadOnlySpan<float> weights, Span<float> line)
    {
        ref var first = ref MemoryMarshal.GetReference(rows);
        ref var to = ref MemoryMarshal.GetReference(line);
        var x = 0;
        for (; x <= line.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            Vector256<float> low = default, high = default;
            for (var tap = 0; tap < weights.Length; tap++)
            {
                var bytes = Vector128.LoadUnsafe(ref first, (nuint)(tap * rowBytes + x));
                var weight = Vector256.Create(weights[tap]);
                low += Floats(Vector128.WidenLower(bytes)) * weight;
                high += Floats(Vector128.WidenUpper(bytes)) * weight;
            }
            low.StoreUnsafe(ref to, (nuint)x);
            high.StoreUnsafe(ref to, (nuint)(x + 8));
        }
        for (; x < line.Length; x++)
        {
            var sum = 0f;
            for (var tap = 0; tap < weights.Length; tap++)
                sum += rows[tap * rowBytes + x] * weights[tap];
            line[x] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Floats(Vector128<ushort> numbers) =>
        Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(numbers), Vector128.WidenUpper(numbers)).AsInt32());

    // Four floats are read for three: the line has room behind its end.
    static void BlendColumnsOf3(ReadOnlySpan<float> line, Taps columns, Span<byte> to)
    {
        ref var first = ref MemoryMarshal.GetReference(line);
        var half = Vector128.Create(0.5f);
        for (var x = 0; x < columns.Count.Length; x++)
        {
            var sum = half;
            var offset = (nuint)((columns.First[x] - columns.First[0]) * 3);
            var weights = columns.Weights.AsSpan(x * columns.Stride, columns.Count[x]);
            for (var tap = 0; tap < weights.Length; tap++, offset += 3)
                sum += Vector128.LoadUnsafe(ref first, offset) * weights[tap];
            var rounded = Vector128.ConvertToInt32(sum);
            to[3 * x] = (byte)rounded.GetElement(0);
            to[3 * x + 1] = (byte)rounded.GetElement(1);
            to[3 * x + 2] = (byte)rounded.GetElement(2);
        }
    }

    static void BlendColumns(ReadOnlySpan<float> line, Taps columns, int channels, Span<byte> to)
    {
        for (var x = 0; x < columns.Count.Length; x++)
        {
            var offset = (columns.First[x] - columns.First[0]) * channels;
            var weights = columns.Weights.AsSpan(x * columns.Stride, columns.Count[x]);
            for (var c = 0; c < channels; c++)
            {
                var sum = 0.5f;
                for (var tap = 0; tap < weights.Length; tap++)
                    sum += line[offset + tap * channels + c] * weights[tap];
                to[x * channels + c] = (byte)sum;
            }
        }
    }

    /// <summary>For each pixel of the result: which source pixels it is made of, and how much of each; the weights of one pixel sum to 1.</summary>
    sealed record Taps(int[] First, int[] Count, float[] Weights, int Stride)
    {
        internal static Taps For(int sourceSize, double start, double length, int size)
        {
            var scale = length / size;
            var reach = Math.Max(scale, 1);
            var stride = (int)Math.Ceiling(reach) * 2 + 1;
            var (first, count, weights) = (new int[size], new int[size], new float[size * stride]);
            Span<double> shares = stride <= 256 ? stackalloc double[stride] : new double[stride];
            for (var i = 0; i < size; i++)
            {
                var centre = start + (i + 0.5) * scale;
                var from = Math.Clamp((int)Math.Floor(centre - reach + 0.5), 0, sourceSize - 1);
                var to = Math.Clamp((int)Math.Floor(centre + reach + 0.5), from + 1, sourceSize);
                var sum = 0.0;
                for (var p = from; p < to; p++)
                    sum += shares[p - from] = Math.Max(0, 1 - Math.Abs((p + 0.5 - centre) / reach));
                if (sum == 0)
                    sum = shares[0] = 1;
                (first[i], count[i]) = (from, to - from);
                for (var p = 0; p < to - from; p++)
                    weights[i * stride + p] = (float)(shares[p] / sum);
            }
            return new(first, count, weights, stride);
        }
    }
}
