using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>One pass of a convolution over flat planes, eight filters at a time; depthwise ones one filter at a time.</summary>
/// <remarks>A part is an image, a group, a band of rows and a share of the filters, by sizes alone. Each output is one sum, in one part:
/// first the bias, then the taps of the first channel, then those of the next.</remarks>
sealed class FlatConvolution
{
    // The most floats of a band's packed input, and of its positions: for the caches' sake, no result depends on it.
    const int CacheFloats = 128 << 10;
    const int RunFloats = 2048;

    // Few images with few bands are shared out by filters as well, up to so many parts; every share packs the same input again.
    const int LeastParts = 8;

    readonly ConvPass pass;
    readonly ConvBuffers buffers;
    readonly bool wide;
    readonly FlatPlanes flat;
    readonly int bands, blocks, shares, blockFloats;
    readonly int[] offsets, tapsByOffset;
    readonly bool isSquareOfThree;
    AlignedFloats packed;

    FlatConvolution(ConvPass pass, ConvBuffers buffers, bool wide)
    {
        (this.pass, this.buffers, this.wide) = (pass, buffers, wide);
        var rows = pass.Window.Rows.Outputs;
        flat = new FlatPlanes(pass.Window, rows);
        while (rows > 1 && (flat.Length > RunFloats || pass.Channels * flat.ChannelLength > CacheFloats))
            flat = new FlatPlanes(pass.Window, rows = (rows + 1) / 2);
        bands = (pass.Window.Rows.Outputs + flat.BandRows - 1) / flat.BandRows;
        offsets = flat.Offsets(pass.Channels, 1);
        var lowest = offsets.Min();
        tapsByOffset = [.. Enumerable.Range(0, offsets.Length).OrderBy(t => offsets[t])];
        isSquareOfThree = offsets.Length == DepthwiseRows.Taps
            && tapsByOffset.Index().All(tap => offsets[tap.Item] == lowest + tap.Index / 3 * flat.Pitch + tap.Index % 3);
        blocks = (pass.Filters + FilterBlock.Filters - 1) / FilterBlock.Filters;
        blockFloats = (offsets.Length + 1) * FilterBlock.Filters;
        var whole = buffers.Batch * pass.Groups * bands;
        shares = pass.IsDepthwise ? 1 : Math.Min(blocks, (LeastParts + whole - 1) / whole);
    }

    int Parts => buffers.Batch * pass.Groups * bands * shares;

    /// <summary>Computes the outputs of several passes over the same input and weights.</summary>
    /// <remarks>A part goes through all passes before the next begins, so that outputs that lie
    /// interleaved are written while near.</remarks>
    public static void Run(IReadOnlyList<ConvPass> passes, ConvBuffers buffers, ParallelFor parallel, bool wide)
    {
        var all = passes.Select(pass => new FlatConvolution(pass, buffers, wide)).ToArray();
        foreach (var each in all.Where(each => !each.pass.IsDepthwise))
            each.packed = buffers.LaidOut<FlatConvolution>(each.pass.Groups * each.blocks * each.blockFloats, floats =>
                parallel(each.pass.Groups * each.blocks, block => each.PackWeights(block, floats.Span)));
        parallel(all.Max(each => each.Parts), part =>
        {
            foreach (var each in all)
                each.RunPart(part);
        });
        foreach (var each in all.Where(each => !each.pass.IsDepthwise))
            buffers.Release(each.packed);
    }

    void RunPart(int part)
    {
        var (share, band) = (part % shares, part / shares % bands);
        var (group, image) = (part / shares / bands % pass.Groups, part / shares / bands / pass.Groups);
        if (image >= buffers.Batch)
            return;
        var input = Scratch.Take(Scratch.Use.Input, pass.Channels * flat.ChannelLength + DepthwiseRows.Slack(flat.Pitch));
        // Other kernels have left what they had here, and padding has to be zero.
        input.Clear();
        var x = buffers.InputOf(pass, image, group);
        var plane = pass.Window.Plane;
        for (var c = 0; c < pass.Channels; c++)
            flat.Pack(x.Slice(c * plane, plane), band * flat.BandRows, input.Slice(c * flat.ChannelLength, flat.ChannelLength));
        var output = buffers.OutputOf(pass, image, group);
        if (pass.IsDepthwise)
            RunDepthwise(group, band, input, output);
        else
            for (var block = blocks * share / shares; block < blocks * (share + 1) / shares; block++)
                RunBlock(group, block, band, input, output);
    }

