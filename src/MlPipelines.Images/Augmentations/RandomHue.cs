using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>Turns the hue of all pixels at random; a grey image stays as it is.</summary>
/// <param name="Change">Largest turn, as a part of the colour circle, in [0, 0.5]; drawn uniformly from [−Change, Change].</param>
/// <remarks>Source: torchvision 0.14 ColorJitter, hue.</remarks>
public sealed record RandomHue(float Change = 0.05f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomHue" path="/param[@name='Change']"/>
    public float Change { get; } = Check.Within(Change, 0, 0.5f);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) => new Hue((float)dice.Uniform(-Change, Change));
}

/// <summary>Turns the hue of all pixels.</summary>
/// <param name="Turns">Part of the colour circle, in [−0.5, 0.5].</param>
public sealed record Hue(float Turns) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => Turns == 0 ? "" : Invariant($"hue turned {360 * Turns:0}°");

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Turns == 0 ? image : image.AdjustHue(Turns);
    }
}
