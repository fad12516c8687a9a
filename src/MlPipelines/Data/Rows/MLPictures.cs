using System.Buffers;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Between ML.NET's pictures and this library's.</summary>
static class MLPictures
{
    const int Opaque = byte.MaxValue;

    /// <summary>The picture with four bytes a pixel, as ML.NET holds it; grey is repeated.</summary>
    public static MLImage Of(Image image)
    {
        var pixels = image.Pixels;
        var (channels, count) = (image.Channels, image.Width * image.Height);
        var buffer = ArrayPool<byte>.Shared.Rent(4 * count);
        try
        {
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

    /// <summary>The picture in red, green and blue; what is transparent lies over white.
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
        var pixels = new byte[image.Width * image.Height * 3];
        for (var (i, to) = (0, 0); to < pixels.Length; i += 4, to += 3)
        {
            var white = Opaque - from[i + 3];
            pixels[to] = Over(from[i + red], white);
            pixels[to + 1] = Over(from[i + 1], white);
            pixels[to + 2] = Over(from[i + blue], white);
        }
        return Image.FromPixels(image.Width, image.Height, 3, pixels);
    }

    static byte Over(int colour, int white) => (byte)Math.Min(colour + white, Opaque);
}
