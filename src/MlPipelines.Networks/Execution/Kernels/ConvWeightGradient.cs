using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of a convolution with respect to its weights.</summary>
/// <remarks>x [N,C,H,W], dy [N,K,H',W'] → dw [K,C/g,kh,kw]: dw[k,c,i,j] is the dot product of dy's plane k with x's plane c shifted by the
/// tap, summed over images.</remarks>
static class ConvWeightGradient
{
    const int RunFloats = 1536;
    const int CacheFloats = 160 << 10;
    const int BlockChannels = 128;
    const int Parts = 16;

    /// <summary>How the work is cut: by shapes alone, so that sums come out in the same order on any number of threads.</summary>
    readonly record struct Plan(FlatPlanes Flat, int[] Offsets, int Bands, int ImagesAtOnce, int Chunks, int FilterBlock, int ChannelBlock,
        int FilterBlocks, int ChannelBlocks, int Sums, int SumsPitch);

    /// <summary>Computes <paramref name="dw"/>.</summary>
    public static void Run(ConvShape shape, ReadOnlyMemory<float> x, ReadOnlyMemory<float> dy, Memory<float> dw, ParallelFor parallel,
        bool wide)
    {
        if (shape.Batch == 0)
        {
            dw.Span.Clear();
            return;
        }
        if (shape.IsDepthwise)
        {
            DepthwiseWeightGradient.Run(shape, x, dy, dw, parallel);
            return;
        }
        if (wide)
        {
            PanelWeightGradient.Run(shape, x, dy, dw, parallel);
            return;
        }
        var plan = Cut(shape);
        var blocks = shape.Groups * plan.FilterBlocks * plan.ChannelBlocks;
        var block = plan.SumsPitch * FlatPlanes.RoundUp(plan.FilterBlock, DotBlock.Rows);
        var partial = ArrayPool<float>.Shared.Rent(blocks * plan.Sums * block);
        parallel(blocks * plan.Sums,
            part => Sum(shape, plan, part / plan.Sums, part % plan.Sums, x.Span, dy.Span, partial.AsSpan(part * block, block)));
        parallel(blocks, at => Gather(shape, plan, at, partial.AsSpan(at * plan.Sums * block, plan.Sums * block), block, dw.Span));
        ArrayPool<float>.Shared.Return(partial);
    }

    static Plan Cut(ConvShape shape)
    {
        var (filters, channels) = (Math.Min(shape.GroupFilters, BlockChannels), Math.Min(shape.GroupChannels, BlockChannels));
        var rows = shape.OutHeight;
        var flat = FlatPlanes.For(shape.Window, shape.Height, shape.Width, rows);
        while (rows > 1 && (flat.Length > 2 * RunFloats || Footprint(flat) > CacheFloats))
            flat = FlatPlanes.For(shape.Window, shape.Height, shape.Width, rows = (rows + 1) / 2);
        var bands = (shape.OutHeight + rows - 1) / rows;
        var images = bands > 1 ? 1 : Math.Clamp(Math.Min(RunFloats / flat.Length, CacheFloats / Footprint(flat)), 1, shape.Batch);
        var chunks = (shape.Batch + images - 1) / images * bands;
        var offsets = flat.Offsets(channels, DotBlock.Taps);
        var (filterBlocks, channelBlocks) = ((shape.GroupFilters + filters - 1) / filters, (shape.GroupChannels + channels - 1) / channels);
        var sums = Math.Clamp(Parts / (filterBlocks * channelBlocks * shape.Groups), 1, chunks);
        return new(flat, offsets, bands, images, chunks, filters, channels, filterBlocks, channelBlocks, sums, offsets.Length);

        int Footprint(FlatPlanes planes) => channels * planes.ChannelLength + FlatPlanes.RoundUp(filters, DotBlock.Rows) * planes.Length;
    }

