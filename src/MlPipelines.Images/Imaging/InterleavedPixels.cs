using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>Interleaved bytes as numbers, channel by channel.</summary>
static class InterleavedPixels
{
    /// <param name="pixels">[H, W, channels].</param>
    /// <param name="channels">3, 1 or 4.</param>
    /// <param name="to">[channels, H, W].</param>
    internal static void Split(ReadOnlySpan<byte> pixels, int channels, Span<float> to)
    {
        var plane = pixels.Length / channels;
        if (channels == 1)
            Widen(pixels, to[..plane]);
        else if (channels == Bitmap.RgbaChannels)
            SplitFour(pixels, to);
        else
            Split(pixels, to[..plane], to[plane..(2 * plane)], to[(2 * plane)..(3 * plane)]);
    }

    static void Split(ReadOnlySpan<byte> pixels, Span<float> red, Span<float> green, Span<float> blue)
    {
        ref var from = ref MemoryMarshal.GetReference(pixels);
        ref float r = ref MemoryMarshal.GetReference(red), g = ref MemoryMarshal.GetReference(green),
            b = ref MemoryMarshal.GetReference(blue);
        var i = 0;
        // Four pixels are twelve bytes; sixteen are read.
        for (; 3 * i + 16 <= pixels.Length; i += 4)
        {
            var four = Vector128.LoadUnsafe(ref from, (nuint)(3 * i));
            Number(Vector128.Shuffle(four, Vector128.Create((byte)0, 255, 255, 255, 3, 255, 255, 255, 6, 255, 255, 255, 9, 255, 255, 255)))
                .StoreUnsafe(ref r, (nuint)i);
            Number(Vector128.Shuffle(four, Vector128.Create((byte)1, 255, 255, 255, 4, 255, 255, 255, 7, 255, 255, 255, 10, 255, 255, 255)))
                .StoreUnsafe(ref g, (nuint)i);
            Number(Vector128.Shuffle(four, Vector128.Create((byte)2, 255, 255, 255, 5, 255, 255, 255, 8, 255, 255, 255, 11, 255, 255, 255)))
                .StoreUnsafe(ref b, (nuint)i);
        }
        for (; i < red.Length; i++)
            (red[i], green[i], blue[i]) = (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]);
    }

    static void SplitFour(ReadOnlySpan<byte> pixels, Span<float> to)
    {
        var plane = pixels.Length / 4;
        ref var from = ref MemoryMarshal.GetReference(pixels);
        ref var target = ref MemoryMarshal.GetReference(to);
        var i = 0;
        for (; i + 4 <= plane; i += 4)
        {
            // Each is one number a pixel, of which a channel is a byte.
            var four = Vector128.LoadUnsafe(ref from, (nuint)(4 * i)).AsUInt32();
            for (var channel = 0; channel < 4; channel++)
                Number(((four >>> (8 * channel)) & Vector128.Create(0xFFu)).AsByte()).StoreUnsafe(ref target, (nuint)(channel * plane + i));
        }
        for (; i < plane; i++)
            for (var channel = 0; channel < 4; channel++)
                to[channel * plane + i] = pixels[4 * i + channel];
    }

    static void Widen(ReadOnlySpan<byte> pixels, Span<float> to)
    {
        ref var from = ref MemoryMarshal.GetReference(pixels);
        ref var target = ref MemoryMarshal.GetReference(to);
        var i = 0;
        for (; i + 16 <= pixels.Length; i += 16)
        {
            var (lower, upper) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)i));
            var ((first, second), (third, fourth)) = (Vector128.Widen(lower), Vector128.Widen(upper));
            Number(first.AsByte()).StoreUnsafe(ref target, (nuint)i);
            Number(second.AsByte()).StoreUnsafe(ref target, (nuint)(i + 4));
            Number(third.AsByte()).StoreUnsafe(ref target, (nuint)(i + 8));
            Number(fourth.AsByte()).StoreUnsafe(ref target, (nuint)(i + 12));
        }
        for (; i < pixels.Length; i++)
            to[i] = pixels[i];
    }

    static Vector128<float> Number(Vector128<byte> whole) => Vector128.ConvertToSingle(whole.AsInt32());
}
