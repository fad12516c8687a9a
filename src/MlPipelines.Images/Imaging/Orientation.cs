namespace MlPipelines.Imaging;

/// <summary>Turns and mirrors pixels as the EXIF orientation 1–8 of a photograph asks.</summary>
/// <remarks>Source: Exif 2.32 (CIPA DC-008), tag 274.</remarks>
static class Orientation
{
    /// <summary>The orientation, or 1 for a number that is none.</summary>
    internal static int Known(int orientation) => orientation is >= 1 and <= 8 ? orientation : 1;

    internal static bool SwapsAxes(int orientation) => orientation is >= 5 and <= 8;

    internal static Bitmap Apply(Bitmap bitmap, int orientation, bool borrowed = false)
    {
        if (orientation is < 2 or > 8)
            return bitmap;
        var (w, h, channels) = (bitmap.Width, bitmap.Height, bitmap.Channels);
        var (width, height) = SwapsAxes(orientation) ? (h, w) : (w, h);
        // Offset of the source pixel of the result's first one, and steps in the source per step right and down.
        var (start, right, down) = orientation switch
        {
            2 => (w - 1, -1, w),
            3 => (h * w - 1, -1, -w),
            4 => ((h - 1) * w, 1, -w),
            5 => (0, w, 1),
            6 => ((h - 1) * w, -w, 1),
            7 => (h * w - 1, -w, -1),
            _ => (w - 1, w, -1),
        };
        var result = Bitmap.Unwritten(width, height, channels, borrowed);
        var (from, to) = (bitmap.Pixels, result.Pixels);
        var target = 0;
        for (var y = 0; y < height; y++)
        {
            var source = (start + y * down) * channels;
            for (var x = 0; x < width; x++, source += right * channels)
                for (var c = 0; c < channels; c++)
                    to[target++] = from[source + c];
        }
        if (borrowed)
            bitmap.GiveBack();
        return result;
    }
}