    static void Sum(ConvShape shape, Plan plan, int block, int part, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> sums)
    {
        var (group, firstFilter, filters, firstChannel, channels) = Locate(shape, plan, block);
        var flat = plan.Flat;
        var paddedFilters = FlatPlanes.RoundUp(filters, DotBlock.Rows);
        var (xImage, dyImage) = (plan.ChannelBlock * flat.ChannelLength, paddedFilters * flat.Length);
        var xFlat = Scratch.Take(Scratch.Use.Input, plan.ImagesAtOnce * xImage);
        var dyFlat = Scratch.Take(Scratch.Use.Output, plan.ImagesAtOnce * dyImage);
        xFlat.Clear();
        dyFlat.Clear();
        sums.Clear();
        var taps = FlatPlanes.RoundUp(channels * shape.Window.Taps, DotBlock.Taps);
        for (var chunk = (int)((long)plan.Chunks * part / plan.Sums); chunk < (int)((long)plan.Chunks * (part + 1) / plan.Sums); chunk++)
        {
            var (image, firstRow) = (chunk / plan.Bands * plan.ImagesAtOnce, chunk % plan.Bands * flat.BandRows);
            var images = Math.Min(plan.ImagesAtOnce, shape.Batch - image);
            var rows = Math.Min(flat.BandRows, shape.OutHeight - firstRow);
            for (var n = 0; n < images; n++)
            {
                for (var c = 0; c < channels; c++)
                    flat.Pack(x.Slice(((image + n) * shape.Channels + group * shape.GroupChannels + firstChannel + c) * shape.Plane,
                        shape.Plane), firstRow,
                        xFlat.Slice(n * xImage + c * flat.ChannelLength, flat.ChannelLength));
                for (var k = 0; k < filters; k++)
                    flat.PackRows(dy.Slice(((image + n) * shape.Filters + group * shape.GroupFilters + firstFilter + k) * shape.OutPlane
                        + firstRow * shape.OutWidth, rows * shape.OutWidth),
                        shape.OutWidth, dyFlat.Slice(n * dyImage + k * flat.Length, flat.Length));
            }
            for (var k = 0; k < paddedFilters; k += DotBlock.Rows)
                for (var t = 0; t < taps; t += DotBlock.Taps)
                    DotBlock.Add(ref dyFlat[k * flat.Length], flat.Length, ref MemoryMarshal.GetReference(xFlat), ref plan.Offsets[t],
                        flat.Length, images, dyImage, xImage, ref sums[k * plan.SumsPitch + t], plan.SumsPitch);
        }
    }

    static void Gather(ConvShape shape, Plan plan, int block, ReadOnlySpan<float> partial, int length, Span<float> dw)
    {
        var (group, firstFilter, filters, firstChannel, channels) = Locate(shape, plan, block);
        var taps = channels * shape.Window.Taps;
        for (var k = 0; k < filters; k++)
        {
            var row = dw.Slice(((group * shape.GroupFilters + firstFilter + k) * shape.GroupChannels + firstChannel) * shape.Window.Taps,
                taps);
            partial.Slice(k * plan.SumsPitch, taps).CopyTo(row);
            for (var part = 1; part < plan.Sums; part++)
                AddTo(row, partial.Slice(part * length + k * plan.SumsPitch, taps));
        }
    }

    static (int Group, int FirstFilter, int Filters, int FirstChannel, int Channels) Locate(ConvShape shape, Plan plan, int block)
    {
        var firstChannel = block % plan.ChannelBlocks * plan.ChannelBlock;
        var firstFilter = block / plan.ChannelBlocks % plan.FilterBlocks * plan.FilterBlock;
        return (block / plan.ChannelBlocks / plan.FilterBlocks, firstFilter, Math.Min(plan.FilterBlock, shape.GroupFilters - firstFilter),
            firstChannel, Math.Min(plan.ChannelBlock, shape.GroupChannels - firstChannel));
    }

    static void AddTo(Span<float> sum, ReadOnlySpan<float> part)
    {
        ref var s = ref MemoryMarshal.GetReference(sum);
        ref var p = ref MemoryMarshal.GetReference(part);
        var i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.LoadUnsafe(ref s, (nuint)i) + Vector.LoadUnsafe(ref p, (nuint)i)).StoreUnsafe(ref s, (nuint)i);
        for (; i < sum.Length; i++)
            Unsafe.Add(ref s, i) += Unsafe.Add(ref p, i);
    }
}
