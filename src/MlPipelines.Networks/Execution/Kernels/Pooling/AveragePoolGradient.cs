namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of average pooling: each window's gradient is shared evenly by its elements.</summary>
/// <remarks>dy [P,H',W'] → dx [P,H,W], where P counts the planes of all images. A window counts the elements within the data, or with
/// <c>countPads</c> those within data and pads. Source: ONNX AveragePool.</remarks>
static class AveragePoolGradient
{
    /// <summary>Computes <paramref name="dx"/>.</summary>
    public static void Run(PoolShape shape, bool countPads, ReadOnlyMemory<float> dy, Memory<float> dx, ParallelFor parallel)
    {
        var (window, input, output) = (shape.Window, shape.Input, shape.Output);
        var rows = Reaches(window.Rows, input.Height, output.Height, countPads);
        var columns = Reaches(window.Columns, input.Width, output.Width, countPads);
        shape.EachPlane(parallel, p => Scatter(window, input.Width, rows, columns, dy.Span.Slice(p * output.Area, output.Area),
            dx.Span.Slice(p * input.Area, input.Area)));
    }

    /// <summary>The elements of a window along one axis: from First up to, without, End; and how many it counts.</summary>
    readonly record struct Reach(int First, int End, int Count);

    static Reach[] Reaches(WindowAxis axis, int size, int outputs, bool countPads)
    {
        var reaches = new Reach[outputs];
        for (var o = 0; o < outputs; o++)
        {
            var start = o * axis.Stride - axis.Before;
            var (first, end, count) = (int.MaxValue, 0, 0);
            for (var i = start; i < start + axis.Kernel * axis.Dilation; i += axis.Dilation)
            {
                var inside = i >= 0 && i < size;
                if (inside)
                    (first, end) = (Math.Min(first, i), i + 1);
                // With ceiling mode a window may reach beyond the zeros after the data as well; what lies there never counts.
                if (inside || (countPads && i < size + axis.After))
                    count++;
            }
            reaches[o] = new(first, end, count);
        }
        return reaches;
    }

    static void Scatter(Window window, int width, Reach[] rows, Reach[] columns, ReadOnlySpan<float> dy, Span<float> dx)
    {
        dx.Clear();
        for (var r = 0; r < rows.Length; r++)
            for (var c = 0; c < columns.Length; c++)
            {
                var share = dy[r * columns.Length + c] / (rows[r].Count * columns[c].Count);
                for (var y = rows[r].First; y < rows[r].End; y += window.Rows.Dilation)
                    for (var x = columns[c].First; x < columns[c].End; x += window.Columns.Dilation)
                        dx[y * width + x] += share;
            }
    }
}
