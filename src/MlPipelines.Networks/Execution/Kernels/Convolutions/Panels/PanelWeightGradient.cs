using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of a convolution with respect to its weights, by panels: the output's gradient is turned so that filters lie side
/// by side, and each tap of each channel is a stream of the input.</summary>
/// <remarks>Where the window is one element, input and output may change places,
/// so that the side that fills panels better lies in them.</remarks>
sealed class PanelWeightGradient
{
    const int ChunkPositions = 384;
    const int CacheFloats = 160 << 10;
    const int BlockStreams = 128;
    const int BlockLanes = 128;
    const int ManyChannels = 32;

    // As in FlatWeightGradient: the order of summation follows from the sizes.
    const int Parts = 16;

    readonly ConvShape shape;
    readonly bool isPointwise, isSwapped;
    readonly FlatPlanes? flat;
    readonly int[] offsets;
    readonly int lanes, panels, blockPanels, blockPlanes, taps, bandRows, bands, images, chunks, sums;

    PanelWeightGradient(ConvShape shape, bool wide)
    {
        this.shape = shape;
        taps = shape.Window.Taps;
        isPointwise = taps == 1
            && shape.Window is { Rows: { Stride: 1, Before: 0, After: 0 }, Columns: { Stride: 1, Before: 0, After: 0 } };
        isSwapped = isPointwise
            && Waste(shape.GroupChannels, shape.GroupFilters, wide) < Waste(shape.GroupFilters, shape.GroupChannels, wide);
        lanes = PanelBlock.Lanes(Side, Planes * taps, wide);
        panels = (Side + lanes - 1) / lanes;
        (blockPanels, blockPlanes) = (Math.Min(panels, BlockLanes / lanes), Math.Min(Planes, BlockStreams));
        bandRows = isPointwise ? Math.Min(ChunkPositions, shape.OutPlane) : Math.Clamp(ChunkPositions / shape.OutWidth, 1, shape.OutHeight);
        if (!isPointwise)
        {
            var window = FlatWindow.Of(shape);
            flat = new(window, bandRows);
            while (bandRows > 1 && blockPlanes * flat.ChannelLength > CacheFloats)
                flat = new(window, bandRows = (bandRows + 1) / 2);
        }
        var rows = isPointwise ? shape.OutPlane : shape.OutHeight;
        bands = (rows + bandRows - 1) / bandRows;
        var positions = bandRows * Columns;
        images = bands > 1 ? 1
            : Math.Clamp(Math.Min(ChunkPositions / positions,
                CacheFloats / (blockPanels * lanes * positions + blockPlanes * (flat?.ChannelLength ?? positions))), 1, shape.Batch);
        chunks = (shape.Batch + images - 1) / images * bands;
        offsets = OffsetsOf(blockPlanes);
        sums = Math.Clamp(Parts / Blocks, 1, chunks);
    }

    /// <summary>Planes of a group that lie in panels.</summary>
    int Side => isSwapped ? shape.GroupChannels : shape.GroupFilters;

    /// <summary>Planes of a group that are streams.</summary>
    int Planes => isSwapped ? shape.GroupFilters : shape.GroupChannels;

    /// <summary>Positions of a row; one where the window is one element, as rows then do not matter.</summary>
    int Columns => isPointwise ? 1 : shape.OutWidth;

    int PanelBlocks => (panels + blockPanels - 1) / blockPanels;
    int PlaneBlocks => (Planes + blockPlanes - 1) / blockPlanes;
    int Blocks => shape.Groups * PanelBlocks * PlaneBlocks;
    int BlockFloats => blockPanels * offsets.Length * lanes;

    /// <summary>Whether it is the faster way: with 256-bit registers where channels are many.</summary>
    public static bool Fits(ConvShape shape, bool wide) => wide || WideRegisters.AreHalfSupported && shape.GroupChannels >= ManyChannels;

    /// <summary>Computes <paramref name="dw"/> [K,C/g,kh,kw].</summary>
    public static void Run(ConvShape shape, ReadOnlyMemory<float> x, ReadOnlyMemory<float> dy, Memory<float> dw, ParallelFor parallel,
        bool wide)
    {
        var gradient = new PanelWeightGradient(shape, wide);
        var (length, each) = (gradient.BlockFloats, gradient.sums);
        var partial = AlignedFloats.Rent(gradient.Blocks * each * length);
        var (panels, streams) = gradient.isSwapped ? (x, dy) : (dy, x);
        parallel(gradient.Blocks * each,
            part => gradient.Sum(part / each, part % each, panels.Span, streams.Span, partial.Span.Slice(part * length, length)));
        parallel(gradient.Blocks, block => gradient.Gather(block, partial.Span.Slice(block * each * length, each * length), dw.Span));
        partial.Return();
    }

