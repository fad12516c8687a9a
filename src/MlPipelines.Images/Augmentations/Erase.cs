using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Paints a rectangle over the image.</summary>
/// <param name="Area">The rectangle, within the image.</param>
/// <param name="Noise">Seed of the values.</param>
/// <param name="EachPixel">True for a value for each pixel and channel; false for one for all, or one a channel.</param>
/// <param name="Definition">What the values are drawn from.</param>
public sealed record Erase(PixelRectangle Area, long Noise, bool EachPixel, ErasingDefinition Definition = ErasingDefinition.Keras)
    : ImageChange
{
    // ImageNet's, in steps of 8-bit channels, as models on it are normalised.
    static readonly double[] means = [0.485 * 255, 0.456 * 255, 0.406 * 255];
    static readonly double[] deviations = [0.229 * 255, 0.224 * 255, 0.225 * 255];

    /// <summary>Smallest value of Keras's definition.</summary>
    public byte MinValue { get; init; }

    /// <summary>Largest value of Keras's definition.</summary>
    public byte MaxValue { get; init; } = byte.MaxValue;

    /// <inheritdoc/>
    public override string Describe(ImageSize size) => $"erased {Area.Width}×{Area.Height} at {Area.Left},{Area.Top}";

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.WithColours(Erased);
    }

    Image Erased(Image image)
    {
        var (pixels, channels) = (image.Pixels.ToArray(), image.Channels);
        var dice = Dice.For(Noise);
        var row = new byte[Area.Width * channels];
        if (!EachPixel && Plain(ref dice) is var plain)
            for (var i = 0; i < row.Length; i++)
                row[i] = plain[i % channels];
        for (var y = Area.Top; y < Area.Top + Area.Height; y++)
        {
            if (EachPixel)
                Draw(ref dice, channels, row);
            row.CopyTo(pixels.AsSpan((y * image.Width + Area.Left) * channels));
        }
        return Image.FromPixels(image.Width, image.Height, channels, pixels);
    }

    byte[] Plain(ref Dice dice)
    {
        var plain = new byte[3];
        if (Definition == ErasingDefinition.Torchvision)
            return [.. means.Select(mean => (byte)Math.Round(mean))];
        Draw(ref dice, 3, plain);
        return Definition == ErasingDefinition.Keras ? [plain[0], plain[0], plain[0]] : plain;
    }

    void Draw(ref Dice dice, int channels, Span<byte> values)
    {
        if (Definition == ErasingDefinition.Keras)
        {
            dice.Bytes(values);
            var count = MaxValue - MinValue + 1;
            foreach (ref var value in values)
                value = (byte)(MinValue + value * count / (byte.MaxValue + 1));
            return;
        }
        Span<float> normals = stackalloc float[Math.Min(values.Length, 768)];
        for (var i = 0; i < values.Length; i++)
        {
            if (i % normals.Length == 0)
                dice.Normals(normals);
            values[i] = (byte)Math.Clamp(means[i % channels] + deviations[i % channels] * normals[i % normals.Length] + 0.5, 0, 255);
        }
    }
}
