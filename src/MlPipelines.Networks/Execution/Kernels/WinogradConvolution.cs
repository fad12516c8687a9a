using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One pass of a 3×3 convolution without strides by Winograd's tiles of 2×2 outputs, which take 16 products of matrices in place
/// of 36. For 512-bit registers.</summary>
/// <remarks>Source: Lavin, Gray 2015, arXiv:1509.09308.</remarks>
sealed class WinogradConvolution
{
    const int Vector = 16;
    const int CacheFloats = 208 << 10;
    const int LeastParts = 8;
    const int LeastChannels = 64;
    const int LeastOutputs = 10;

    readonly FlatAxis rows, columns;
    readonly ChannelsLast input;
    readonly int channels, filters, lanes, panels, across, bandTiles, bands, shares;
    readonly int[] offsets;

    WinogradConvolution(FlatAxis rows, FlatAxis columns, int channels, int filters, int batch)
    {
        (this.rows, this.columns, this.channels, this.filters) = (rows, columns, channels, filters);
        lanes = PanelBlock512.Lanes(filters, 48);
        panels = (filters + lanes - 1) / lanes;
        across = (columns.Outputs + 1) / 2;
        var down = (rows.Outputs + 1) / 2;
        bandTiles = Math.Clamp(CacheFloats / (WinogradTiles.Places * across * channels), 1, down);
        bands = (down + bandTiles - 1) / bandTiles;
        bandTiles = (down + bands - 1) / bands;
        input = new(rows, columns, channels, 2 * bandTiles + 2, 2 * across + 2);
        shares = Math.Min(panels, (LeastParts + batch * bands - 1) / (batch * bands));
        offsets = new int[FlatPlanes.RoundUp(bandTiles * across, PanelBlock512.Streams(lanes))];
        for (var tile = 0; tile < offsets.Length; tile++)
            offsets[tile] = Math.Min(tile, bandTiles * across - 1) * channels;
    }

    int Tiles => bandTiles * across;
    int PanelFloats => WinogradTiles.Places * channels * lanes;

    /// <summary>Whether the window is 3×3 without strides, the image large enough for its tiles, and panels well filled.</summary>
    public static bool Fits(FlatAxis rows, FlatAxis columns, int channels, int filters, OutputOrder outputs) =>
        IsThree(rows) && IsThree(columns) && Math.Min(rows.Outputs, columns.Outputs) >= LeastOutputs
        && outputs is { First: 0, ColumnStep: 1 } && outputs.RowStep == columns.Outputs
        && channels >= LeastChannels && channels % Vector == 0
        && 5 * filters >= 4 * FlatPlanes.RoundUp(filters, PanelBlock512.Lanes(filters, 48));

    static bool IsThree(FlatAxis axis) => axis.Stride == 1 && axis.TapShift.Length == 3 && axis.TapShift.Order().SequenceEqual([0, 1, 2]);

    /// <summary>Computes the outputs of one group of filters, which all channels enter; <paramref name="bias"/> may be empty.</summary>
    public static void Run(FlatAxis rows, FlatAxis columns, int channels, int filters, WeightOrder weights, OutputOrder outputs, int batch,
        ReadOnlyMemory<float> x, ReadOnlyMemory<float> w,
        ReadOnlyMemory<float> bias, bool relu, Memory<float> y, ParallelFor parallel)
    {
        var pass = new WinogradConvolution(rows, columns, channels, filters, batch);
        var packed = ArrayPool<float>.Shared.Rent(pass.panels * pass.PanelFloats);
        parallel(pass.panels, panel => pass.PackWeights(panel, w.Span, weights, packed.AsSpan(panel * pass.PanelFloats, pass.PanelFloats)));
        parallel(batch * pass.bands * pass.shares, part => pass.RunPart(part, x.Span, packed, bias.Span, relu, y.Span, outputs.Plane));
        ArrayPool<float>.Shared.Return(packed);
    }

    void PackWeights(int panel, ReadOnlySpan<float> w, WeightOrder order, Span<float> packed)
    {
        var plain = Scratch.Take(Scratch.Use.Input, channels * order.Taps.Length * lanes);
        PanelWeights.Pack(w, order, channels, filters, panel * lanes, lanes, plain);
        Span<int> places = stackalloc int[9];
        for (var tap = 0; tap < 9; tap++)
            places[rows.TapShift[tap / 3] * 3 + columns.TapShift[tap % 3]] = tap * lanes;
        for (var c = 0; c < channels; c++)
            for (var lane = 0; lane < lanes; lane += Vector)
                WinogradTiles.Weights(ref plain[c * 9 * lanes + lane], places, ref packed[c * lanes + lane], channels * lanes);
    }

