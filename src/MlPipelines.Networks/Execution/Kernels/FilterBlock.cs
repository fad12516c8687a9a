namespace MlPipelines.Execution.Kernels;

/// <summary>Eight filters over a flat run of positions: y[k, p] = bias[k] + Σ weights[t, k] · x[p + offset[t]],
/// then Relu if asked for.</summary>
static class FilterBlock
{
    public const int Filters = 8;

    /// <param name="wide">Whether to use 512-bit registers.</param>
    /// <param name="x">Start of the input.</param>
    /// <param name="offsets">Where each tap's run begins.</param>
    /// <param name="weights">Eight weights for each tap.</param>
    /// <param name="taps">Number of taps, those of all channels together.</param>
    /// <param name="bias">Eight first summands.</param>
    /// <param name="relu">Whether negative sums become zero.</param>
    /// <param name="y">Output of the first filter.</param>
    /// <param name="length">Positions, a multiple of 16; also the distance from one filter's output to the next.</param>
    public static void Run(bool wide, ref float x, ref int offsets, ref float weights, int taps, ref float bias, bool relu, ref float y,
        int length)
    {
        if (wide)
            FilterBlock512.Run(ref x, ref offsets, ref weights, taps, ref bias, relu, ref y, length);
        else
            FilterBlock256.Run(ref x, ref offsets, ref weights, taps, ref bias, relu, ref y, length);
    }
}
