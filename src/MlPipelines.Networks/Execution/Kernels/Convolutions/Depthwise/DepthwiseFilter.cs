namespace MlPipelines.Execution.Kernels;

/// <summary>A filter of one channel: its weights, first summand, and whether negative sums become zero.</summary>
readonly ref struct DepthwiseFilter(ReadOnlySpan<float> weights, float bias, bool relu)
{
    public ReadOnlySpan<float> Weights { get; } = weights;
    public float Bias { get; } = bias;

    /// <summary>What results are raised to, by a maximum that lets NaN through.</summary>
    public float Floor { get; } = relu ? 0f : float.NegativeInfinity;
}
