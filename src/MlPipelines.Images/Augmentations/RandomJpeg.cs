using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Leaves the traces of JPEG at a random quality.</summary>
/// <param name="Least">Smallest quality, in [1, 100].</param>
/// <param name="Most">Largest quality, from the smallest to 100; drawn uniformly from the integers between them.</param>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Colours are halved in resolution below a quality of 90, as the encoder does by default.</remarks>
public sealed record RandomJpeg(int Least = 40, int Most = 95, float Probability = 0.5f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomJpeg" path="/param[@name='Least']"/>
    public int Least { get; } = Check.Within(Least, 1, 100);

    /// <inheritdoc cref="RandomJpeg" path="/param[@name='Most']"/>
    public int Most { get; } = Check.Within(Most, Least, 100);

    /// <inheritdoc cref="RandomJpeg" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) =>
        dice.Chance(Probability) ? new Jpeg(Least + dice.Below(Most - Least + 1)) : ImageChange.None;
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
        var decoded = Image.FromBytes(image.Encode(".jpg", Quality));
        // Read now: a picture not decoded yet may come smaller to what follows.
        return image.Channels == 1 ? decoded.ToGrayscale()
            : Image.FromPixels(decoded.Width, decoded.Height, decoded.Channels, decoded.Pixels.ToArray());
    }
}
