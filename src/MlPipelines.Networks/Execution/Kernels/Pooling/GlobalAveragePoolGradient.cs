namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of global average pooling: dy [P] → dx [P, plane], each plane filled with its share.</summary>
static class GlobalAveragePoolGradient
{
    const int PartFloats = 1 << 16;

    /// <summary>Computes <paramref name="dx"/>.</summary>
    public static void Run(int plane, ReadOnlyMemory<float> dy, Memory<float> dx, ParallelFor parallel)
    {
        var atOnce = Math.Max(1, PartFloats / plane);
        parallel((dy.Length + atOnce - 1) / atOnce, part =>
        {
            for (var p = part * atOnce; p < Math.Min(dy.Length, (part + 1) * atOnce); p++)
                dx.Span.Slice(p * plane, plane).Fill(dy.Span[p] / plane);
        });
    }
}
