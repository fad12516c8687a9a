namespace MlPipelines.Execution.Kernels;

/// <summary>Convolution with bias and Relu in one go.</summary>
/// <remarks>x [N,C,H,W], w [K,C/g,kh,kw], bias [K] or empty → y [N,K,H',W']. Source: ONNX Conv.</remarks>
static class Convolution
{
    /// <summary>Computes the output.</summary>
    public static void Run(ConvShape shape, ConvBuffers buffers, ParallelFor parallel, bool wide)
    {
        var taps = shape.Window.Taps;
        var weights = new WeightOrder(shape.GroupFilters * shape.GroupChannels * taps, shape.GroupChannels * taps, taps,
            [.. Enumerable.Range(0, taps)]);
        var pass = new ConvPass(FlatWindow.Of(shape), shape.Groups, shape.GroupChannels, shape.GroupFilters, weights,
            new(shape.OutPlane, 0, shape.OutWidth, 1));
        ConvPasses.Run([pass], buffers, parallel, wide);
    }
}
