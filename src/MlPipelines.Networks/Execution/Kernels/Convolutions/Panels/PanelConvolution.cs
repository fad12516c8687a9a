using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One pass of a convolution by panels: the input is turned so that channels lie side by side, and filters lie side by side in
/// panels, so that no position is wasted however small the image.</summary>
sealed class PanelConvolution
{
    const int CacheFloats = 160 << 10;
    const int PanelFloats = 64 << 10;
    const int MostPositions = 1024;

    // Where images are few, panels are shared out as well; each share turns the same input again.
    const int LeastParts = 8;
    const int ManyChannels = 64;

    readonly ConvPass pass;
    readonly ConvBuffers buffers;
    readonly FilterPanels panels;
    readonly ChannelsLast input;
    readonly int bandRows, bands, images, shares;
    readonly int[] offsets;

    PanelConvolution(ConvPass pass, ConvBuffers buffers, bool wide)
    {
        (this.pass, this.buffers, panels) = (pass, buffers, new(pass, wide));
        var ((rows, columns), channels) = (pass.Window, pass.Channels);
        var width = ChannelsLast.Extent(columns, columns.Outputs);
        bandRows = Math.Clamp(MostPositions / columns.Outputs, 1, rows.Outputs);
        while (bandRows > 1 && ChannelsLast.Extent(rows, bandRows) * width * channels > CacheFloats)
            bandRows = (bandRows + 1) / 2;
        bands = (rows.Outputs + bandRows - 1) / bandRows;
        input = new(pass.Window, channels, ChannelsLast.Extent(rows, bandRows), width);
        images = bands > 1 ? 1
            : Math.Clamp(Math.Min(MostPositions / pass.Window.Outputs, CacheFloats / input.Length), 1, buffers.Batch);
        var units = (buffers.Batch + images - 1) / images * bands;
        shares = Math.Min(panels.Count, (LeastParts + units - 1) / units);
        offsets = new int[FlatPlanes.RoundUp(images * bandRows * columns.Outputs, PanelBlock.Streams(panels.Lanes))];
        for (var p = 0; p < offsets.Length; p++)
        {
            var place = Math.Min(p, images * bandRows * columns.Outputs - 1);
            var (row, image) = (place / columns.Outputs % bandRows, place / columns.Outputs / bandRows);
            offsets[p] = ((image * input.Height + row * rows.Stride) * width + place % columns.Outputs * columns.Stride) * channels;
        }
    }

    // On larger planes the plain algorithm is the faster one with 512-bit registers; with others, none was tried where it is.
    static int SmallPlane(bool wide) => wide ? 256 : 1024;

    int Parts => (buffers.Batch + images - 1) / images * bands * shares;

    /// <summary>Whether the image is small beside its channels, panels are well filled, and the taps lie evenly.</summary>
    public static bool Fits(ConvPass pass, bool wide) =>
        pass.Groups == 1 && pass.Window.Outputs <= SmallPlane(wide) && pass.Channels >= ManyChannels
        && FilterPanels.AreWellFilled(pass, wide) && Spacing(pass.Window.Rows) is not null && Spacing(pass.Window.Columns) is not null;

    /// <summary>Computes the outputs of a pass of one group.</summary>
    public static void Run(ConvPass pass, ConvBuffers buffers, ParallelFor parallel, bool wide)
    {
        var convolution = new PanelConvolution(pass, buffers, wide);
        var (panels, panel) = (convolution.panels, convolution.panels.Floats);
        var packed = buffers.LaidOut<PanelConvolution>(panels.Count * panel, floats =>
            parallel(panels.Count, p => panels.Pack(p, buffers.PlainWeights, floats.Span.Slice(p * panel, panel))));
        parallel(convolution.Parts, part => convolution.RunPart(part, packed.Span));
        buffers.Release(packed);
    }

    /// <summary>Elements from one tap to the next; null where they differ.</summary>
    static int? Spacing(FlatAxis axis)
    {
        var steps = Enumerable.Range(1, axis.TapShift.Length - 1)
            .Select(tap => ChannelsLast.Offset(axis, tap) - ChannelsLast.Offset(axis, tap - 1)).Distinct().ToArray();
        return steps.Length > 1 ? null : steps.FirstOrDefault();
    }

