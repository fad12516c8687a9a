using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Spreads the values of each channel, so that all are about equally frequent, at random.</summary>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Source: torchvision 0.14 RandomEqualize; Pillow 9.4 ImageOps.</remarks>
public sealed record RandomEqualize(float Probability = 0.5f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomEqualize" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) => dice.Chance(Probability) ? new Equalize() : ImageChange.None;
}

/// <summary>Spreads the values of each channel, so that all are about equally frequent.</summary>
public sealed record Equalize : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => "equalized";

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Equalize();
    }
}
