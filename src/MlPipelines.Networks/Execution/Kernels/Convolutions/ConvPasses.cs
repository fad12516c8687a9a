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
        var inPanels = wide || WideRegisters.AreHalfSupported;
        if (passes is [var only] && wide && WinogradConvolution<Register512>.Fits(only, buffers))
            WinogradConvolution<Register512>.Run(only, buffers, parallel);
        else if (passes is [var one] && !wide && inPanels && WinogradConvolution<Register256>.Fits(one, buffers))
            WinogradConvolution<Register256>.Run(one, buffers, parallel);
        else if (inPanels && passes.All(pass => PanelConvolution.Fits(pass, wide)))
            foreach (var pass in passes)
                PanelConvolution.Run(pass, buffers, parallel, wide);
        else
            FlatConvolution.Run(passes, buffers, parallel, wide);
    }
}
