using MlPipelines.Imaging;

namespace MlPipelines.Augmentations;

/// <summary>Paints a rectangle over the image.</summary>
/// <param name="Left">In pixels.</param>
/// <param name="Top">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Noise">Seed of the values.</param>
/// <param name="EachPixel">True for a value for each pixel and channel; false for one for all, or one a channel.</param>
/// <param name="Definition">What the values are drawn from.</param>
public sealed record Erase(int Left, int Top, int Width, int Height, long Noise, bool EachPixel, ErasingDefinition Definition = ErasingDefinition.Keras) : ImageChange
{
    // ImageNet's, in steps of 8-bit channels, as models on it are normalised.
    static readonly double[] means = [0.485 * 255, 0.456 * 255, 0.406 * 255];
    static readonly double[] deviations = [0.229 * 255, 0.224 * 255, 0.225 * 255];

    public override string Describe(ImageSize size) => $"erased {Width}×{Height} at {Left},{Top}";

    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (pixels, channels) = (image.Pixels.ToArray(), image.Channels);
        var dice = Dice.For(Noise);
        ReadOnlySpan<byte> plain = Plain(ref dice);
        for (var y = Top; y < Top + Height; y++)
        {
            var row = pixels.AsSpan((y * image.Width + Left) * channels, Width * channels);
            for (var i = 0; i < row.Length; i++)
                row[i] = EachPixel ? Value(ref dice, i % channels) : plain[i % channels];
        }
        return Image.FromPixels(image.Width, image.Height, channels, pixels);
    }

    byte[] Plain(ref Dice dice)
    {
        if (Definition == ErasingDefinition.Torchvision)
            return [.. means.Select(mean => (byte)Math.Round(mean))];
        var first = Value(ref dice, 0);
        return Definition == ErasingDefinition.Keras ? [first, first, first] : [first, Value(ref dice, 1), Value(ref dice, 2)];
    }

    byte Value(ref Dice dice, int channel) => Definition == ErasingDefinition.Keras
        ? (byte)dice.Below(256)
        : (byte)Math.Clamp(Math.Round(means[channel] + deviations[channel] * dice.Normal()), 0, 255);
}
