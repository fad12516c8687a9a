namespace MlPipelines.Execution.Kernels;

/// <summary>A batch to be normalized, and what each of its channels is then scaled by and shifted by; no bias counts as zero.</summary>
readonly record struct NormalizationInput(ChannelPlanes Planes, ReadOnlyMemory<float> X, ReadOnlyMemory<float> Scale,
    ReadOnlyMemory<float> Bias)
{
    public float BiasOf(int channel) => Bias.IsEmpty ? 0 : Bias.Span[channel];
}
