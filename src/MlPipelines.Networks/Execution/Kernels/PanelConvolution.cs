using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One pass of a convolution by panels: the input is turned so that channels lie side by side, and filters lie side by side in
/// panels, so that no position is wasted however small the image. For 32 registers of 512 bits.</summary>
sealed class PanelConvolution
{
    const int CacheFloats = 160 << 10;
    const int PanelFloats = 64 << 10;
    const int MostPositions = 1024;
    const int LeastParts = 8;
    const int SmallPlane = 256;
    const int ManyChannels = 64;

    readonly FlatAxis rows, columns;
    readonly int channels, filters, lanes, panels, taps, batch, bandRows, bands, images, width, shares;
    readonly ChannelsLast input;
    readonly int[] offsets;

    PanelConvolution(FlatAxis rows, FlatAxis columns, int channels, int filters, int batch)
    {
        (this.rows, this.columns, this.channels, this.filters, this.batch) = (rows, columns, channels, filters, batch);
        taps = rows.TapShift.Length * columns.TapShift.Length;
        lanes = PanelBlock512.Lanes(filters, 48);
        panels = (filters + lanes - 1) / lanes;
        width = ChannelsLast.Extent(columns, columns.Outputs);
        bandRows = Math.Clamp(MostPositions / columns.Outputs, 1, rows.Outputs);
        while (bandRows > 1 && ChannelsLast.Extent(rows, bandRows) * width * channels > CacheFloats)
            bandRows = (bandRows + 1) / 2;
        bands = (rows.Outputs + bandRows - 1) / bandRows;
        input = new(rows, columns, channels, ChannelsLast.Extent(rows, bandRows), width);
        images = bands > 1 ? 1
            : Math.Clamp(Math.Min(MostPositions / (rows.Outputs * columns.Outputs), CacheFloats / (input.Length)), 1, batch);
        var units = (batch + images - 1) / images * bands;
        shares = Math.Min(panels, (LeastParts + units - 1) / units);
        offsets = new int[FlatPlanes.RoundUp(images * bandRows * columns.Outputs, PanelBlock512.Streams(lanes))];
        for (var p = 0; p < offsets.Length; p++)
        {
            var place = Math.Min(p, images * bandRows * columns.Outputs - 1);
            var (row, image) = (place / columns.Outputs % bandRows, place / columns.Outputs / bandRows);
            offsets[p] = ((image * input.Height + row * rows.Stride) * width + place % columns.Outputs * columns.Stride) * channels;
        }
    }

    /// <summary>Whether the image is small beside its channels, panels are well filled, and the taps lie evenly.</summary>
    public static bool Fits(FlatAxis rows, FlatAxis columns, int channels, int filters) =>
        rows.Outputs * columns.Outputs <= SmallPlane && channels >= ManyChannels
        && 5 * filters >= 4 * FlatPlanes.RoundUp(filters, PanelBlock512.Lanes(filters, 48)) && Spacing(rows) is not null
        && Spacing(columns) is not null;

    /// <summary>Computes the outputs of one group of filters, which all channels enter; <paramref name="bias"/> may be empty.</summary>
    public static void Run(FlatAxis rows, FlatAxis columns, int channels, int filters, WeightOrder weights, OutputOrder outputs, int batch,
        ReadOnlyMemory<float> x, ReadOnlyMemory<float> w,
        ReadOnlyMemory<float> bias, bool relu, Memory<float> y, ParallelFor parallel)
    {
        var pass = new PanelConvolution(rows, columns, channels, filters, batch);
        var panel = pass.channels * pass.taps * pass.lanes;
        var packed = ArrayPool<float>.Shared.Rent(pass.panels * panel);
        parallel(pass.panels,
            p => PanelWeights.Pack(w.Span, weights, channels, filters, p * pass.lanes, pass.lanes, packed.AsSpan(p * panel, panel)));
        parallel((batch + pass.images - 1) / pass.images * pass.bands * pass.shares,
            part => pass.RunPart(part, x.Span, packed, bias.Span, relu, y.Span, outputs));
        ArrayPool<float>.Shared.Return(packed);
    }

    /// <summary>Elements from one tap to the next; null where they differ.</summary>
    static int? Spacing(FlatAxis axis)
    {
        var steps = Enumerable.Range(1, axis.TapShift.Length - 1)
            .Select(tap => ChannelsLast.Offset(axis, tap) - ChannelsLast.Offset(axis, tap - 1)).Distinct().ToArray();
        return steps.Length > 1 ? null : steps.FirstOrDefault();
    }

