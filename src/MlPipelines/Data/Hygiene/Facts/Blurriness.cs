using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>How much of an image's variation from pixel to pixel is left when it is blurred: little of a sharp image's,
/// most of a blurred one's.</summary>
/// <remarks>Source: Crete et al. 2007, "The Blur Effect: Perception and Estimation with a New No-Reference Perceptual Blur Metric", with 9
/// taps; edges are repeated.</remarks>
static class Blurriness
{
    const int Reach = 4, Taps = 2 * Reach + 1;

    /// <summary>From 0 to 1, of a picture of at least 64 pixels a side; not a number for a smaller one,
    /// or one of a single colour.</summary>
    internal static double Of(Image picture)
    {
        const int leastSide = 64;
        if (Math.Min(picture.Width, picture.Height) < leastSide)
            return double.NaN;
        var grey = picture.ToGrayscale().Pixels;
        return Math.Max(Along(grey, picture.Width, 1, picture.Height, picture.Width),
            Along(grey, picture.Height, picture.Width, picture.Width, 1));
    }

    // Lines of a number of pixels that lie a step apart; the lines begin a stride apart.
    static double Along(ReadOnlySpan<byte> grey, int length, int step, int lines, int stride)
    {
        var (all, left) = (0L, 0L);
        for (var line = 0; line < lines; line++)
        {
            var start = line * stride;
            int first = grey[start], last = grey[start + (length - 1) * step];
            for (var i = 0; i + 1 < length; i++)
            {
                var change = Taps * Math.Abs(grey[start + (i + 1) * step] - grey[start + i * step]);
                var blurred = Math.Abs((i + 1 + Reach < length ? grey[start + (i + 1 + Reach) * step] : last)
                    - (i >= Reach ? grey[start + (i - Reach) * step] : first));
                all += change;
                left += Math.Min(change, blurred);
            }
        }
        return left / (double)all;
    }
}
