using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of a 3×3 convolution without strides with respect to its weights, by Winograd's tiles of 4×4 outputs, which take
/// 36 products of matrices in place of 144.</summary>
/// <remarks>Of some bands of tiles at a time: input → [place][tile][channel] and the output's gradient → [place][tile][filter], whose
/// products are summed over tiles, [panel][place][channel][lane]; in the end their 36 places become nine taps.</remarks>
sealed class WinogradWeightGradient<TRegister> where TRegister : struct, IRegister<TRegister>
{
    const int Places = WinogradTiles<TRegister>.Places, Step = WinogradTiles<TRegister>.Outputs;
    const int BandTiles = 64;
    const int TilesAtOnce = 128;

    // With fewer, turning the sums into those of taps takes longer than they do.
    const int LeastTiles = 32;
    const int LeastOutputs = 5;

    readonly ConvShape shape;
    readonly ChannelsLast input, gradient;
    readonly TileBand inputTiles, gradientTiles;
    readonly int lanes, panels, bandRows, bands, bandTiles, bandsAtOnce, inputPlace, gradientPlace, sumPlace;
    readonly int[] offsets;

    WinogradWeightGradient(ConvShape shape)
    {
        this.shape = shape;
        lanes = PanelBlock.Lanes(shape.Filters, shape.Channels, WinogradTiles<TRegister>.IsWide);
        panels = (shape.Filters + lanes - 1) / lanes;
        var (across, down) = (WinogradTiles<TRegister>.Over(shape.OutWidth), WinogradTiles<TRegister>.Over(shape.OutHeight));
        bandRows = Enumerable.Range(1, down).Last(rows => down % rows == 0 && (rows == 1 || rows * across <= BandTiles));
        (bands, bandTiles) = (down / bandRows, bandRows * across);
        bandsAtOnce = Math.Clamp(TilesAtOnce / bandTiles, 1, shape.Batch * bands);
        var width = WinogradTiles<TRegister>.Width(across);
        input = new(FlatWindow.Of(shape), shape.Channels, Step * bandRows + 2, width);
        gradient = new(new(Plain(shape.OutHeight), Plain(shape.OutWidth)), shape.Filters, Step * bandRows, width);
        (inputTiles, gradientTiles) = (new(across, width, shape.Channels), new(across, width, shape.Filters));
        offsets = [.. Enumerable.Range(0, FlatPlanes.RoundUp(shape.Channels, PanelBlock.Streams(lanes)))
            .Select(channel => Math.Min(channel, shape.Channels - 1))];
        (inputPlace, gradientPlace, sumPlace) = (WinogradTiles<TRegister>.Spaced(Tiles * shape.Channels),
            WinogradTiles<TRegister>.Spaced(Tiles * shape.Filters), WinogradTiles<TRegister>.Spaced(offsets.Length * lanes));
    }

    int Tiles => bandsAtOnce * bandTiles;

    static FlatAxis Plain(int size) => new(size, size, 1, [0]);

    /// <summary>Whether the window is 3×3 without strides, the image large enough for its tiles, and panels well filled.</summary>
    public static bool Fits(ConvShape shape)
    {
        var lanes = PanelBlock.Lanes(shape.Filters, shape.Channels, WinogradTiles<TRegister>.IsWide);
        return shape.Groups == 1 && IsThree(shape.Window.Rows) && IsThree(shape.Window.Columns)
            && Math.Min(shape.OutHeight, shape.OutWidth) >= LeastOutputs
            && shape.Batch * WinogradTiles<TRegister>.Over(shape.OutHeight) * WinogradTiles<TRegister>.Over(shape.OutWidth) >= LeastTiles
            && shape.Channels % TRegister.Count == 0 && shape.Filters % TRegister.Count == 0
            && PanelBlock.IsWellFilled(shape.Filters, lanes);
    }

    static bool IsThree(WindowAxis axis) => axis is { Kernel: 3, Stride: 1, Dilation: 1 };

