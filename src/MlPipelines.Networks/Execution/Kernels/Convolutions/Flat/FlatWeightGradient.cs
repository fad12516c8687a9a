using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of a convolution with respect to its weights over flat planes: dot products of the output's gradient with the
/// input shifted by each tap.</summary>
sealed class FlatWeightGradient
{
    const int RunFloats = 1536;
    const int CacheFloats = 160 << 10;
    const int BlockChannels = 128;

    // Images are summed up in parts, and the parts in their order. How many there are decides how sums round, so it follows from the sizes
    // and not from the number of threads.
    const int Parts = 16;

    readonly ConvShape shape;
    readonly FlatPlanes flat;
    readonly int[] offsets;
    readonly int filterBlock, channelBlock, filterBlocks, channelBlocks, bands, imagesAtOnce, chunks, sums;

    FlatWeightGradient(ConvShape shape)
    {
        this.shape = shape;
        (filterBlock, channelBlock) = (Math.Min(shape.GroupFilters, BlockChannels), Math.Min(shape.GroupChannels, BlockChannels));
        filterBlocks = (shape.GroupFilters + filterBlock - 1) / filterBlock;
        channelBlocks = (shape.GroupChannels + channelBlock - 1) / channelBlock;
        var (window, rows) = (FlatWindow.Of(shape), shape.OutHeight);
        flat = new FlatPlanes(window, rows);
        while (rows > 1 && (flat.Length > 2 * RunFloats || Footprint > CacheFloats))
            flat = new FlatPlanes(window, rows = (rows + 1) / 2);
        bands = (shape.OutHeight + rows - 1) / rows;
        imagesAtOnce = bands > 1 ? 1 : Math.Clamp(Math.Min(RunFloats / flat.Length, CacheFloats / Footprint), 1, shape.Batch);
        chunks = (shape.Batch + imagesAtOnce - 1) / imagesAtOnce * bands;
        offsets = flat.Offsets(channelBlock, DotBlock.Taps);
        sums = Math.Clamp(Parts / (filterBlocks * channelBlocks * shape.Groups), 1, chunks);
    }

    int PaddedFilters => FlatPlanes.RoundUp(filterBlock, DotBlock.Rows);

    /// <summary>Floats of one image's band that a block works on.</summary>
    int Footprint => channelBlock * flat.ChannelLength + PaddedFilters * flat.Length;

    int Blocks => shape.Groups * filterBlocks * channelBlocks;
    int BlockFloats => offsets.Length * PaddedFilters;

    /// <summary>Computes <paramref name="dw"/> [K,C/g,kh,kw].</summary>
    public static void Run(ConvShape shape, ReadOnlyMemory<float> x, ReadOnlyMemory<float> dy, Memory<float> dw, ParallelFor parallel)
    {
        var gradient = new FlatWeightGradient(shape);
        var (length, each) = (gradient.BlockFloats, gradient.sums);
        var partial = AlignedFloats.Rent(gradient.Blocks * each * length);
        parallel(gradient.Blocks * each,
            part => gradient.Sum(part / each, part % each, x.Span, dy.Span, partial.Span.Slice(part * length, length)));
        parallel(gradient.Blocks, block => gradient.Gather(block, partial.Span.Slice(block * each * length, each * length), dw.Span));
        partial.Return();
    }

    void Sum(int block, int part, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> result)
    {
        var (group, firstFilter, filters, firstChannel, channels) = Locate(block);
        var paddedFilters = FlatPlanes.RoundUp(filters, DotBlock.Rows);
        var (xImage, dyImage) = (channelBlock * flat.ChannelLength, paddedFilters * flat.Length);
        var xFlat = Scratch.Take(Scratch.Use.Input, imagesAtOnce * xImage);
        var dyFlat = Scratch.Take(Scratch.Use.Output, imagesAtOnce * dyImage);
        // Runs go through the waste between rows as well, where the gradient's zeros make every product zero.
        xFlat.Clear();
        dyFlat.Clear();
        result.Clear();
        var taps = FlatPlanes.RoundUp(channels * shape.Window.Taps, DotBlock.Taps);
        for (var chunk = (int)((long)chunks * part / sums); chunk < (int)((long)chunks * (part + 1) / sums); chunk++)
        {
            var (image, firstRow) = (chunk / bands * imagesAtOnce, chunk % bands * flat.BandRows);
            var (images, rows) = (Math.Min(imagesAtOnce, shape.Batch - image), Math.Min(flat.BandRows, shape.OutHeight - firstRow));
            for (var n = 0; n < images; n++)
            {
                for (var c = 0; c < channels; c++)
                    flat.Pack(x.Slice(((image + n) * shape.Channels + group * shape.GroupChannels + firstChannel + c) * shape.Plane,
                        shape.Plane), firstRow, xFlat.Slice(n * xImage + c * flat.ChannelLength, flat.ChannelLength));
                for (var k = 0; k < filters; k++)
                    flat.PackRows(dy.Slice(((image + n) * shape.Filters + group * shape.GroupFilters + firstFilter + k) * shape.OutPlane
                        + firstRow * shape.OutWidth, rows * shape.OutWidth),
                        shape.OutWidth, dyFlat.Slice(n * dyImage + k * flat.Length, flat.Length));
            }
            var steps = new DotSteps(images, flat.Length, dyImage, xImage, offsets.Length);
            for (var k = 0; k < paddedFilters; k += DotBlock.Rows)
                for (var t = 0; t < taps; t += DotBlock.Taps)
                    DotBlock.Add(steps, ref dyFlat[k * flat.Length], ref MemoryMarshal.GetReference(xFlat), ref offsets[t],
                        ref result[k * offsets.Length + t]);
        }
    }

    void Gather(int block, ReadOnlySpan<float> partial, Span<float> dw)
    {
        var (group, firstFilter, filters, firstChannel, channels) = Locate(block);
        var taps = channels * shape.Window.Taps;
        for (var k = 0; k < filters; k++)
        {
            var row = dw.Slice(((group * shape.GroupFilters + firstFilter + k) * shape.GroupChannels + firstChannel) * shape.Window.Taps,
                taps);
            partial.Slice(k * offsets.Length, taps).CopyTo(row);
            for (var part = 1; part < sums; part++)
                Sums.Add(row, partial.Slice(part * BlockFloats + k * offsets.Length, taps));
        }
    }

    (int Group, int FirstFilter, int Filters, int FirstChannel, int Channels) Locate(int block)
    {
        var firstChannel = block % channelBlocks * channelBlock;
        var firstFilter = block / channelBlocks % filterBlocks * filterBlock;
        return (block / channelBlocks / filterBlocks, firstFilter, Math.Min(filterBlock, shape.GroupFilters - firstFilter),
            firstChannel, Math.Min(channelBlock, shape.GroupChannels - firstChannel));
    }
}
