using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Makes the image its negative, at random.</summary>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Source: torchvision 0.14 RandomInvert; Pillow 9.4 ImageOps.</remarks>
public sealed record RandomInvert(float Probability = 0.5f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomInvert" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) => dice.Chance(Probability) ? new Invert() : ImageChange.None;
}

/// <summary>Makes the image its negative.</summary>
public sealed record Invert : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => "inverted";

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Invert();
    }
}
