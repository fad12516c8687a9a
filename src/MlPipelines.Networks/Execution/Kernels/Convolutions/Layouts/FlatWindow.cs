namespace MlPipelines.Execution.Kernels;

/// <summary>Both axes of a window that slides over a plane.</summary>
readonly record struct FlatWindow(FlatAxis Rows, FlatAxis Columns)
{
    /// <summary>The window of an ordinary convolution over its input.</summary>
    public static FlatWindow Of(ConvShape shape) => new(
        new(shape.Input.Height, shape.OutHeight, shape.Window.Rows.Stride, shape.Window.Rows.Offsets()),
        new(shape.Input.Width, shape.OutWidth, shape.Window.Columns.Stride, shape.Window.Columns.Offsets()));

    public int Taps => Rows.TapShift.Length * Columns.TapShift.Length;

    /// <summary>Elements of a plane of data.</summary>
    public int Plane => Rows.Size * Columns.Size;

    /// <summary>Positions of the window.</summary>
    public int Outputs => Rows.Outputs * Columns.Outputs;
}
