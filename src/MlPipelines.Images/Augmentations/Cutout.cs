using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Paints a square of one colour over the image; its centre is any pixel, so that it may stick out and be cut.</summary>
/// <param name="Side">Of the square, in pixels, at least 1.</param>
/// <param name="Value">The colour; a grey image takes its red.</param>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Alpha stays as it is. Source: DeVries, Taylor 2017, arXiv:1708.04552, with 16 pixels for CIFAR-10 and the mean colour,
/// which is 0 after normalisation.</remarks>
public sealed record Cutout(int Side = 16, Colour Value = default, float Probability = 1) : ImageAugmentation
{
    /// <inheritdoc cref="Cutout" path="/param[@name='Side']"/>
    public int Side { get; } = Check.Within(Side, 1, 100_000);

    /// <inheritdoc cref="Cutout" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        if (!dice.Chance(Probability))
            return ImageChange.None;
        var (left, top) = (dice.Below(size.Width) - Side / 2, dice.Below(size.Height) - Side / 2);
        var (right, bottom) = (Math.Min(left + Side, size.Width), Math.Min(top + Side, size.Height));
        (left, top) = (Math.Max(left, 0), Math.Max(top, 0));
        return new Paint(left, top, right - left, bottom - top, Value);
    }
}

/// <summary>Paints a rectangle of one colour over an image.</summary>
/// <param name="Left">In pixels.</param>
/// <param name="Top">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Value">The colour; a grey image takes its red.</param>
public sealed record Paint(int Left, int Top, int Width, int Height, Colour Value) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => $"painted {Width}×{Height} at {Left},{Top}";

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.WithColours(Painted);
    }

    Image Painted(Image image)
    {
        var (pixels, channels) = (image.Pixels.ToArray(), image.Channels);
        ReadOnlySpan<byte> colour = [Value.Red, Value.Green, Value.Blue];
        var row = new byte[Width * channels];
        for (var i = 0; i < row.Length; i++)
            row[i] = colour[i % channels];
        for (var y = Top; y < Top + Height; y++)
            row.CopyTo(pixels.AsSpan((y * image.Width + Left) * channels));
        return Image.FromPixels(image.Width, image.Height, channels, pixels);
    }
}