    void RunPart(int part, Span<float> packed)
    {
        var (share, band, image) = (part % shares, part / shares % bands, part / shares / bands * images);
        var (count, firstRow, across) = (Math.Min(images, buffers.Batch - image), band * bandRows, pass.Window.Columns.Outputs);
        var turned = Scratch.Take(Scratch.Use.Input, images * input.Length);
        for (var n = 0; n < count; n++)
            input.Reorder(buffers.InputOf(pass, image + n), firstRow, turned.Slice(n * input.Length, input.Length));
        var sums = Scratch.Take(Scratch.Use.Output, offsets.Length * panels.Lanes);
        var outRows = Math.Min(bandRows, pass.Window.Rows.Outputs - firstRow);
        var (from, end) = panels.ShareOf(share, shares);
        for (var panel = from; panel < end; panel++)
        {
            var (first, filters) = panels.FiltersOf(panel);
            Start(buffers.Epilogue.BiasOf(first, filters), sums);
            AddAll(turned, packed.Slice(panel * panels.Floats, panels.Floats), ((count - 1) * bandRows + outRows) * across, sums);
            if (buffers.Epilogue.Relu)
                Rectify(sums);
            for (var n = 0; n < count; n++)
                Store(sums.Slice(n * bandRows * across * panels.Lanes, outRows * across * panels.Lanes), filters, firstRow,
                    buffers.OutputOf(pass, image + n).Slice(first * pass.Outputs.Plane, filters * pass.Outputs.Plane));
        }
    }

    void AddAll(Span<float> turned, Span<float> panel, int positions, Span<float> sums)
    {
        var (rows, columns) = pass.Window;
        var (lanes, channels, taps) = (panels.Lanes, pass.Channels, pass.Window.Taps);
        var (streams, atOnce) = (PanelBlock.Streams(lanes), Math.Max(1, PanelFloats / (taps * lanes)));
        var (across, down) = (columns.TapShift.Length, rows.TapShift.Length);
        // A position is a stream, and the block's images, rows and columns are the window's rows, its columns and the channels. Of these so
        // many are taken at once that a panel's weights for them stay in the cache; every slice adds to the sums.
        var all = new PanelSteps(down, across, channels,
            new((nint)(Spacing(rows) ?? 0) * input.Width * channels, (nint)(Spacing(columns) ?? 0) * channels, 1),
            new(across * lanes, lanes, taps * lanes));
        var first = (ChannelsLast.Offset(rows, 0) * input.Width + ChannelsLast.Offset(columns, 0)) * channels;
        for (var c = 0; c < channels; c += atOnce)
        {
            var steps = all with { Columns = Math.Min(atOnce, channels - c) };
            for (var p = 0; p < positions; p += streams)
                PanelBlock.Add(lanes, steps, ref turned[first + c], ref offsets[p], ref panel[c * taps * lanes], ref sums[p * lanes]);
        }
    }

    void Start(ReadOnlySpan<float> bias, Span<float> sums)
    {
        sums.Clear();
        if (!bias.IsEmpty)
            for (var p = 0; p < sums.Length; p += panels.Lanes)
                bias.CopyTo(sums[p..]);
    }

    static void Rectify(Span<float> sums)
    {
        foreach (ref var vector in MemoryMarshal.Cast<float, Vector256<float>>(sums))
            vector = Vector256.Max(vector, Vector256<float>.Zero);
    }

    void Store(ReadOnlySpan<float> sums, int count, int firstRow, Span<float> y)
    {
        var (order, lanes, across) = (pass.Outputs, panels.Lanes, pass.Window.Columns.Outputs);
        var (positions, outRows) = (sums.Length / lanes, sums.Length / lanes / across);
        if (order.ColumnStep == 1 && (order.RowStep == across || outRows == 1))
        {
            Transposition.Run(sums, lanes, positions, count, y[(order.First + firstRow * order.RowStep)..], order.Plane);
            return;
        }
        var planes = Scratch.Take(Scratch.Use.Sums, count * positions);
        Transposition.Run(sums, lanes, positions, count, planes, positions);
        for (var k = 0; k < count; k++)
            for (var row = 0; row < outRows; row++)
                order.WriteRow(firstRow + row, planes.Slice(k * positions + row * across, across),
                    y.Slice(k * order.Plane, order.Plane));
    }
}
