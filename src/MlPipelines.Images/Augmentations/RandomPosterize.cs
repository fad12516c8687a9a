using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Keeps only the highest bits of every channel, at random.</summary>
/// <param name="Bits">How many, in [0, 8].</param>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Source: torchvision 0.14 RandomPosterize, which has no default for the bits; Pillow 9.4 ImageOps.</remarks>
public sealed record RandomPosterize(int Bits = 4, float Probability = 0.5f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomPosterize" path="/param[@name='Bits']"/>
    public int Bits { get; } = Check.Within(Bits, 0, 8);

    /// <inheritdoc cref="RandomPosterize" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) => dice.Chance(Probability) ? new Posterize(Bits) : ImageChange.None;
}

/// <summary>Keeps the highest bits of every channel.</summary>
/// <param name="Bits">From 0 (black) to 8 (no change).</param>
public sealed record Posterize(int Bits) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => $"posterized to {Bits} bits";

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Bits == 8 ? image : image.Posterize(Bits);
    }
}
