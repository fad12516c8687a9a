using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One pass of a 3×3 convolution without strides by Winograd's tiles of 2×2 outputs, which take 16 products of matrices in place
/// of 36.</summary>
/// <remarks>Of a band: input [row][column][channel] → tiles [place][tile][channel], times weights [place][channel][lane] of a panel, →
/// sums [place][tile][lane] → outputs [row][column][lane] → the planes of y. Neighbouring tiles of 4×4 inputs overlap by two. Sums
/// round otherwise than those of the plain algorithm: the maps add and halve before and after.
/// Source: Lavin, Gray 2015, arXiv:1509.09308.</remarks>
sealed class WinogradConvolution<TRegister> where TRegister : struct, IRegister<TRegister>
{
    const int CacheFloats = 208 << 10;
    const int LeastParts = 8;

    readonly ConvPass pass;
    readonly ConvBuffers buffers;
    readonly FilterPanels panels;
    readonly ChannelsLast input;
    readonly int channels, lanes, across, bandTiles, bands, shares;
    readonly int[] offsets;

    WinogradConvolution(ConvPass pass, ConvBuffers buffers)
    {
        (this.pass, this.buffers, panels, channels) = (pass, buffers, new(pass, IsWide), pass.Channels);
        lanes = panels.Lanes;
        across = (pass.Window.Columns.Outputs + 1) / 2;
        var down = (pass.Window.Rows.Outputs + 1) / 2;
        bandTiles = Math.Clamp(CacheFloats / (WinogradTiles<TRegister>.Places * across * channels), 1, down);
        bands = (down + bandTiles - 1) / bandTiles;
        bandTiles = (down + bands - 1) / bands;
        input = new(pass.Window, channels, 2 * bandTiles + 2, 2 * across + 2);
        shares = Math.Min(panels.Count, (LeastParts + buffers.Batch * bands - 1) / (buffers.Batch * bands));
        offsets = new int[FlatPlanes.RoundUp(bandTiles * across, PanelBlock.Streams(lanes))];
        for (var tile = 0; tile < offsets.Length; tile++)
            offsets[tile] = Math.Min(tile, bandTiles * across - 1) * channels;
    }

    static bool IsWide => TRegister.Count == Vector512<float>.Count;

    // With fewer, the plain algorithm is the faster one.
    static int LeastChannels => IsWide ? 64 : 32;
    static int LeastOutputs => IsWide ? 10 : 5;

    int Tiles => bandTiles * across;
    int PanelFloats => WinogradTiles<TRegister>.Places * channels * lanes;

    /// <summary>Whether the window is 3×3 without strides, the image large enough for its tiles, and panels well filled.</summary>
    public static bool Fits(ConvPass pass)
    {
        var (rows, columns) = pass.Window;
        return pass.Groups == 1 && IsThree(rows) && IsThree(columns) && Math.Min(rows.Outputs, columns.Outputs) >= LeastOutputs
            && pass.Outputs is { First: 0, ColumnStep: 1 } && pass.Outputs.RowStep == columns.Outputs
            && pass.Channels >= LeastChannels && pass.Channels % TRegister.Count == 0 && FilterPanels.AreWellFilled(pass, IsWide);
    }

    static bool IsThree(FlatAxis axis) => axis.Stride == 1 && axis.TapShift.Length == 3 && axis.TapShift.Order().SequenceEqual([0, 1, 2]);

    /// <summary>Computes the outputs of a pass of one group.</summary>
    public static void Run(ConvPass pass, ConvBuffers buffers, ParallelFor parallel)
    {
        var convolution = new WinogradConvolution<TRegister>(pass, buffers);
        var (panels, length) = (convolution.panels.Count, convolution.PanelFloats);
        var packed = buffers.LaidOut<WinogradConvolution<TRegister>>(panels * length, floats =>
            parallel(panels, panel => convolution.PackWeights(panel, floats.AsSpan(panel * length, length))));
        parallel(buffers.Batch * convolution.bands * convolution.shares, part => convolution.RunPart(part, packed));
        buffers.Release(packed);
    }

    void PackWeights(int panel, Span<float> packed)
    {
        var plain = Scratch.Take(Scratch.Use.Input, panels.Floats);
        panels.Pack(panel, buffers.Weights.Span, plain);
        Span<int> places = stackalloc int[9];
        // Taps come in the order of the pass, which for an input's gradient is the reverse; tiles want them by place in the window.
        for (var tap = 0; tap < 9; tap++)
            places[pass.Window.Rows.TapShift[tap / 3] * 3 + pass.Window.Columns.TapShift[tap % 3]] = tap * lanes;
        for (var c = 0; c < channels; c++)
            for (var lane = 0; lane < lanes; lane += TRegister.Count)
                WinogradTiles<TRegister>.Weights(ref plain[c * 9 * lanes + lane], places, ref packed[c * lanes + lane], channels * lanes);
    }

