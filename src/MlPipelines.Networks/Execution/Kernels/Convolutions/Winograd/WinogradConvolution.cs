using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>One pass of a 3×3 convolution without strides by Winograd's tiles of 4×4 outputs, which take 36 products of matrices in place
/// of 144.</summary>
/// <remarks>Of a band of one image, or of several small images: input [row][column][channel] → tiles [place][tile][channel], times weights
/// [place][channel][lane] of a panel, → sums [place][tile][lane] → outputs [row][column][lane] → the planes of y. Neighbouring tiles of
/// 6×6 inputs overlap by two. Sums round otherwise than those of the plain algorithm.
/// Source: Lavin, Gray 2015, arXiv:1509.09308.</remarks>
sealed class WinogradConvolution<TRegister> where TRegister : struct, IRegister<TRegister>
{
    const int Places = WinogradTiles<TRegister>.Places, Step = WinogradTiles<TRegister>.Outputs, Side = WinogradTiles<TRegister>.Side;
    const int CacheFloats = 128 << 10;
    const int ManyTiles = 48;
    const int LeastParts = 8;

    // With fewer, the plain algorithm is the faster one.
    const int LeastChannels = 32;

    readonly ConvPass pass;
    readonly ConvBuffers buffers;
    readonly FilterPanels panels;
    readonly ChannelsLast input;
    readonly int channels, lanes, across, bandRows, bands, images, groups, shares, tilePlace, weightPlace, sumPlace;
    readonly int[] offsets;

    WinogradConvolution(ConvPass pass, ConvBuffers buffers)
    {
        (this.pass, this.buffers, panels, channels) = (pass, buffers, new(pass, WinogradTiles<TRegister>.IsWide), pass.Channels);
        lanes = panels.Lanes;
        across = WinogradTiles<TRegister>.Over(pass.Window.Columns.Outputs);
        var down = WinogradTiles<TRegister>.Over(pass.Window.Rows.Outputs);
        bandRows = Math.Clamp(CacheFloats / (Places * across * channels), 1, down);
        bands = (down + bandRows - 1) / bandRows;
        bandRows = (down + bands - 1) / bands;
        // A panel's weights are read once for all tiles of a part; a small image alone has too few.
        images = bands > 1 ? 1 : Math.Clamp(ManyTiles / (bandRows * across), 1, buffers.Batch);
        groups = (buffers.Batch + images - 1) / images;
        input = new(pass.Window, channels, Step * bandRows + 2, WinogradTiles<TRegister>.Width(across));
        shares = Math.Min(panels.Count, (LeastParts + groups * bands - 1) / (groups * bands));
        offsets = new int[FlatPlanes.RoundUp(Tiles, PanelBlock.Streams(lanes))];
        for (var tile = 0; tile < offsets.Length; tile++)
            offsets[tile] = Math.Min(tile, Tiles - 1) * channels;
        (tilePlace, weightPlace, sumPlace) = (WinogradTiles<TRegister>.Spaced(Tiles * channels),
            WinogradTiles<TRegister>.Spaced(channels * lanes), WinogradTiles<TRegister>.Spaced(offsets.Length * lanes));
    }


    /// <summary>Tiles of a band of one image.</summary>
    int ImageTiles => bandRows * across;

    /// <summary>Tiles that a part has room for.</summary>
    int Tiles => images * ImageTiles;

    int PanelFloats => Places * weightPlace;

    /// <summary>Whether the window is 3×3 without strides, the image large enough for its tiles, and panels well filled.</summary>
    public static bool Fits(ConvPass pass, ConvBuffers buffers)
    {
        var (rows, columns) = pass.Window;
        return pass.Groups == 1 && IsThree(rows) && IsThree(columns) && Math.Min(rows.Outputs, columns.Outputs) >= LeastOutputs(buffers)
            && pass.Outputs is { First: 0, ColumnStep: 1 } && pass.Outputs.RowStep == columns.Outputs
            && pass.Channels >= LeastChannels && pass.Channels % TRegister.Count == 0
            && FilterPanels.AreWellFilled(pass, WinogradTiles<TRegister>.IsWide);
    }

