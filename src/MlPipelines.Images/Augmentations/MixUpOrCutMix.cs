namespace MlPipelines;

/// <summary>Takes either <see cref="MixUp"/> or <see cref="CutMix"/>, drawn for each batch or sample.</summary>
/// <param name="MixUpAlpha">See <see cref="MixUp.Alpha"/>.</param>
/// <param name="CutMixAlpha">See <see cref="CutMix.Alpha"/>.</param>
/// <param name="CutMixShare">How often it is CutMix, in [0, 1].</param>
/// <param name="Probability">How often it is one of them, in [0, 1]: of batches or of samples, as the mode says.</param>
/// <param name="Mode">Whether a batch or each sample has draws of its own.</param>
/// <remarks>Source: timm, Mixup with switch_prob.</remarks>
public sealed record MixUpOrCutMix(float MixUpAlpha = 0.2f, float CutMixAlpha = 1, float CutMixShare = 0.5f, float Probability = 1,
    MixingMode Mode = MixingMode.Batch) : SampleMixing(Probability, Mode)
{
    /// <inheritdoc cref="MixUpOrCutMix" path="/param[@name='MixUpAlpha']"/>
    public float MixUpAlpha { get; } = Check.Within(Check.MoreThan(MixUpAlpha, 0), 0, 100);

    /// <inheritdoc cref="MixUpOrCutMix" path="/param[@name='CutMixAlpha']"/>
    public float CutMixAlpha { get; } = Check.Within(Check.MoreThan(CutMixAlpha, 0), 0, 100);

    /// <inheritdoc cref="MixUpOrCutMix" path="/param[@name='CutMixShare']"/>
    public float CutMixShare { get; } = Check.Within(CutMixShare, 0, 1);

    internal override Mixture Draw(ref Dice dice, ImageSize size) =>
        dice.Chance(CutMixShare) ? new CutMix(CutMixAlpha).Draw(ref dice, size) : new MixUp(MixUpAlpha).Draw(ref dice, size);
}