    void RunPart(int part, Span<float> packed)
    {
        var (share, band, image) = (part % shares, part / shares % bands, part / shares / bands);
        var firstRow = 2 * band * bandTiles;
        var (outRows, outColumns) = (Math.Min(2 * bandTiles, pass.Window.Rows.Outputs - firstRow), pass.Window.Columns.Outputs);
        var turned = Scratch.Take(Scratch.Use.Input, input.Length);
        // Before the sums are taken, since it needs their memory.
        input.Reorder(buffers.InputOf(pass, image), firstRow, turned);
        var tiles = Scratch.Take(Scratch.Use.Output, WinogradTiles<TRegister>.Places * Tiles * channels);
        TurnTiles(ref MemoryMarshal.GetReference(turned), ref MemoryMarshal.GetReference(tiles));
        var products = offsets.Length * lanes;
        var sums = Scratch.Take(Scratch.Use.Sums, WinogradTiles<TRegister>.Places * products + outRows * outColumns * lanes + lanes);
        var outputs = sums[(WinogradTiles<TRegister>.Places * products)..];
        var bias = outputs[(outRows * outColumns * lanes)..];
        var (from, end) = panels.ShareOf(share, shares);
        for (var panel = from; panel < end; panel++)
        {
            Multiply(tiles, packed.Slice(panel * PanelFloats, PanelFloats), sums[..(WinogradTiles<TRegister>.Places * products)]);
            var (first, count) = panels.FiltersOf(panel);
            bias.Clear();
            buffers.Epilogue.BiasOf(first, count).CopyTo(bias);
            WriteTiles(ref MemoryMarshal.GetReference(sums), ref MemoryMarshal.GetReference(bias), outRows,
                ref MemoryMarshal.GetReference(outputs));
            Transposition.Run(outputs, lanes, outRows * outColumns, count,
                buffers.OutputOf(pass, image)[(first * pass.Outputs.Plane + firstRow * outColumns)..], pass.Outputs.Plane);
        }
    }

    void Multiply(Span<float> tiles, Span<float> panel, Span<float> sums)
    {
        var steps = new PanelSteps(1, 1, channels, new(0, 0, 1), new(0, 0, lanes));
        sums.Clear();
        for (var place = 0; place < WinogradTiles<TRegister>.Places; place++)
            for (var tile = 0; tile < Tiles; tile += PanelBlock.Streams(lanes))
                PanelBlock.Add(lanes, steps, ref tiles[place * Tiles * channels], ref offsets[tile],
                    ref panel[place * channels * lanes], ref sums[(place * offsets.Length + tile) * lanes]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void TurnTiles(ref float turned, ref float tiles)
    {
        for (var tile = 0; tile < Tiles; tile++)
        {
            ref var from = ref Unsafe.Add(ref turned, (tile / across * 2 * input.Width + tile % across * 2) * channels);
            for (var c = 0; c < channels; c += TRegister.Count)
                WinogradTiles<TRegister>.Input(ref Unsafe.Add(ref from, c), input.Width * channels, channels,
                    ref Unsafe.Add(ref tiles, tile * channels + c), Tiles * channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void WriteTiles(ref float sums, ref float bias, int outRows, ref float outputs)
    {
        var (place, outColumns) = (offsets.Length * lanes, pass.Window.Columns.Outputs);
        var floor = TRegister.Create(buffers.Epilogue.Relu ? 0f : float.NegativeInfinity);
        // What a tile has beyond the last row or column of outputs is computed with the rest and left out.
        for (var tile = 0; tile < Tiles; tile++)
        {
            var (row, column) = (tile / across * 2, tile % across * 2);
            var (below, beside) = (row + 1 < outRows, column + 1 < outColumns);
            if (row >= outRows)
                return;
            for (var lane = 0; lane < lanes; lane += TRegister.Count)
            {
                WinogradTiles<TRegister>.Output(ref Unsafe.Add(ref sums, tile * lanes + lane), place, out var y00, out var y01, out var y10,
                    out var y11);
                var b = TRegister.Load(ref bias, lane);
                ref var to = ref Unsafe.Add(ref outputs, (row * outColumns + column) * lanes + lane);
                TRegister.Max(y00 + b, floor).Store(ref to);
                if (beside)
                    TRegister.Max(y01 + b, floor).Store(ref Unsafe.Add(ref to, lanes));
                if (below)
                    TRegister.Max(y10 + b, floor).Store(ref Unsafe.Add(ref to, outColumns * lanes));
                if (below && beside)
                    TRegister.Max(y11 + b, floor).Store(ref Unsafe.Add(ref to, (outColumns + 1) * lanes));
            }
        }
    }
}
