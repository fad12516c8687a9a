namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of a convolution with respect to its input.</summary>
/// <remarks>dy [N,K,H',W'], w [K,C/g,kh,kw] → dx [N,C,H,W]. With strides, rows and columns of dx of equal residue form a phase, and each
/// phase is a convolution of dy without strides by the taps that reach it.</remarks>
static class ConvInputGradient
{
    /// <summary>Computes <paramref name="dx"/>.</summary>
    public static void Run(ConvShape shape, ReadOnlyMemory<float> dy, ReadOnlyMemory<float> w, Memory<float> dx, ParallelFor parallel,
        bool wide)
    {
        if (wide && DepthwiseHalvingGradient.Fits(shape))
        {
            DepthwiseHalvingGradient.Run(shape, dy, w, dx, parallel);
            return;
        }
        var taps = shape.Window.Taps;
        var (allRows, allColumns) = (Phases(shape.Window.Rows, shape.Height), Phases(shape.Window.Columns, shape.Width));
        // Inputs of a residue that no tap reaches have no pass that would write them.
        if (allRows.Count < Math.Min(shape.Window.Rows.Stride, shape.Height)
            || allColumns.Count < Math.Min(shape.Window.Columns.Stride, shape.Width))
            parallel(shape.Batch, image => dx.Span.Slice(image * shape.Channels * shape.Plane, shape.Channels * shape.Plane).Clear());
        var passes = new List<ConvPass>();
        foreach (var rows in allRows)
            foreach (var columns in allColumns)
                passes.Add(new(
                    new(new(shape.OutHeight, rows.Count, 1, rows.Offsets), new(shape.OutWidth, columns.Count, 1, columns.Offsets)),
                    shape.Groups, shape.GroupFilters, shape.GroupChannels,
                    new(shape.GroupFilters * shape.GroupChannels * taps, taps, shape.GroupChannels * taps,
                        [.. rows.Taps.SelectMany(i => columns.Taps, (i, j) => i * shape.Window.Columns.Kernel + j)]),
                    new(shape.Plane, rows.First * shape.Width + columns.First, shape.Window.Rows.Stride * shape.Width,
                        shape.Window.Columns.Stride)));
        ConvPasses.Run(passes, new(shape.Batch, dy, w, default, dx), parallel, wide);
    }

    readonly record struct Phase(int First, int Count, int[] Taps, int[] Offsets);

    /// <summary>The phases that any tap reaches. Output o reads input o · Stride + tap · Dilation − Before; solved here for o.</summary>
    static List<Phase> Phases(WindowAxis axis, int size)
    {
        var phases = new List<Phase>();
        for (var first = 0; first < Math.Min(axis.Stride, size); first++)
        {
            var at = first + axis.Before;
            var taps = Enumerable.Range(0, axis.Kernel).Where(i => (at - i * axis.Dilation) % axis.Stride == 0).ToArray();
            if (taps.Length > 0)
                phases.Add(new(first, (size - first + axis.Stride - 1) / axis.Stride, taps,
                    [.. taps.Select(i => (at - i * axis.Dilation) / axis.Stride)]));
        }
        return phases;
    }
}
