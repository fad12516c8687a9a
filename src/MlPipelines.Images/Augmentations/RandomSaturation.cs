using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>Weakens or strengthens the colours at random; a grey image stays as it is.</summary>
/// <param name="Change">Largest departure of the factor from 1, in [0, 10]; the factor is drawn uniformly from [max(0, 1 − Change),
/// 1 + Change].</param>
/// <remarks>Source: torchvision 0.14 ColorJitter, saturation; Pillow 9.4 ImageEnhance.</remarks>
public sealed record RandomSaturation(float Change = 0.2f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomSaturation" path="/param[@name='Change']"/>
    public float Change { get; } = Check.Within(Change, 0, 10);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) =>
        new Saturation((float)dice.Uniform(Math.Max(0, 1 - Change), 1 + Change));
}

/// <summary>Sets saturation: every channel away from each pixel's grey: 0 is grey.</summary>
/// <param name="Factor">At least 0; 1 changes nothing.</param>
public sealed record Saturation(float Factor) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => Factor == 1 ? "" : Invariant($"saturation ×{Factor:0.00}");

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Factor == 1 ? image : image.AdjustSaturation(Factor);
    }
}
