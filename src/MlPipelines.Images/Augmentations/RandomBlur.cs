using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>Blurs the image by a Gaussian at random.</summary>
/// <param name="MinSigma">Smallest standard deviation in pixels, more than 0.</param>
/// <param name="MaxSigma">Largest standard deviation in pixels, from the smallest to 100; drawn uniformly between them.</param>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>Source: torchvision 0.14 GaussianBlur; Chen et al. 2020, arXiv:2002.05709, appendix A, which blurs half the images.</remarks>
public sealed record RandomBlur(float MinSigma = 0.1f, float MaxSigma = 2, float Probability = 0.5f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomBlur" path="/param[@name='MinSigma']"/>
    public float MinSigma { get; } = Check.Within(Check.MoreThan(MinSigma, 0), 0, 100);

    /// <inheritdoc cref="RandomBlur" path="/param[@name='MaxSigma']"/>
    public float MaxSigma { get; } = Check.Within(MaxSigma, MinSigma, 100);

    /// <inheritdoc cref="RandomBlur" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) =>
        dice.Chance(Probability) ? new Blur((float)dice.Uniform(MinSigma, MaxSigma)) : ImageChange.None;
}

/// <summary>Blurs an image by a Gaussian.</summary>
/// <param name="Sigma">Standard deviation in pixels.</param>
public sealed record Blur(float Sigma) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => Invariant($"blurred by {Sigma:0.0}");

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Blur(Sigma);
    }
}
