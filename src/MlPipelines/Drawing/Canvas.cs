using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>White paper that pictures are put on, pixel by pixel.</summary>
sealed class Canvas(int width, int height)
{
    readonly byte[] pixels = White(checked(width * height * 3));

    /// <summary>Puts a picture at a place, what is transparent over the paper; nothing of it may stand out.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="left">In pixels.</param>
    /// <param name="top">In pixels.</param>
    /// <param name="magnification">Each pixel becomes a square of that many by that many.</param>
    internal void Paste(Image image, int left, int top, int magnification = 1)
    {
        image = image.WithoutAlpha();
        var from = image.Pixels;
        var (channels, row) = (image.Channels, image.Width * magnification * 3);
        for (var y = 0; y < image.Height; y++)
        {
            var first = pixels.AsSpan(((top + y * magnification) * width + left) * 3, row);
            for (var x = 0; x < row / 3; x++)
            {
                var at = (y * image.Width + x / magnification) * channels;
                (first[3 * x], first[3 * x + 1], first[3 * x + 2]) = channels == 1 ? (from[at], from[at], from[at])
                    : (from[at], from[at + 1], from[at + 2]);
            }
            for (var again = 1; again < magnification; again++)
                first.CopyTo(pixels.AsSpan(((top + y * magnification + again) * width + left) * 3, row));
        }
    }

    internal Image ToImage() => Image.FromPixels(width, height, 3, pixels);

    static byte[] White(int length)
    {
        var white = new byte[length];
        Array.Fill(white, byte.MaxValue);
        return white;
    }
}