    void RunPart(int part, ReadOnlySpan<float> x, Span<float> packed, ReadOnlySpan<float> bias, bool relu, Span<float> y, OutputOrder order)
    {
        var (share, band, image) = (part % shares, part / shares % bands, part / shares / bands * images);
        var (count, firstRow) = (Math.Min(images, batch - image), band * bandRows);
        var turned = Scratch.Take(Scratch.Use.Input, images * input.Length);
        for (var n = 0; n < count; n++)
            input.Turn(x.Slice((image + n) * channels * rows.Size * columns.Size, channels * rows.Size * columns.Size), firstRow,
                turned.Slice(n * input.Length, input.Length));
        var sums = Scratch.Take(Scratch.Use.Output, offsets.Length * lanes);
        var outRows = Math.Min(bandRows, rows.Outputs - firstRow);
        for (var panel = panels * share / shares; panel < panels * (share + 1) / shares; panel++)
        {
            var (first, lanesUsed) = (panel * lanes, Math.Min(lanes, filters - panel * lanes));
            Start(bias.IsEmpty ? bias : bias.Slice(first, lanesUsed), sums);
            AddAll(turned, packed.Slice(panel * channels * taps * lanes, channels * taps * lanes),
                (count - 1) * bandRows * columns.Outputs + outRows * columns.Outputs, sums);
            if (relu)
                Rectify(sums);
            for (var n = 0; n < count; n++)
                Store(sums.Slice(n * bandRows * columns.Outputs * lanes, outRows * columns.Outputs * lanes), lanesUsed, firstRow, outRows,
                    y.Slice(((image + n) * filters + first) * order.Plane, lanesUsed * order.Plane), order);
        }
    }

    void AddAll(Span<float> turned, Span<float> panel, int positions, Span<float> sums)
    {
        var (streams, atOnce) = (PanelBlock512.Streams(lanes), Math.Max(1, PanelFloats / (taps * lanes)));
        var (across, down) = (columns.TapShift.Length, rows.TapShift.Length);
        var steps = new PanelSteps(down, across,
            new((nint)(Spacing(rows) ?? 0) * width * channels, (nint)(Spacing(columns) ?? 0) * channels, 1),
            new(across * lanes, lanes, taps * lanes));
        var first = (ChannelsLast.Offset(rows, 0) * width + ChannelsLast.Offset(columns, 0)) * channels;
        for (var c = 0; c < channels; c += atOnce)
            for (var p = 0; p < positions; p += streams)
                PanelBlock512.Add(lanes, ref turned[first + c], ref offsets[p], steps, ref panel[c * taps * lanes],
                    Math.Min(atOnce, channels - c), ref sums[p * lanes]);
    }

    void Start(ReadOnlySpan<float> bias, Span<float> sums)
    {
        sums.Clear();
        if (!bias.IsEmpty)
            for (var p = 0; p < sums.Length; p += lanes)
                bias.CopyTo(sums[p..]);
    }

    static void Rectify(Span<float> sums)
    {
        foreach (ref var vector in MemoryMarshal.Cast<float, Vector512<float>>(sums))
            vector = Vector512.Max(vector, Vector512<float>.Zero);
    }

    void Store(ReadOnlySpan<float> sums, int count, int firstRow, int outRows, Span<float> y, OutputOrder order)
    {
        var positions = outRows * columns.Outputs;
        if (order.ColumnStep == 1 && (order.RowStep == columns.Outputs || outRows == 1))
        {
            Transposition.Run(sums, lanes, positions, count, y[(order.First + firstRow * order.RowStep)..], order.Plane);
            return;
        }
        var planes = Scratch.Take(Scratch.Use.Sums, count * positions);
        Transposition.Run(sums, lanes, positions, count, planes, positions);
        for (var k = 0; k < count; k++)
            for (var row = 0; row < outRows; row++)
            {
                var from = planes.Slice(k * positions + row * columns.Outputs, columns.Outputs);
                var to = y[(k * order.Plane + order.First + (firstRow + row) * order.RowStep)..];
                for (int c = 0, o = 0; c < from.Length; c++, o += order.ColumnStep)
                    to[o] = from[c];
            }
    }
}
