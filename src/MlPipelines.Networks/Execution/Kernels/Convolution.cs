namespace MlPipelines.Execution.Kernels;

/// <summary>Convolution with bias and Relu in one go.</summary>
/// <remarks>x [N,C,H,W], w [K,C/g,kh,kw], bias [K] or empty → y [N,K,H',W']. Source: ONNX Conv.</remarks>
static class Convolution
{
    /// <summary>Computes <paramref name="y"/>.</summary>
    public static void Run(ConvShape shape, ReadOnlyMemory<float> x, ReadOnlyMemory<float> w, ReadOnlyMemory<float> bias, bool relu,
        Memory<float> y, ParallelFor parallel, bool wide)
    {
        var (rows, columns) = (shape.Window.Rows, shape.Window.Columns);
        var pass = new FlatConvolution(new(shape.Height, shape.OutHeight, rows.Stride, rows.Offsets()),
            new(shape.Width, shape.OutWidth, columns.Stride, columns.Offsets()),
            shape.Groups, shape.GroupChannels, shape.GroupFilters);
        var taps = shape.Window.Taps;
        var weights = new WeightOrder(shape.GroupFilters * shape.GroupChannels * taps, shape.GroupChannels * taps, taps,
            [.. Enumerable.Range(0, taps)]);
        FlatConvolution.Run([(pass, weights, new(shape.OutPlane, 0, shape.OutWidth, 1))], shape.Batch, x, w, bias, relu, y, parallel, wide);
    }
}
