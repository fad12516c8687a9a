using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Stretches each channel of the image over the whole range, at random.</summary>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Source: torchvision 0.14 RandomAutocontrast; Pillow 9.4 ImageOps.</remarks>
public sealed record RandomAutoContrast(float Probability = 0.5f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomAutoContrast" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) => dice.Chance(Probability) ? new AutoContrast() : ImageChange.None;
}

/// <summary>Stretches each channel of the image over the whole range.</summary>
public sealed record AutoContrast : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => "contrast stretched";

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.AutoContrast();
    }
}
