namespace MlPipelines;

/// <summary>A momentum that falls along a cosine while the learning rate rises, and rises again while it falls: SGD's momentum,
/// or the β₁ of Adam and AdamW.</summary>
/// <param name="Most">The momentum at the start and at the end, from 0 to below 1.</param>
/// <param name="Least">The momentum where the rate is highest, from 0 to <paramref name="Most"/>.</param>
/// <remarks>Source: Smith 2018, arXiv:1803.09820, section 4.3; the numbers are fastai's and PyTorch's.</remarks>
public sealed record MomentumCycle(float Most = 0.95f, float Least = 0.85f)
{
    /// <inheritdoc cref="MomentumCycle" path="/param[@name='Most']"/>
    public float Most { get; } = Check.Within(Most, 0, 0.9999f);
    /// <inheritdoc cref="MomentumCycle" path="/param[@name='Least']"/>
    public float Least { get; } = Check.Within(Least, 0, Most);
}
