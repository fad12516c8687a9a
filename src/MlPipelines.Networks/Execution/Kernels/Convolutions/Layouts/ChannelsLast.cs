namespace MlPipelines.Execution.Kernels;

/// <summary>What a band of a convolution's output reads, turned so that channels lie side by side at each place, with zeros where a window
/// reaches beyond the image.</summary>
/// <remarks>Place (row, column) is at (row · Width + column) · Channels. Taps are offsets from the place that the lowest of them
/// reads.</remarks>
readonly record struct ChannelsLast(FlatWindow Window, int Channels, int Height, int Width)
{
    // Rows shorter than a square of the transposition would go number by number: whole rows of the image are then turned all at once.
    const int Short = 16;

    public int Length => Height * Width * Channels;

    /// <summary>The offset of a tap from the first place that the window reads.</summary>
    public static int Offset(FlatAxis axis, int tap) => axis.TapShift[tap] * axis.Stride + axis.Phases[axis.TapPhase[tap]];

    /// <summary>Places that the window reads at so many outputs.</summary>
    public static int Extent(FlatAxis axis, int outputs) =>
        (outputs - 1) * axis.Stride + Enumerable.Range(0, axis.TapShift.Length).Max(tap => Offset(axis, tap)) + 1;

    /// <summary>Turns what outputs from row <paramref name="firstRow"/> on read of one image [C,H,W].</summary>
    /// <remarks>Takes <see cref="Scratch.Use.Sums"/>.</remarks>
    public void Reorder(ReadOnlySpan<float> x, int firstRow, Span<float> turned)
    {
        turned.Clear();
        var (rows, columns) = Window;
        var (left, plane) = (Math.Max(0, columns.Lowest), Window.Plane);
        var used = Math.Min(columns.Size, columns.Lowest + Width) - left;
        var origin = firstRow * rows.Stride + rows.Lowest;
        var (top, bottom) = (Math.Max(0, origin), Math.Min(rows.Size, origin + Height));
        if (used <= 0 || bottom <= top)
            return;
        var whole = used < Short && used == columns.Size ? Scratch.Take(Scratch.Use.Sums, (bottom - top) * used * Channels) : default;
        if (!whole.IsEmpty)
            Transposition.Run(x[(top * used)..], plane, Channels, (bottom - top) * used, whole, Channels);
        for (var row = top; row < bottom; row++)
        {
            var to = turned[(((row - origin) * Width + left - columns.Lowest) * Channels)..];
            if (whole.IsEmpty)
                Transposition.Run(x[(row * columns.Size + left)..], plane, Channels, used, to, Channels);
            else
                whole.Slice((row - top) * used * Channels, used * Channels).CopyTo(to);
        }
    }
}
