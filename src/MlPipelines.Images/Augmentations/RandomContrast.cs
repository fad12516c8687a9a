using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>Weakens or strengthens the contrast at random.</summary>
/// <param name="Change">Largest departure of the factor from 1, in [0, 10]; the factor is drawn uniformly from [max(0, 1 − Change),
/// 1 + Change].</param>
/// <remarks>Source: torchvision 0.14 ColorJitter, contrast; Pillow 9.4 ImageEnhance.</remarks>
public sealed record RandomContrast(float Change = 0.2f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomContrast" path="/param[@name='Change']"/>
    public float Change { get; } = Check.Within(Change, 0, 10);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) =>
        new Contrast((float)dice.Uniform(Math.Max(0, 1 - Change), 1 + Change));
}

/// <summary>Sets contrast: every channel away from the mean grey: 0 is that grey.</summary>
/// <param name="Factor">At least 0; 1 changes nothing.</param>
public sealed record Contrast(float Factor) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => Factor == 1 ? "" : Invariant($"contrast ×{Factor:0.00}");

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Factor == 1 ? image : image.AdjustContrast(Factor);
    }
}
