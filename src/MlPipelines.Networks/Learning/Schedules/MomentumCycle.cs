namespace MlPipelines;

/// <summary>A momentum that falls along a cosine while the learning rate rises, and rises again while it falls: SGD's momentum,
/// or the β₁ of Adam and AdamW.</summary>
/// <param name="Max">The momentum at the start and at the end, from 0 to below 1.</param>
/// <param name="Min">The momentum where the rate is highest, from 0 to <paramref name="Max"/>.</param>
/// <remarks>Source: Smith 2018, arXiv:1803.09820, section 4.3; the numbers are fastai's and PyTorch's.</remarks>
public sealed record MomentumCycle(float Max = 0.95f, float Min = 0.85f)
{
    /// <inheritdoc cref="MomentumCycle" path="/param[@name='Max']"/>
    public float Max { get; } = Check.Within(Max, 0, 0.9999f);
    /// <inheritdoc cref="MomentumCycle" path="/param[@name='Min']"/>
    public float Min { get; } = Check.Within(Min, 0, Max);
}