    /// <summary>Computes <paramref name="dw"/> [K,C,3,3].</summary>
    public static void Run(ConvShape shape, ReadOnlyMemory<float> x, ReadOnlyMemory<float> dy, Memory<float> dw, ParallelFor parallel)
    {
        var run = new WinogradWeightGradient<TRegister>(shape);
        var (xTiles, dyTiles) = (AlignedFloats.Rent(Places * run.inputPlace), AlignedFloats.Rent(Places * run.gradientPlace + run.lanes));
        var sums = AlignedFloats.Rent(run.panels * Places * run.sumPlace);
        for (var first = 0; first < shape.Batch * run.bands; first += run.bandsAtOnce)
        {
            var (from, count) = (first, Math.Min(run.bandsAtOnce, shape.Batch * run.bands - first));
            parallel(2 * count, part => run.Turn(from, part, (part < count ? x : dy).Span, (part < count ? xTiles : dyTiles).Span, count));
            parallel(run.panels * Places, part => run.Sum(part, count * run.bandTiles, xTiles.Span, dyTiles.Span,
                sums.Span.Slice(part * run.sumPlace, run.sumPlace), from == 0));
        }
        parallel(run.panels, panel => run.Gather(panel, sums.Span.Slice(panel * Places * run.sumPlace, Places * run.sumPlace), dw.Span));
        sums.Return();
        dyTiles.Return();
        xTiles.Return();
    }

    /// <summary>Turns a band of the input, or, where <paramref name="part"/> is not below the count, of the output's gradient.</summary>
    void Turn(int firstBand, int part, ReadOnlySpan<float> data, Span<float> tiles, int count)
    {
        var band = firstBand + part % count;
        var (image, firstRow, at) = (band / bands, band % bands * bandRows * Step, part % count * bandTiles);
        var (layout, turn) = part < count ? (input, inputTiles) : (gradient, gradientTiles);
        var turned = Scratch.Take(Scratch.Use.Input, layout.Length);
        var plane = layout.Channels * layout.Window.Plane;
        layout.Reorder(data.Slice(image * plane, plane), firstRow, turned);
        ref var to = ref tiles[at * layout.Channels];
        if (part < count)
            turn.Turn<TRegister, InputLine>(ref MemoryMarshal.GetReference(turned), bandRows, ref to, inputPlace);
        else
            turn.Turn<TRegister, GradientLine>(ref MemoryMarshal.GetReference(turned), bandRows, ref to, gradientPlace);
    }

    void Sum(int part, int count, Span<float> xTiles, Span<float> dyTiles, Span<float> sums, bool isFirst)
    {
        var (panel, place) = (part / Places, part % Places);
        var steps = new PanelSteps(1, 1, count, new(0, 0, shape.Channels), new(0, 0, shape.Filters));
        if (isFirst)
            sums.Clear();
        for (var channel = 0; channel < shape.Channels; channel += PanelBlock.Streams(lanes))
            PanelBlock.Add(lanes, steps, ref xTiles[place * inputPlace], ref offsets[channel],
                ref dyTiles[place * gradientPlace + panel * lanes], ref sums[channel * lanes]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Gather(int panel, Span<float> sums, Span<float> dw)
    {
        var taps = Scratch.Take(Scratch.Use.Sums, 9 * shape.Channels * lanes);
        for (var channel = 0; channel < shape.Channels; channel++)
            for (var lane = 0; lane < lanes; lane += TRegister.Count)
                WinogradTiles<TRegister>.WeightGradient(ref sums[channel * lanes + lane], sumPlace,
                    ref taps[channel * 9 * lanes + lane], lanes);
        var count = Math.Min(lanes, shape.Filters - panel * lanes);
        Transposition.Run(taps, lanes, 9 * shape.Channels, count, dw[(panel * lanes * shape.Channels * 9)..], shape.Channels * 9);
    }
}
