namespace MlPipelines.Imaging;

/// <summary>Grey, grey with alpha, colours or colours with alpha → red, green, blue, and alpha where it is kept.</summary>
static class Flattening
{
    /// <param name="from">Pixels of so many bands.</param>
    /// <param name="bands">1 to 4; of 2 and 4 the last one is alpha.</param>
    /// <param name="background">What transparent parts show where alpha is not kept.</param>
    /// <param name="to">The pixels.</param>
    /// <param name="channels">Bytes of each: 3, or 4 with alpha.</param>
    internal static void Apply(ReadOnlySpan<byte> from, int bands, Colour background, Span<byte> to, int channels = 3)
    {
        if (bands == channels)
            from.CopyTo(to);
        else if (channels == 3)
            LayOver(from, bands, background, to);
        else
            Repeat(from, bands, to);
    }

    static void LayOver(ReadOnlySpan<byte> from, int bands, Colour background, Span<byte> to)
    {
        var (green, blue) = bands >= 3 ? (1, 2) : (0, 0);
        var alpha = bands is 2 or 4 ? bands - 1 : -1;
        for (int source = 0, target = 0; target < to.Length; source += bands, target += 3)
        {
            var share = alpha < 0 ? byte.MaxValue : from[source + alpha];
            to[target] = Over(from[source], background.Red, share);
            to[target + 1] = Over(from[source + green], background.Green, share);
            to[target + 2] = Over(from[source + blue], background.Blue, share);
        }
    }

    // The same colours beside their alpha, opaque where there is none.
    static void Repeat(ReadOnlySpan<byte> from, int bands, Span<byte> to)
    {
        var (green, blue) = bands >= 3 ? (1, 2) : (0, 0);
        for (int source = 0, target = 0; target < to.Length; source += bands, target += Bitmap.RgbaChannels)
        {
            (to[target], to[target + 1], to[target + 2]) = (from[source], from[source + green], from[source + blue]);
            to[target + 3] = bands == 2 ? from[source + 1] : byte.MaxValue;
        }
    }

    static byte Over(int colour, int background, int share) => (byte)((colour * share + background * (255 - share) + 127) / 255);
}
