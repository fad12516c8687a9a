namespace MlPipelines.Imaging.Jpeg;

/// <summary>Samples → rows of the picture, strip by strip; where chroma has half the height, one row behind,
/// since it needs the next strip.</summary>
readonly ref struct RowWriter
{
    readonly JpegFrame frame;
    readonly JpegLayout layout;
    readonly Span<byte> rows;
    readonly Span<ushort> sums;
    readonly Bitmap bitmap;
    readonly int chromaWidth, chromaHeight;
    readonly bool isFiltered;

    internal RowWriter(JpegFrame frame, JpegLayout layout, Span<byte> rows, Span<ushort> sums, Bitmap bitmap)
    {
        (this.frame, this.layout, this.bitmap) = (frame, layout, bitmap);
        this.rows = rows;
        this.sums = sums;
        (chromaWidth, chromaHeight) = (JpegLayout.Parts(frame.Width, frame.Across), JpegLayout.Parts(frame.Height, frame.Down));
        isFiltered = frame.Across == 1 || chromaWidth >= ChromaUpsampling.NarrowestFiltered;
    }

    /// <summary>Before a strip is read: keeps the last rows of the one before it.</summary>
    internal void KeepLastRows(int strip)
    {
        if (strip == 0 || frame.Down == 1)
            return;
        rows.Slice(layout.LumaRows * layout.LumaStride, layout.LumaStride).CopyTo(rows);
        // Row 0 of each component then is the last of the strip above, which the filter looks at.
        foreach (var chroma in (ReadOnlySpan<int>)[layout.Blueness, layout.Redness])
            rows.Slice(chroma + layout.ChromaRows * layout.ChromaStride, layout.ChromaStride).CopyTo(rows[chroma..]);
    }

    /// <summary>After a strip is read: writes the rows that it completes.</summary>
    internal void Write(int strip)
    {
        var top = strip * layout.LumaRows;
        // A strip's last row needs the first chroma of the next one, after which its luma lies in row 0.
        var lag = frame.Down - 1;
        var end = strip == layout.Strips - 1 ? frame.Height : top + layout.LumaRows - lag;
        for (var y = Math.Max(0, top - lag); y < end; y++)
        {
            var luma = rows[((y - top + 1) * layout.LumaStride)..];
            var to = bitmap.Pixels.AsSpan(y * bitmap.RowBytes, bitmap.RowBytes);
            if (frame.Components.Length == 1)
                RgbRows.FromGrey(luma, to);
            else
                RgbRows.FromYCbCr(luma, Chroma(layout.Blueness, y, strip, 0), Chroma(layout.Redness, y, strip, 1), to);
        }
    }

    ReadOnlySpan<byte> Chroma(int start, int y, int strip, int component)
    {
        var wide = rows.Slice(layout.Wide + component * layout.WideStride, layout.WideStride);
        var row = y / frame.Down;
        var near = Row(start, row, strip);
        if (!isFiltered)
        {
            ChromaUpsampling.Repeat(near, chromaWidth, wide);
            return wide;
        }
        if (frame.Down == 1)
        {
            if (frame.Across == 1)
                return near;
            ChromaUpsampling.Widen(near, chromaWidth, sums, wide);
            return wide;
        }
        // At the edges the row itself. Rows of chroma that only fill up the last unit are not looked at.
        var far = Row(start, Math.Clamp(y % 2 == 0 ? row - 1 : row + 1, 0, chromaHeight - 1), strip);
        if (frame.Across == 1)
            ChromaUpsampling.Between(near, far, y % 2 == 0, chromaWidth, wide);
        else
            ChromaUpsampling.Widen(near, far, chromaWidth, sums, wide);
        return wide;
    }

    ReadOnlySpan<byte> Row(int start, int row, int strip) => rows[(start + (row - strip * layout.ChromaRows + 1) * layout.ChromaStride)..];
}
