using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Brightness and colour of an image; grey levels are from 0 to 255, by ITU-R BT.601.</summary>
public sealed record Tones
{
    /// <summary>Mean grey level.</summary>
    public required double Mean { get; init; }

    /// <summary>Grey level that 5 % of the pixels are below.</summary>
    public required double Low { get; init; }

    /// <summary>Grey level that 99 % of the pixels are at or below.</summary>
    public required double High { get; init; }

    /// <summary>Standard deviation of the grey levels.</summary>
    public required double Deviation { get; init; }

    /// <summary>Of the grey levels, in bits, from 0 to 8.</summary>
    public required double Entropy { get; init; }

    /// <summary>Mean of the largest less the smallest channel.</summary>
    public required double Saturation { get; init; }

    /// <summary>Mean grey level of the outermost sixteenth on each side.</summary>
    public required double Border { get; init; }

    internal static Tones Of(Image picture)
    {
        var grey = picture.ToGrayscale().Pixels;
        Span<int> counts = stackalloc int[256];
        foreach (var level in grey)
            counts[level]++;
        var (sum, squares, entropy) = (0.0, 0.0, 0.0);
        for (var level = 0; level < 256; level++)
        {
            var share = counts[level] / (double)grey.Length;
            sum += share * level;
            squares += share * level * level;
            entropy -= share > 0 ? share * Math.Log2(share) : 0;
        }
        return new()
        {
            Mean = sum,
            Low = Level(counts, grey.Length * 0.05),
            High = Level(counts, grey.Length * 0.99),
            Deviation = Math.Sqrt(Math.Max(0, squares - sum * sum)),
            Entropy = entropy,
            Saturation = SaturationOf(picture),
            Border = BorderOf(grey, picture.Width, picture.Height),
        };
    }

    // The lowest grey level at or below which lie at least so many pixels.
    static int Level(ReadOnlySpan<int> counts, double pixels)
    {
        var (level, below) = (0, counts[0]);
        while (below < pixels)
            below += counts[++level];
        return level;
    }

    internal static double SaturationOf(Image picture)
    {
        if (picture.Channels == 1)
            return 0;
        var pixels = picture.Pixels;
        var sum = 0L;
        for (var i = 0; i < pixels.Length; i += 3)
            sum += Math.Max(pixels[i], Math.Max(pixels[i + 1], pixels[i + 2]))
            - Math.Min(pixels[i], Math.Min(pixels[i + 1], pixels[i + 2]));
        return sum / (pixels.Length / 3.0);
    }

    static double BorderOf(ReadOnlySpan<byte> grey, int width, int height)
    {
        var (across, down, sum, count) = (Math.Max(1, width / 16), Math.Max(1, height / 16), 0L, 0L);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                if (x < across || x >= width - across || y < down || y >= height - down)
                {
                    sum += grey[y * width + x];
                    count++;
                }
        return sum / (double)count;
    }
}
