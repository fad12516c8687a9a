namespace MlPipelines.Imaging;

/// <summary>Grey, grey with alpha, colours or colours with alpha → red, green, blue.</summary>
static class Flattening
{
    /// <param name="from">Pixels of so many bands.</param>
    /// <param name="bands">1 to 4; of 2 and 4 the last one is alpha.</param>
    /// <param name="background">What transparent parts show.</param>
    /// <param name="to">Three bytes a pixel.</param>
    internal static void Apply(ReadOnlySpan<byte> from, int bands, Colour background, Span<byte> to)
    {
        if (bands == 3)
        {
            from.CopyTo(to);
            return;
        }
        var (green, blue) = bands >= 3 ? (1, 2) : (0, 0);
        var alpha = bands is 2 or 4 ? bands - 1 : -1;
        for (int source = 0, target = 0; target < to.Length; source += bands, target += 3)
        {
            var share = alpha < 0 ? 255 : from[source + alpha];
            to[target] = Over(from[source], background.Red, share);
            to[target + 1] = Over(from[source + green], background.Green, share);
            to[target + 2] = Over(from[source + blue], background.Blue, share);
        }
    }

    static byte Over(int colour, int background, int share) => (byte)((colour * share + background * (255 - share) + 127) / 255);
}
