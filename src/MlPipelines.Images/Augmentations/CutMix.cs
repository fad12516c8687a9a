namespace MlPipelines;

/// <summary>Pastes a box of its partner into each sample of a batch; targets are shared by the box's real area.</summary>
/// <param name="Alpha">Of the symmetric beta distribution that the share kept is drawn from, in (0, 100]; 1 is uniform.</param>
/// <param name="Probability">How often, in [0, 1]: of batches or of samples, as the mode says.</param>
/// <param name="Mode">Whether a batch or each sample has a box of its own.</param>
/// <remarks>
/// The box has the image's shape and covers one minus the share drawn; its centre is any pixel, so that it may stick out and be cut, and
/// its sides are even numbers of pixels.
/// Source: Yun et al. 2019, arXiv:1905.04899; timm's Mixup with correct_lam.
/// </remarks>
public sealed record CutMix(float Alpha = 1, float Probability = 1, MixingMode Mode = MixingMode.Batch) : SampleMixing(Probability, Mode)
{
    /// <inheritdoc cref="CutMix" path="/param[@name='Alpha']"/>
    public float Alpha { get; } = Check.Within(Check.MoreThan(Alpha, 0), 0, 100);

    internal override Mixture Draw(ref Dice dice, ImageSize size)
    {
        var side = Math.Sqrt(1 - dice.Beta(Alpha, Alpha));
        var (width, height) = ((int)(size.Width * side), (int)(size.Height * side));
        var centreY = dice.Below(size.Height);
        return Mixture.Paste(dice.Below(size.Width), centreY, width / 2, height / 2, size);
    }
}