    static int Waste(int side, int planes, bool wide) => PanelBlock.Padded(side, PanelBlock.Lanes(side, planes, wide), planes);

    (int Group, int FirstPanel, int Panels, int FirstPlane, int Planes) Locate(int block)
    {
        var (firstPlane, firstPanel) = (block % PlaneBlocks * blockPlanes, block / PlaneBlocks % PanelBlocks * blockPanels);
        return (block / PlaneBlocks / PanelBlocks, firstPanel, Math.Min(blockPanels, panels - firstPanel), firstPlane,
            Math.Min(blockPlanes, Planes - firstPlane));
    }

    void Sum(int block, int part, ReadOnlySpan<float> sides, ReadOnlySpan<float> planes, Span<float> result)
    {
        var (group, firstPanel, panelCount, firstPlane, planeCount) = Locate(block);
        var (streamImage, panelImage) =
            (isPointwise ? shape.Groups * Planes * shape.Plane : blockPlanes * flat!.ChannelLength, bandRows * Columns * lanes);
        // Without packing, where the window is one element, each plane is a stream where it lies; else each tap of each packed plane is.
        var packed = isPointwise ? default : Scratch.Take(Scratch.Use.Input, images * streamImage);
        var turned = Scratch.Take(Scratch.Use.Output, blockPanels * images * panelImage);
        var starts = planeCount == blockPlanes ? offsets : OffsetsOf(planeCount);
        packed.Clear();
        turned.Clear();
        result.Clear();
        for (var chunk = (int)((long)chunks * part / sums); chunk < (int)((long)chunks * (part + 1) / sums); chunk++)
        {
            var (image, first) = (chunk / bands * images, chunk % bands * bandRows);
            var (count, rows) =
                (Math.Min(images, shape.Batch - image), Math.Min(bandRows, (isPointwise ? shape.OutPlane : shape.OutHeight) - first));
            for (var n = 0; n < count; n++)
            {
                for (var p = 0; p < panelCount; p++)
                    Transposition.Run(sides[((((image + n) * shape.Groups + group) * Side + (firstPanel + p) * lanes) * shape.OutPlane
                        + first * Columns)..], shape.OutPlane,
                        Math.Min(lanes, Side - (firstPanel + p) * lanes), rows * Columns, turned[((p * images + n) * panelImage)..], lanes);
                for (var c = 0; c < planeCount && !isPointwise; c++)
                    flat!.Pack(planes.Slice((((image + n) * shape.Groups + group) * Planes + firstPlane + c) * shape.Plane, shape.Plane),
                        first,
                        packed.Slice(n * streamImage + c * flat.ChannelLength, flat.ChannelLength));
            }
            var streams = isPointwise ? planes[(((image * shape.Groups + group) * Planes + firstPlane) * shape.Plane + first)..] : packed;
            var steps = new PanelSteps(count, isPointwise ? 1 : rows, isPointwise ? rows : Columns, new(streamImage, flat?.Pitch ?? 0, 1),
                new(panelImage, Columns * lanes, lanes));
            for (var p = 0; p < panelCount; p++)
                for (var t = 0; t < planeCount * taps; t += PanelBlock.Streams(lanes))
                    PanelBlock.Add(lanes, steps, ref MemoryMarshal.GetReference(streams), ref starts[t],
                        ref turned[p * images * panelImage], ref result[(p * offsets.Length + t) * lanes]);
        }
    }

    /// <summary>Where the taps of so many planes begin; the last is repeated to fill the kernel's streams.</summary>
    int[] OffsetsOf(int planes)
    {
        var streams = PanelBlock.Streams(lanes);
        return flat?.Offsets(planes, streams)
            ?? [.. Enumerable.Range(0, FlatPlanes.RoundUp(planes, streams)).Select(plane => Math.Min(plane, planes - 1) * shape.Plane)];
    }

    void Gather(int block, Span<float> partial, Span<float> dw)
    {
        var (group, firstPanel, panelCount, firstPlane, planeCount) = Locate(block);
        for (var part = 1; part < sums; part++)
            Sums.Add(partial[..BlockFloats], partial.Slice(part * BlockFloats, BlockFloats));
        for (var p = 0; p < panelCount; p++)
        {
            var lane = (firstPanel + p) * lanes;
            var panel = partial[(p * offsets.Length * lanes)..];
            var count = Math.Min(lanes, Side - lane);
            if (isSwapped)
                for (var plane = 0; plane < planeCount; plane++)
                    panel.Slice(plane * lanes, count).CopyTo(dw[((group * Planes + firstPlane + plane) * Side + lane)..]);
            else
                Transposition.Run(panel, lanes, planeCount * taps, count, dw[(((group * Side + lane) * Planes + firstPlane) * taps)..],
                    Planes * taps);
        }
    }
}
