namespace MlPipelines.Imaging.Jpeg;

/// <summary>Coded pixels → samples, a strip at a time.</summary>
ref struct BlockReader
{
    const int Coefficients = 64, Block = 8;

    readonly JpegFrame frame;
    readonly JpegLayout layout;
    readonly int units, interval;
    EntropyReader entropy;
    int done, luma, blueness, redness;

    internal BlockReader(JpegFrame frame, JpegLayout layout, EntropyReader entropy)
    {
        (this.frame, this.layout) = (frame, layout);
        this.entropy = entropy;
        units = layout.Units * layout.Strips;
        interval = frame.RestartInterval == 0 ? units : frame.RestartInterval;
    }

    /// <summary>Whether all was read, and nothing is left.</summary>
    internal readonly bool IsAtEnd => done == units && entropy.IsAtEnd;

    /// <inheritdoc cref="EntropyReader.BytesLeft"/>
    internal readonly int BytesLeft => entropy.BytesLeft;

    /// <summary>Reads the next strip.</summary>
    /// <param name="rows">Where to, see <see cref="JpegLayout"/>.</param>
    /// <returns>False if anything is out of order.</returns>
    internal bool TryReadStrip(Span<byte> rows)
    {
        Span<short> block = stackalloc short[Coefficients];
        var (lumaAt, bluenessAt, rednessAt) =
            (layout.LumaStride, layout.Blueness + layout.ChromaStride, layout.Redness + layout.ChromaStride);
        for (var unit = 0; unit < layout.Units; unit++, done++)
        {
            // A part must have been read to its end before the next marker: what is left over is damage.
            if (done % interval == 0 && !TryRestart())
                return false;
            // T.81, A.2.3: the blocks of luma row by row, then one of each chroma. Units at the edge are whole, beyond the picture too.
            for (var down = 0; down < frame.Down; down++)
                for (var across = 0; across < frame.Across; across++)
                    if (!TryReadBlock(0, ref luma, block, rows[(lumaAt + down * Block * layout.LumaStride + across * Block)..],
                        layout.LumaStride))
                        return false;
            lumaAt += Block * frame.Across;
            if (frame.Components.Length == 1)
                continue;
            if (!TryReadBlock(1, ref blueness, block, rows[bluenessAt..], layout.ChromaStride)
                || !TryReadBlock(2, ref redness, block, rows[rednessAt..], layout.ChromaStride))
                return false;
            bluenessAt += Block;
            rednessAt += Block;
        }
        return true;
    }

    bool TryRestart()
    {
        (luma, blueness, redness) = (0, 0, 0);
        return (done == 0 || entropy.IsAtEnd) && entropy.TryBegin(units - done <= interval);
    }

    bool TryReadBlock(int component, ref int prediction, scoped Span<short> block, Span<byte> samples, int stride)
    {
        block.Clear();
        if (!entropy.TryRead(frame.Components[component], ref prediction, block, out var last))
            return false;
        return last == 0 ? InverseCosineTransform.TryFill(block[0], samples, stride)
            : InverseCosineTransform.TryTransform(block, samples, stride);
    }
}
