using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Brightness as each behaviour has it. The historical ones go through an 8-bit image and Pillow's ImageEnhance.</summary>
static class KerasBrightness
{
    public static void Apply(Span<float> planes, int channels, double factor, KerasCompatibility compatibility)
    {
        var (least, most) = Extremes(planes);
        if (compatibility == KerasCompatibility.Correct)
        {
            var limit = Math.Max(most, 255);
            foreach (ref var pixel in planes)
                pixel = Math.Min((float)(pixel * factor), limit);
            return;
        }
        var stretches = compatibility == KerasCompatibility.Classic || least < 0 || most > 255;
        if (stretches)
            foreach (ref var pixel in planes)
                pixel = most == least ? 0 : (pixel - least) / (most - least) * 255;
        Through8Bits(planes, channels, (float)factor);
        if (stretches && compatibility == KerasCompatibility.Current)
            foreach (ref var pixel in planes)
                pixel = pixel / 255 * (most - least) + least;
    }

    public static (float Least, float Most) Extremes(ReadOnlySpan<float> pixels)
    {
        var (least, most) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var pixel in pixels)
            (least, most) = (Math.Min(least, pixel), Math.Max(most, pixel));
        return (least, most);
    }

    static void Through8Bits(Span<float> planes, int channels, float factor)
    {
        var (bytes, plane) = (new byte[planes.Length], planes.Length / channels);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)planes[i % channels * plane + i / channels];
        var changed = Image.FromPixels(plane, 1, channels, bytes).AdjustBrightness(factor).Pixels;
        for (var i = 0; i < bytes.Length; i++)
            planes[i % channels * plane + i / channels] = changed[i];
    }
}
