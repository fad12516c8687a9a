namespace MlPipelines.Imaging;

/// <summary>A picture, 8 bits a channel, rows from top to bottom, channels interleaved.</summary>
public sealed class Image
{
    Image(int width, int height, int channels, byte[] pixels) => (Width, Height, Channels, this.pixels) = (width, height, channels, pixels);

    readonly byte[] pixels;

    public int Width { get; }
    public int Height { get; }

    /// <summary>3 (red, green, blue) or 1 (grey).</summary>
    public int Channels { get; }

    /// <summary>Height × Width × Channels bytes.</summary>
    public ReadOnlySpan<byte> Pixels => pixels;

    /// <summary>A picture over the pixels given, which are not copied and no longer written to.</summary>
    public static Image FromPixels(int width, int height, int channels, byte[] pixels) => new(width, height, channels, pixels);
}
