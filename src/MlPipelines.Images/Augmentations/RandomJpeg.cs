using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Leaves the traces of JPEG at a random quality.</summary>
/// <param name="MinQuality">Smallest quality, in [1, 100].</param>
/// <param name="MaxQuality">Largest quality, from the smallest to 100; drawn uniformly from the integers between them.</param>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Colours are halved in resolution below a quality of 90, as the encoder does by default.</remarks>
public sealed record RandomJpeg(int MinQuality = 40, int MaxQuality = 95, float Probability = 0.5f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomJpeg" path="/param[@name='MinQuality']"/>
    public int MinQuality { get; } = Check.Within(MinQuality, 1, 100);

    /// <inheritdoc cref="RandomJpeg" path="/param[@name='MaxQuality']"/>
    public int MaxQuality { get; } = Check.Within(MaxQuality, MinQuality, 100);

    /// <inheritdoc cref="RandomJpeg" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) =>
        dice.Chance(Probability) ? new Jpeg(MinQuality + dice.Below(MaxQuality - MinQuality + 1)) : ImageChange.None;
}

/// <summary>Encodes an image as JPEG and decodes it again.</summary>
/// <param name="Quality">From 1 to 100.</param>
public sealed record Jpeg(int Quality) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => $"JPEG of quality {Quality}";

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.WithColours(Compressed);
    }

    Image Compressed(Image image)
    {
        var decoded = Image.FromBytes(image.Encode(".jpg", Quality));
        // Read now: a picture not decoded yet may come smaller to what follows.
        return image.Channels == 1 ? decoded.ToGrayscale()
            : Image.FromPixels(decoded.Width, decoded.Height, decoded.Channels, decoded.Pixels.ToArray());
    }
}