    void RunPart(int part, ReadOnlySpan<float> x, Span<float> packed, ReadOnlySpan<float> bias, bool relu, Span<float> y, int plane)
    {
        var (share, band, image) = (part % shares, part / shares % bands, part / shares / bands);
        var firstRow = 2 * band * bandTiles;
        var outRows = Math.Min(2 * bandTiles, rows.Outputs - firstRow);
        var turned = Scratch.Take(Scratch.Use.Input, input.Length);
        input.Turn(x.Slice(image * channels * rows.Size * columns.Size, channels * rows.Size * columns.Size), firstRow, turned);
        var tiles = Scratch.Take(Scratch.Use.Output, WinogradTiles.Places * Tiles * channels);
        TurnTiles(ref MemoryMarshal.GetReference(turned), ref MemoryMarshal.GetReference(tiles));
        var products = offsets.Length * lanes;
        var sums = Scratch.Take(Scratch.Use.Sums, WinogradTiles.Places * products + outRows * columns.Outputs * lanes + lanes);
        var outputs = sums[(WinogradTiles.Places * products)..];
        var steps = new PanelSteps(1, 1, new(0, 0, 1), new(0, 0, lanes));
        for (var panel = panels * share / shares; panel < panels * (share + 1) / shares; panel++)
        {
            sums[..(WinogradTiles.Places * products)].Clear();
            for (var place = 0; place < WinogradTiles.Places; place++)
                for (var tile = 0; tile < Tiles; tile += PanelBlock512.Streams(lanes))
                    PanelBlock512.Add(lanes, ref tiles[place * Tiles * channels], ref offsets[tile], steps,
                        ref packed[panel * PanelFloats + place * channels * lanes], channels, ref sums[place * products + tile * lanes]);
            var (first, count) = (panel * lanes, Math.Min(lanes, filters - panel * lanes));
            var added = outputs[(outRows * columns.Outputs * lanes)..];
            added.Clear();
            if (!bias.IsEmpty)
                bias.Slice(first, count).CopyTo(added);
            WriteTiles(ref MemoryMarshal.GetReference(sums), products, ref MemoryMarshal.GetReference(added), relu, outRows,
                ref MemoryMarshal.GetReference(outputs));
            Transposition.Run(outputs, lanes, outRows * columns.Outputs, count,
                y[((image * filters + first) * plane + firstRow * columns.Outputs)..], plane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void TurnTiles(ref float turned, ref float tiles)
    {
        for (var tile = 0; tile < Tiles; tile++)
        {
            ref var from = ref Unsafe.Add(ref turned, (tile / across * 2 * input.Width + tile % across * 2) * channels);
            for (var c = 0; c < channels; c += Vector)
                WinogradTiles.Input(ref Unsafe.Add(ref from, c), input.Width * channels, channels,
                    ref Unsafe.Add(ref tiles, tile * channels + c), Tiles * channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void WriteTiles(ref float sums, int place, ref float bias, bool relu, int outRows, ref float outputs)
    {
        var floor = Vector512.Create(relu ? 0f : float.NegativeInfinity);
        for (var tile = 0; tile < Tiles; tile++)
        {
            var (row, column) = (tile / across * 2, tile % across * 2);
            var (below, beside) = (row + 1 < outRows, column + 1 < columns.Outputs);
            if (row >= outRows)
                return;
            for (var lane = 0; lane < lanes; lane += Vector)
            {
                WinogradTiles.Output(ref Unsafe.Add(ref sums, tile * lanes + lane), place, out var y00, out var y01, out var y10,
                    out var y11);
                var b = Vector512.LoadUnsafe(ref Unsafe.Add(ref bias, lane));
                ref var to = ref Unsafe.Add(ref outputs, (row * columns.Outputs + column) * lanes + lane);
                Vector512.Max(y00 + b, floor).StoreUnsafe(ref to);
                if (beside)
                    Vector512.Max(y01 + b, floor).StoreUnsafe(ref Unsafe.Add(ref to, lanes));
                if (below)
                    Vector512.Max(y10 + b, floor).StoreUnsafe(ref Unsafe.Add(ref to, columns.Outputs * lanes));
                if (below && beside)
                    Vector512.Max(y11 + b, floor).StoreUnsafe(ref Unsafe.Add(ref to, (columns.Outputs + 1) * lanes));
            }
        }
    }
}
