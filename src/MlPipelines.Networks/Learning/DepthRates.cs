namespace MlPipelines;

/// <summary>Learning rates that become smaller from the classifier to the image.</summary>
public abstract record DepthRates
{
    private protected DepthRates() { }

    /// <summary>What the learning rate is multiplied by.</summary>
    /// <param name="block">Number of the block from the image, from 0.</param>
    /// <param name="blocks">Number of blocks; the classifier counts as the last.</param>
    public abstract float FactorOf(int block, int blocks);
}

/// <summary>The classifier has the learning rate, and each block before it that of the next times a factor.</summary>
/// <param name="Decay">The factor, from 0 to 1.</param>
/// <param name="Min">No block's factor is smaller than this.</param>
/// <remarks>Source: Clark et al. 2020, arXiv:2003.10555, section 3.1; timm's <c>param_groups_layer_decay</c>.</remarks>
public sealed record LayerwiseDecay(float Decay = 0.75f, float Min = 0) : DepthRates
{
    /// <inheritdoc cref="LayerwiseDecay" path="/param[@name='Decay']"/>
    public float Decay { get; init => field = Check.Within(value, 0, 1, nameof(Decay)); } = Check.Within(Decay, 0, 1);
    /// <inheritdoc cref="LayerwiseDecay" path="/param[@name='Min']"/>
    public float Min { get; init => field = Check.Within(value, 0, 1, nameof(Min)); } = Check.Within(Min, 0, 1);

    /// <inheritdoc/>
    public override float FactorOf(int block, int blocks) => (float)Math.Max(Min, Math.Pow(Decay, blocks - 1 - block));
}

/// <summary>Rates in a geometric series from the first block to the classifier, which has the learning rate:
/// fastai's <c>slice(rate / Span, rate)</c>.</summary>
/// <param name="Span">What the rate is divided by for the first block; at least 1.</param>
/// <remarks>Source: Howard, Ruder 2018, arXiv:1801.06146, section 3.2 (discriminative fine-tuning).</remarks>
public sealed record DiscriminativeRates(float Span = 100) : DepthRates
{
    /// <inheritdoc cref="DiscriminativeRates" path="/param[@name='Span']"/>
    public float Span { get; init => field = Check.AtLeast(value, 1, nameof(Span)); } = Check.AtLeast(Span, 1);

    /// <inheritdoc/>
    public override float FactorOf(int block, int blocks) => blocks < 2 ? 1 : (float)Math.Pow(Span, (double)block / (blocks - 1) - 1);
}
