using System.Buffers;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Between ML.NET's pictures and this library's.</summary>
static class MLPictures
{
    const int Opaque = byte.MaxValue;

    /// <summary>The picture with four bytes a pixel, as ML.NET holds it: grey is repeated, colours with alpha are multiplied with
    /// it.</summary>
    public static MLImage Of(Image image)
    {
        var pixels = image.Pixels;
        var (channels, count) = (image.Channels, image.Width * image.Height);
        var buffer = ArrayPool<byte>.Shared.Rent(4 * count);
        try
        {
            if (channels == 4)
                PremultipliedAlpha.Multiply(pixels, buffer.AsSpan(0, pixels.Length));
            else
                for (var i = 0; i < count; i++)
                {
                    var at = i * channels;
                    (buffer[4 * i], buffer[4 * i + 1], buffer[4 * i + 2], buffer[4 * i + 3]) = channels == 1
                        ? (pixels[at], pixels[at], pixels[at], (byte)Opaque)
                        : (pixels[at], pixels[at + 1], pixels[at + 2], (byte)Opaque);
                }
            return MLImage.CreateFromPixels(image.Width, image.Height, MLPixelFormat.Rgba32, buffer.AsSpan(0, 4 * count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The picture in red, green and blue; what is transparent lies over white, and <see cref="Image.AsGiven"/> still has it.
    /// Skia's pixels are multiplied with their alpha already.</summary>
    /// <exception cref="InvalidDataException">It has another format of pixels.</exception>
    public static Image ToImage(MLImage image, string name)
    {
        var (red, blue) = image.PixelFormat switch
        {
            MLPixelFormat.Rgba32 => (0, 2),
            MLPixelFormat.Bgra32 => (2, 0),
            var other => throw new InvalidDataException($"{name}: has pixels of format {other}, Rgba32 or Bgra32 are needed."),
        };
        var from = image.Pixels;
        return IsOpaque(from) ? Image.FromPixels(image.Width, image.Height, 3, Colours(from, red, blue))
            : Image.LaidOverWhite(Image.FromPixels(image.Width, image.Height, 4, Divided(from, red, blue)));
    }

    static bool IsOpaque(ReadOnlySpan<byte> pixels)
    {
        for (var i = 3; i < pixels.Length; i += 4)
            if (pixels[i] != Opaque)
                return false;
        return true;
    }

    static byte[] Colours(ReadOnlySpan<byte> from, int red, int blue)
    {
        var pixels = new byte[from.Length / 4 * 3];
        for (var (i, to) = (0, 0); to < pixels.Length; i += 4, to += 3)
            (pixels[to], pixels[to + 1], pixels[to + 2]) = (from[i + red], from[i + 1], from[i + blue]);
        return pixels;
    }

    // Rounded to the nearest, so that multiplied again they are what they were.
    static byte[] Divided(ReadOnlySpan<byte> from, int red, int blue)
    {
        var pixels = new byte[from.Length];
        for (var i = 0; i < pixels.Length; i += 4)
        {
            var alpha = from[i + 3];
            (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) =
                (Divided(from[i + red], alpha), Divided(from[i + 1], alpha), Divided(from[i + blue], alpha), alpha);
        }
        return pixels;
    }

    static byte Divided(int colour, int alpha) => alpha == 0 ? (byte)0 : (byte)Math.Min((Opaque * colour + alpha / 2) / alpha, Opaque);
}
