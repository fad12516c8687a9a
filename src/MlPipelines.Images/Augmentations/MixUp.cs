namespace MlPipelines;

/// <summary>Blends each sample of a batch with a partner, pixels and targets by the same shares.</summary>
/// <param name="Alpha">Of the symmetric beta distribution that the share is drawn from, in (0, 100];
/// small ones give shares near 0 or 1.</param>
/// <param name="Probability">How often, in [0, 1]: of batches or of samples, as the mode says.</param>
/// <param name="Mode">Whether a batch or each sample has a share of its own.</param>
/// <remarks>Source: Zhang et al. 2017, arXiv:1710.09412; partners and modes as timm's Mixup.</remarks>
public sealed record MixUp(float Alpha = 0.2f, float Probability = 1, MixingMode Mode = MixingMode.Batch) : SampleMixing(Probability, Mode)
{
    /// <inheritdoc cref="MixUp" path="/param[@name='Alpha']"/>
    public float Alpha { get; } = Check.Within(Check.MoreThan(Alpha, 0), 0, 100);

    internal override Mixture Draw(ref Dice dice, ImageSize size) => Mixture.Blend(dice.Beta(Alpha, Alpha));
}
