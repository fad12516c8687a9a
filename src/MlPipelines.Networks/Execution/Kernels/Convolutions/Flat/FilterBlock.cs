namespace MlPipelines.Execution.Kernels;

/// <summary>Eight filters over a flat run of positions: y[k, p] = bias[k] + Σ weights[t, k] · x[p + offset[t]],
/// then Relu if asked for.</summary>
/// <param name="offsets">Where each tap's run begins, those of all channels together.</param>
/// <param name="packed">Eight biases, then eight weights for each tap.</param>
/// <param name="relu">Whether negative sums become zero.</param>
readonly ref struct FilterBlock(ReadOnlySpan<int> offsets, ReadOnlySpan<float> packed, bool relu)
{
    public const int Filters = 8;

    public ReadOnlySpan<int> Offsets { get; } = offsets;
    public ReadOnlySpan<float> Packed { get; } = packed;

    /// <summary>What results are raised to, by a maximum that lets NaN through.</summary>
    public float Floor { get; } = relu ? 0f : float.NegativeInfinity;

    /// <param name="x">Start of the input.</param>
    /// <param name="y">Output of the first filter.</param>
    /// <param name="length">Positions, a multiple of 16; also the distance from one filter's output to the next.</param>
    /// <param name="wide">Whether to use 512-bit registers.</param>
    public void Run(ref float x, ref float y, int length, bool wide)
    {
        if (wide)
            FilterBlock512.Run(this, ref x, ref y, length);
        else
            FilterBlock256.Run(this, ref x, ref y, length);
    }
}