    // Laid out, weights are four times as many: for few outputs that is worth while where they serve several images, or are kept. What is
    // kept serves any number by the same algorithm, so that an image's outputs do not depend on the others.
    static int LeastOutputs(ConvBuffers buffers) => buffers.Kept is not null || buffers.Batch >= 8 ? 5 : 10;

    static bool IsThree(FlatAxis axis) => axis.Stride == 1 && axis.TapShift.Length == 3 && axis.TapShift.Order().SequenceEqual([0, 1, 2]);

    /// <summary>Computes the outputs of a pass of one group.</summary>
    public static void Run(ConvPass pass, ConvBuffers buffers, ParallelFor parallel)
    {
        var convolution = new WinogradConvolution<TRegister>(pass, buffers);
        var (panels, length) = (convolution.panels.Count, convolution.PanelFloats);
        var packed = buffers.LaidOut<WinogradConvolution<TRegister>>(panels * length, floats =>
            parallel(panels, panel => convolution.PackWeights(panel, floats.Span.Slice(panel * length, length))));
        parallel(convolution.groups * convolution.bands * convolution.shares, part => convolution.RunPart(part, packed.Span));
        buffers.Release(packed);
    }

    // Kept weights pass here once, which compiled quickly would take longer than to compile it well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PackWeights(int panel, Span<float> packed)
    {
        var plain = Scratch.Take(Scratch.Use.Input, panels.Floats);
        panels.Pack(panel, buffers.PlainWeights, plain);
        Span<int> places = stackalloc int[9];
        // Taps come in the order of the pass, which for an input's gradient is the reverse; tiles want them by place in the window.
        for (var tap = 0; tap < 9; tap++)
            places[pass.Window.Rows.TapShift[tap / 3] * 3 + pass.Window.Columns.TapShift[tap % 3]] = tap * lanes;
        for (var c = 0; c < channels; c++)
            for (var lane = 0; lane < lanes; lane += TRegister.Count)
                WinogradTiles<TRegister>.Weights(ref plain[c * 9 * lanes + lane], places, ref packed[c * lanes + lane], weightPlace);
    }

    void RunPart(int part, Span<float> packed)
    {
        var (share, band, firstImage) = (part % shares, part / shares % bands, part / shares / bands * images);
        var firstRow = Step * band * bandRows;
        var (outRows, outColumns) = (Math.Min(Step * bandRows, pass.Window.Rows.Outputs - firstRow), pass.Window.Columns.Outputs);
        var (tileRows, count) = (WinogradTiles<TRegister>.Over(outRows), Math.Min(images, buffers.Batch - firstImage));
        var tiles = Scratch.Take(Scratch.Use.Output, Places * tilePlace);
        for (var image = 0; image < count; image++)
        {
            var turned = Scratch.Take(Scratch.Use.Input, input.Length);
            input.Reorder(buffers.InputOf(pass, firstImage + image), firstRow, turned);
            new TileBand(across, input.Width, channels).Turn<TRegister, InputLine>(ref MemoryMarshal.GetReference(turned), tileRows,
                ref tiles[image * ImageTiles * channels], tilePlace);
        }
        var plane = (Step * bandRows * outColumns + Step) * lanes;
        var sums = Scratch.Take(Scratch.Use.Sums, Places * sumPlace + plane + lanes);
        var outputs = sums.Slice(Places * sumPlace, plane);
        var bias = sums[(Places * sumPlace + plane)..];
        var (from, end) = panels.ShareOf(share, shares);
        for (var panel = from; panel < end; panel++)
        {
            Multiply(tiles, packed.Slice(panel * PanelFloats, PanelFloats), sums[..(Places * sumPlace)],
                (count - 1) * ImageTiles + tileRows * across);
            var (first, filters) = panels.FiltersOf(panel);
            bias.Clear();
            buffers.Epilogue.BiasOf(first, filters).CopyTo(bias);
            for (var image = 0; image < count; image++)
            {
                WriteTiles(ref sums[image * ImageTiles * lanes], ref MemoryMarshal.GetReference(bias), tileRows,
                    ref MemoryMarshal.GetReference(outputs));
                Transposition.Run(outputs, lanes, outRows * outColumns, filters,
                    buffers.OutputOf(pass, firstImage + image)[(first * pass.Outputs.Plane + firstRow * outColumns)..], pass.Outputs.Plane);
            }
        }
    }

