namespace MlPipelines.Execution.Kernels;

/// <summary>Passes of one convolution, each by the algorithm that suits its sizes.</summary>
static class ConvPasses
{
    /// <summary>Computes the outputs of several passes over the same input and weights.</summary>
    public static void Run(IReadOnlyList<ConvPass> passes, ConvBuffers buffers, ParallelFor parallel, bool wide)
    {
        if (buffers.Batch == 0 || passes.Count == 0)
            return;
        // Sizes and the machine's registers choose, never the number of threads: algorithms differ in the last bits.
        if (wide && passes is [var only] && WinogradConvolution.Fits(only))
            WinogradConvolution.Run(only, buffers, parallel);
        else if (wide && passes.All(PanelConvolution.Fits))
            foreach (var pass in passes)
                PanelConvolution.Run(pass, buffers, parallel);
        else
            FlatConvolution.Run(passes, buffers, parallel, wide);
    }
}
