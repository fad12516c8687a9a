using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>Inverts the bright parts of the image at random.</summary>
/// <param name="Threshold">Channels of at least this value are inverted, in [0, 256].</param>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Source: torchvision 0.14 RandomSolarize; Pillow 9.4 ImageOps, whose default is 128.</remarks>
public sealed record RandomSolarize(float Threshold = 128, float Probability = 0.5f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomSolarize" path="/param[@name='Threshold']"/>
    public float Threshold { get; } = Check.Within(Threshold, 0, 256);

    /// <inheritdoc cref="RandomSolarize" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) =>
        dice.Chance(Probability) ? new Solarize(Threshold) : ImageChange.None;
}

/// <summary>Inverts the channels that have at least a value.</summary>
/// <param name="Threshold">From 0 (all are inverted) to 256 (none is).</param>
public sealed record Solarize(float Threshold) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => Invariant($"solarized from {Threshold:0.#}");

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Solarize(Threshold);
    }
}
