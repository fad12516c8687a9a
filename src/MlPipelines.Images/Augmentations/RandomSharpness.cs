using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>Smooths or sharpens the image at random.</summary>
/// <param name="Factor">In [0, 100]; 0 is smooth, 1 changes nothing, 2 is sharper.</param>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Source: torchvision 0.14 RandomAdjustSharpness, which has no default for the factor; Pillow 9.4 ImageEnhance.</remarks>
public sealed record RandomSharpness(float Factor = 2, float Probability = 0.5f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomSharpness" path="/param[@name='Factor']"/>
    public float Factor { get; } = Check.Within(Factor, 0, 100);

    /// <inheritdoc cref="RandomSharpness" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) => dice.Chance(Probability) ? new Sharpness(Factor) : ImageChange.None;
}

/// <summary>Sets sharpness: every pixel away from the mean of its neighbourhood: 0 is that mean.</summary>
/// <param name="Factor">At least 0; 1 changes nothing.</param>
public sealed record Sharpness(float Factor) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => Factor == 1 ? "" : Invariant($"sharpness ×{Factor:0.00}");

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Factor == 1 ? image : image.AdjustSharpness(Factor);
    }
}