    void Multiply(Span<float> tiles, Span<float> panel, Span<float> sums, int count)
    {
        var steps = new PanelSteps(1, 1, channels, new(0, 0, 1), new(0, 0, lanes));
        sums.Clear();
        for (var place = 0; place < Places; place++)
            for (var tile = 0; tile < count; tile += PanelBlock.Streams(lanes))
                PanelBlock.Add(lanes, steps, ref tiles[place * tilePlace], ref offsets[tile],
                    ref panel[place * weightPlace], ref sums[place * sumPlace + tile * lanes]);
    }

    /// <summary>Aᵀ·m·A of all tiles of an image's band, with bias and Relu, row by row of outputs.</summary>
    // Its own method, or the compiler would run out of what it may inline into it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    void WriteTiles(ref float sums, ref float bias, int tileRows, ref float outputs)
    {
        var outRow = pass.Window.Columns.Outputs * lanes;
        var floor = TRegister.Create(buffers.Epilogue.Relu ? 0f : float.NegativeInfinity);
        for (var row = 0; row < tileRows; row++)
            // From the right, since what the last tile has beyond its row lies where the first one writes after it.
            for (var column = across - 1; column >= 0; column--)
                for (var lane = 0; lane < lanes; lane += TRegister.Count)
                    WriteTile(ref Unsafe.Add(ref sums, (row * across + column) * lanes + lane), sumPlace,
                        TRegister.Load(ref bias, lane), floor,
                        ref Unsafe.Add(ref outputs, row * Step * outRow + column * Step * lanes + lane), outRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void WriteTile(ref float sums, nint place, TRegister bias, TRegister floor, ref float outputs, nint outRow)
    {
        var (p0, p1, p2, p3) = WinogradTiles<TRegister>.Output(ref sums, Side * place);
        var (q0, q1, q2, q3) = WinogradTiles<TRegister>.Output(ref Unsafe.Add(ref sums, place), Side * place);
        var (r0, r1, r2, r3) = WinogradTiles<TRegister>.Output(ref Unsafe.Add(ref sums, 2 * place), Side * place);
        var (s0, s1, s2, s3) = WinogradTiles<TRegister>.Output(ref Unsafe.Add(ref sums, 3 * place), Side * place);
        var (t0, t1, t2, t3) = WinogradTiles<TRegister>.Output(ref Unsafe.Add(ref sums, 4 * place), Side * place);
        var (u0, u1, u2, u3) = WinogradTiles<TRegister>.Output(ref Unsafe.Add(ref sums, 5 * place), Side * place);
        WriteRow(WinogradTiles<TRegister>.Output(p0, q0, r0, s0, t0, u0), ref outputs);
        WriteRow(WinogradTiles<TRegister>.Output(p1, q1, r1, s1, t1, u1), ref Unsafe.Add(ref outputs, outRow));
        WriteRow(WinogradTiles<TRegister>.Output(p2, q2, r2, s2, t2, u2), ref Unsafe.Add(ref outputs, 2 * outRow));
        WriteRow(WinogradTiles<TRegister>.Output(p3, q3, r3, s3, t3, u3), ref Unsafe.Add(ref outputs, 3 * outRow));

        void WriteRow((TRegister First, TRegister Second, TRegister Third, TRegister Fourth) row, ref float to)
        {
            TRegister.Max(row.First + bias, floor).Store(ref to);
            TRegister.Max(row.Second + bias, floor).Store(ref Unsafe.Add(ref to, lanes));
            TRegister.Max(row.Third + bias, floor).Store(ref Unsafe.Add(ref to, 2 * lanes));
            TRegister.Max(row.Fourth + bias, floor).Store(ref Unsafe.Add(ref to, 3 * lanes));
        }
    }
}
