namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of a convolution with respect to its weights, by the algorithm that suits its sizes.</summary>
/// <remarks>x [N,C,H,W], dy [N,K,H',W'] → dw [K,C/g,kh,kw]: dw[k,c,i,j] is the dot product of dy's plane k with x's plane c shifted by the
/// tap, summed over images.</remarks>
static class ConvWeightGradient
{
    /// <summary>Computes <paramref name="dw"/>.</summary>
    public static void Run(ConvShape shape, ReadOnlyMemory<float> x, ReadOnlyMemory<float> dy, Memory<float> dw, ParallelFor parallel,
        bool wide)
    {
        if (shape.Batch == 0)
            dw.Span.Clear();
        else if (shape.IsDepthwise)
            DepthwiseWeightGradient.Run(shape, x, dy, dw, parallel);
        else if (wide && WinogradWeightGradient<Register512>.Fits(shape))
            WinogradWeightGradient<Register512>.Run(shape, x, dy, dw, parallel);
        else if (!wide && WideRegisters.AreHalfSupported && WinogradWeightGradient<Register256>.Fits(shape))
            WinogradWeightGradient<Register256>.Run(shape, x, dy, dw, parallel);
        else if (PanelWeightGradient.Fits(shape, wide))
            PanelWeightGradient.Run(shape, x, dy, dw, parallel, wide);
        else
            FlatWeightGradient.Run(shape, x, dy, dw, parallel);
    }
}
