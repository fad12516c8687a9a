namespace MlPipelines.Imaging;

public sealed partial class Image
{
    /// <summary>Keeps the highest bits of every channel.</summary>
    /// <param name="bits">From 0 (black) to 8 (the picture as it is).</param>
    /// <remarks>Source: Pillow 9.4 ImageOps.posterize.</remarks>
    public Image Posterize(int bits)
    {
        var mask = 0xFF << 8 - Check.Within(bits, 0, 8);
        return Mapped(value => (byte)(value & mask));
    }

    /// <summary>Inverts the channels that have at least that value.</summary>
    /// <param name="threshold">From 0 (all are inverted) to 256 (none is).</param>
    /// <remarks>Source: Pillow 9.4 ImageOps.solarize.</remarks>
    public Image Solarize(float threshold)
    {
        Check.Within(threshold, 0, 256);
        return Mapped(value => (byte)(value < threshold ? value : 255 - value));
    }

    /// <summary>The negative of the picture.</summary>
    public Image Invert() => Mapped(value => (byte)(255 - value));

    /// <summary>Stretches each channel so that its least value becomes 0 and its greatest 255.</summary>
    /// <remarks>A channel of one value stays as it is. Fractions are cut off. Source: Pillow 9.4 ImageOps.autocontrast.</remarks>
    public Image AutoContrast() => EachChannelMapped(counts =>
    {
        var (least, most) = (Array.FindIndex(counts, count => count > 0), Array.FindLastIndex(counts, count => count > 0));
        var scale = 255.0 / Math.Max(most - least, 1);
        return value => most == least ? value : (int)(value * scale + -least * scale);
    });

    /// <summary>Spreads the values of each channel, so that all are about equally frequent.</summary>
    /// <remarks>A channel of one value, or with fewer than 255 pixels below its greatest, stays as it is. Source:
    /// Pillow 9.4 ImageOps.equalize.</remarks>
    public Image Equalize() => EachChannelMapped(counts =>
    {
        var step = (counts.Sum() - counts.Last(count => count > 0)) / 255;
        var below = new int[counts.Length];
        for (var value = 1; value < below.Length; value++)
            below[value] = below[value - 1] + counts[value - 1];
        return value => step == 0 ? value : (below[value] + step / 2) / step;
    });

    Image EachChannelMapped(Func<int[], Func<int, int>> mapOf) => WithColours(image =>
    {
        var bitmap = image.Bitmap;
        var result = Bitmap.Unwritten(bitmap.Width, bitmap.Height, bitmap.Channels);
        var (from, to) = (bitmap.Pixels, result.Pixels);
        var table = new byte[256];
        for (var channel = 0; channel < bitmap.Channels; channel++)
        {
            var counts = new int[256];
            for (var i = channel; i < to.Length; i += bitmap.Channels)
                counts[from[i]]++;
            var map = mapOf(counts);
            for (var value = 0; value < table.Length; value++)
                table[value] = (byte)Math.Clamp(map(value), 0, 255);
            for (var i = channel; i < to.Length; i += bitmap.Channels)
                to[i] = table[from[i]];
        }
        return new(result);
    });
}
