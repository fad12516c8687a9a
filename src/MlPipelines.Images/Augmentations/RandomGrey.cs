using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Takes the colours out of the image at random; it keeps its channels.</summary>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Source: torchvision 0.14 RandomGrayscale.</remarks>
public sealed record RandomGrey(float Probability = 0.1f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomGrey" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) => dice.Chance(Probability) ? new Grey() : ImageChange.None;
}

/// <summary>Takes the colours out of an image; it keeps its channels.</summary>
public sealed record Grey : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => "grey";

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.WithColours(colours => colours.Channels == 1 ? colours : colours.ToGrayscale().ToRgb());
    }
}