    void RunBlock(int group, int block, int band, Span<float> input, Span<float> output)
    {
        var sums = Scratch.Take(Scratch.Use.Output, FilterBlock.Filters * flat.Length);
        var weights = packed.Span.Slice((group * blocks + block) * blockFloats, blockFloats);
        new FilterBlock(offsets, weights, buffers.Epilogue.Relu).Run(ref MemoryMarshal.GetReference(input),
            ref MemoryMarshal.GetReference(sums), flat.Length, wide);
        var (first, plane) = (block * FilterBlock.Filters, pass.Outputs.Plane);
        for (var k = 0; k < Math.Min(FilterBlock.Filters, pass.Filters - first); k++)
            Unpack(sums.Slice(k * flat.Length, flat.Length), band, output.Slice((first + k) * plane, plane));
    }

    void RunDepthwise(int group, int band, Span<float> input, Span<float> output)
    {
        var sums = Scratch.Take(Scratch.Use.Output, flat.Length + DepthwiseRows.Slack(flat.Pitch));
        var weights = Scratch.Take(Scratch.Use.Sums, offsets.Length);
        var w = buffers.PlainWeights[(group * pass.Weights.GroupStep)..];
        var byRows = wide && isSquareOfThree;
        for (var t = 0; t < offsets.Length; t++)
            weights[t] = w[pass.Weights.Taps[byRows ? tapsByOffset[t] : t]];
        var filter = new DepthwiseFilter(weights, buffers.Epilogue.BiasOf(group, 1) is [var bias] ? bias : 0, buffers.Epilogue.Relu);
        if (byRows)
            DepthwiseRows.Run(filter, ref input[offsets[tapsByOffset[0]]], ref MemoryMarshal.GetReference(sums),
                Math.Min(flat.BandRows, pass.Window.Rows.Outputs - band * flat.BandRows), flat.Pitch);
        else
            DepthwiseBlock.Run(filter, offsets, ref MemoryMarshal.GetReference(input), ref MemoryMarshal.GetReference(sums), flat.Length);
        Unpack(sums, band, output);
    }

    /// <summary>Lays out eight biases, then eight weights for each tap of each channel; filters that do not exist get zeros.</summary>
    void PackWeights(int at, Span<float> to)
    {
        var (group, first, order) = (at / blocks, at % blocks * FilterBlock.Filters, pass.Weights);
        var count = Math.Min(FilterBlock.Filters, pass.Filters - first);
        var target = to.Slice(at * blockFloats, blockFloats);
        target.Clear();
        buffers.Epilogue.BiasOf(group * pass.Filters + first, count).CopyTo(target);
        var rows = buffers.PlainWeights[(group * order.GroupStep + first * order.FilterStep)..];
        for (int c = 0, place = FilterBlock.Filters; c < pass.Channels; c++)
            foreach (var tap in order.Taps)
            {
                for (int k = 0, from = c * order.ChannelStep + tap; k < count; k++, from += order.FilterStep)
                    target[place + k] = rows[from];
                place += FilterBlock.Filters;
            }
    }

    void Unpack(ReadOnlySpan<float> sums, int band, Span<float> plane)
    {
        var (firstRow, order, pitch, across) = (band * flat.BandRows, pass.Outputs, flat.Pitch, pass.Window.Columns.Outputs);
        var rows = Math.Min(flat.BandRows, pass.Window.Rows.Outputs - firstRow);
        for (var r = 0; r < rows; r++)
            order.WriteRow(firstRow + r, sums.Slice(r * pitch, across), plane);
    }
}
