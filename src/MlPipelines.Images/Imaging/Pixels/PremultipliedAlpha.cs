namespace MlPipelines.Imaging;

/// <summary>Colours multiplied with their alpha, as pixels must be before they are mixed with others: what is transparent has no colour to
/// lend.</summary>
/// <remarks>Source: Pillow 9.4, Convert.c, RGBA → RGBa rounded and RGBa → RGBA cut off.</remarks>
static class PremultipliedAlpha
{
    /// <summary>The picture that comes of mixing pixels of another one.</summary>
    /// <param name="bitmap">The picture, of any channels; only colours with alpha are multiplied.</param>
    /// <param name="mix">Makes a new picture of one.</param>
    internal static Bitmap Through(Bitmap bitmap, Func<Bitmap, Bitmap> mix)
    {
        if (!bitmap.HasAlpha)
            return mix(bitmap);
        var mixed = mix(Multiplied(bitmap));
        Divide(mixed.Pixels.AsSpan(0, mixed.RowBytes * mixed.Height));
        return mixed;
    }

    /// <summary>A colour's share in a pixel of that alpha, rounded.</summary>
    internal static byte Of(int colour, int alpha)
    {
        var product = colour * alpha + 128;
        return (byte)((product >> 8) + product >> 8);
    }

    internal static Bitmap Multiplied(Bitmap bitmap)
    {
        var result = Bitmap.Unwritten(bitmap.Width, bitmap.Height, bitmap.Channels);
        Multiply(bitmap.Pixels.AsSpan(0, result.Pixels.Length), result.Pixels);
        return result;
    }

    /// <param name="from">Red, green, blue and alpha of each pixel.</param>
    /// <param name="to">As long.</param>
    internal static void Multiply(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (var i = 0; i + 3 < from.Length; i += Bitmap.RgbaChannels)
        {
            var alpha = from[i + 3];
            (to[i], to[i + 1], to[i + 2], to[i + 3]) = (Of(from[i], alpha), Of(from[i + 1], alpha), Of(from[i + 2], alpha), alpha);
        }
    }

    internal static void Divide(Span<byte> pixels)
    {
        for (var i = 0; i + 3 < pixels.Length; i += Bitmap.RgbaChannels)
            if (pixels[i + 3] is var alpha and not (0 or byte.MaxValue))
                for (var c = i; c < i + 3; c++)
                    pixels[c] = (byte)Math.Min(byte.MaxValue * pixels[c] / alpha, byte.MaxValue);
    }
}
