namespace MlPipelines.Execution.Kernels;

/// <summary>One axis of a sliding window: extent, step, spacing of its taps, and zeros before and after the data.</summary>
readonly record struct WindowAxis(int Kernel, int Stride, int Dilation, int Before, int After)
{
    /// <summary>Positions of the window along an axis of <paramref name="size"/> elements. Source: ONNX Conv,
    /// AveragePool and MaxPool.</summary>
    public int Outputs(int size, bool ceiling = false)
    {
        var room = size + Before + After - (Kernel - 1) * Dilation - 1;
        if (!ceiling)
            return room / Stride + 1;
        var count = (room + Stride - 1) / Stride + 1;
        // A window that would begin in the zeros after the data is none.
        return (count - 1) * Stride >= size + Before ? count - 1 : count;
    }

    /// <summary>The input index that each tap reads at output 0; at output o it is o · Stride further on.</summary>
    public int[] Offsets()
    {
        var offsets = new int[Kernel];
        for (var i = 0; i < Kernel; i++)
            offsets[i] = i * Dilation - Before;
        return offsets;
    }
}

/// <summary>A sliding window over images [H, W], as the attributes of ONNX's Conv and pooling operators describe it.</summary>
readonly record struct Window(WindowAxis Rows, WindowAxis Columns)
{
    public int Taps => Rows.Kernel * Columns.Kernel;
}
