using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What the pixels of many images are like, channel by channel.</summary>
/// <param name="Images">Number of images counted.</param>
/// <param name="Channels">One entry a channel: red, green, blue; or grey.</param>
/// <param name="Skipped">The rows that could not be read.</param>
public sealed record ImageStatistics(long Images, ImmutableArray<ChannelStatistics> Channels, ImmutableArray<SkippedRow> Skipped)
{
    /// <summary>Mean of each channel, as the layer <c>Normalization</c> takes them.</summary>
    public ImmutableArray<float> Means => [.. Channels.Select(channel => (float)channel.Mean)];

    /// <summary>Standard deviation of each channel, as the layer <c>Normalization</c> takes them.</summary>
    public ImmutableArray<float> Deviations => [.. Channels.Select(channel => (float)channel.Deviation)];
}

/// <summary>One channel over many images, in the units of its pixels (0–255 for images).</summary>
/// <param name="Pixels">Number of pixels.</param>
/// <param name="Mean">Of all pixels alike: a large image counts more than a small one.</param>
/// <param name="Deviation">Standard deviation of the pixels themselves (divided by their number, not by one less).</param>
/// <param name="Minimum">Least value.</param>
/// <param name="Maximum">Greatest value.</param>
public sealed record ChannelStatistics(long Pixels, double Mean, double Deviation, double Minimum, double Maximum);

/// <summary>The mean of many images, pixel by pixel.</summary>
/// <param name="Images">Number of images counted.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Pixels">[C, H, W], in the units of the images' pixels.</param>
/// <param name="Skipped">The rows that could not be read.</param>
public sealed record MeanImage(long Images, int Height, int Width, ImmutableArray<float> Pixels, ImmutableArray<SkippedRow> Skipped)
{
    /// <summary>A layer that subtracts it from each image, for a network that begins with it.</summary>
    public Networks.MeanSubtraction ToLayer() => new(Height, Width, Pixels);

    /// <summary>The mean as an image, rounded to 0–255.</summary>
    public Imaging.Image ToImage()
    {
        var plane = Height * Width;
        var channels = Pixels.Length / plane;
        var bytes = new byte[Pixels.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)Math.Clamp(MathF.Round(Pixels[i % channels * plane + i / channels]), 0, 255);
        return Imaging.Image.FromPixels(Width, Height, channels, bytes);
    }
}
