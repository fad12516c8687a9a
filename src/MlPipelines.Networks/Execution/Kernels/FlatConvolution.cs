using System.Buffers;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>Where the weights of a pass lie: w[filter · FilterStep + channel · ChannelStep + Taps[t]], all group after group.</summary>
readonly record struct WeightOrder(int GroupStep, int FilterStep, int ChannelStep, int[] Taps);

/// <summary>Where the outputs of a pass lie within a plane: First + row · RowStep + column · ColumnStep.</summary>
readonly record struct OutputOrder(int Plane, int First, int RowStep, int ColumnStep);

/// <summary>One pass of a convolution over flat planes: forward, or one phase of the gradient with respect to the input.</summary>
sealed class FlatConvolution
{
    const int CacheFloats = 128 << 10;
    const int RunFloats = 2048;
    const int LeastParts = 8;

    readonly FlatAxis rows;
    readonly FlatAxis columns;
    readonly FlatPlanes flat;
    readonly int groups;
    readonly int channels;
    readonly int filters;
    readonly int[] offsets;
    readonly int[] tapsByOffset;
    readonly bool isSquareOfThree;

    /// <param name="rows">The vertical axis of the input.</param>
    /// <param name="columns">The horizontal axis of the input.</param>
    /// <param name="groups">Groups of channels that do not meet.</param>
    /// <param name="channels">Input channels of a group.</param>
    /// <param name="filters">Output channels of a group.</param>
    public FlatConvolution(FlatAxis rows, FlatAxis columns, int groups, int channels, int filters)
    {
        (this.rows, this.columns, this.groups, this.channels, this.filters) = (rows, columns, groups, channels, filters);
        var band = rows.Outputs;
        flat = new FlatPlanes(rows, columns, band);
        while (band > 1 && (flat.Length > RunFloats || channels * flat.ChannelLength > CacheFloats))
            flat = new FlatPlanes(rows, columns, band = (band + 1) / 2);
        offsets = flat.Offsets(channels, 1);
        var lowest = offsets.Min();
        tapsByOffset = [.. Enumerable.Range(0, offsets.Length).OrderBy(t => offsets[t])];
        isSquareOfThree = offsets.Length == DepthwiseRows.Taps
            && tapsByOffset.Index().All(tap => offsets[tap.Item] == lowest + tap.Index / 3 * flat.Pitch + tap.Index % 3);
    }

    int Blocks => (filters + FilterBlock.Filters - 1) / FilterBlock.Filters;

    bool IsDepthwise => channels == 1 && filters == 1;

    int Block => (offsets.Length + 1) * FilterBlock.Filters;

    int Bands => (rows.Outputs + flat.BandRows - 1) / flat.BandRows;

    int Shares(int batch) => IsDepthwise ? 1 : Math.Min(Blocks, (LeastParts + batch * groups * Bands - 1) / (batch * groups * Bands));

    /// <summary>Computes the outputs of several passes over the same input and weights; <paramref name="bias"/> may be empty.</summary>
    /// <remarks>A part goes through all passes before the next begins, so that outputs that lie
    /// interleaved are written while near.</remarks>
    public static void Run(IReadOnlyList<(FlatConvolution Pass, WeightOrder Weights, OutputOrder Outputs)> passes, int batch,
        ReadOnlyMemory<float> x, ReadOnlyMemory<float> w,
        ReadOnlyMemory<float> bias, bool relu, Memory<float> y, ParallelFor parallel, bool wide)
    {
        if (batch == 0 || passes.Count == 0)
            return;
        if (wide && passes is [(var only, var weightOrder, var outputOrder)] && only.groups == 1
            && WinogradConvolution.Fits(only.rows, only.columns, only.channels, only.filters, outputOrder))
        {
            WinogradConvolution.Run(only.rows, only.columns, only.channels, only.filters, weightOrder, outputOrder, batch, x, w, bias, relu,
                y, parallel);
            return;
        }
        if (wide && passes.All(p => p.Pass.groups == 1
            && PanelConvolution.Fits(p.Pass.rows, p.Pass.columns, p.Pass.channels, p.Pass.filters)))
        {
            foreach (var (pass, order, outputs) in passes)
                PanelConvolution.Run(pass.rows, pass.columns, pass.channels, pass.filters, order, outputs, batch, x, w, bias, relu, y,
                    parallel);
            return;
        }
        var packed = new float[passes.Count][];
        for (var p = 0; p < packed.Length; p++)
        {
            var (pass, order, _) = passes[p];
            var weights = packed[p] = pass.IsDepthwise ? [] : ArrayPool<float>.Shared.Rent(pass.groups * pass.Blocks * pass.Block);
            if (!pass.IsDepthwise)
                parallel(pass.groups * pass.Blocks,
                    at => pass.PackWeights(at, w.Span, bias.Span, order, weights.AsSpan(at * pass.Block, pass.Block)));
        }
        parallel(passes.Max(p => batch * p.Pass.groups * p.Pass.Bands * p.Pass.Shares(batch)), part =>
        {
            for (var p = 0; p < packed.Length; p++)
                passes[p].Pass.RunPart(part, batch, x.Span, w.Span, packed[p], bias.Span, relu, y.Span, passes[p].Weights,
                    passes[p].Outputs, wide);
        });
        foreach (var weights in packed.Where(weights => weights.Length > 0))
            ArrayPool<float>.Shared.Return(weights);
    }

    void RunPart(int part, int batch, ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> packed, ReadOnlySpan<float> bias, bool relu,
        Span<float> y,
        WeightOrder weightOrder, OutputOrder outputOrder, bool wide)
    {
        var shares = Shares(batch);
        var (share, band, group, image) =
            (part % shares, part / shares % Bands, part / shares / Bands % groups, part / shares / Bands / groups);
        if (image >= batch)
            return;
        var input = Scratch.Take(Scratch.Use.Input, channels * flat.ChannelLength + DepthwiseRows.Slack(flat.Pitch));
        input.Clear();
        for (var c = 0; c < channels; c++)
            flat.Pack(x.Slice(((image * groups + group) * channels + c) * rows.Size * columns.Size, rows.Size * columns.Size),
                band * flat.BandRows,
                input.Slice(c * flat.ChannelLength, flat.ChannelLength));
        var output = y.Slice((image * groups + group) * filters * outputOrder.Plane, filters * outputOrder.Plane);
        if (IsDepthwise)
            RunDepthwise(group, band, input, w, bias, relu, output, weightOrder, outputOrder, wide);
        else
            for (var b = Blocks * share / shares; b < Blocks * (share + 1) / shares; b++)
                RunBlock(b, band, input, packed.Slice((group * Blocks + b) * Block, Block), relu, output, outputOrder, wide);
    }

    void RunBlock(int block, int band, Span<float> input, Span<float> weights, bool relu, Span<float> output, OutputOrder order, bool wide)
    {
        var sums = Scratch.Take(Scratch.Use.Output, FilterBlock.Filters * flat.Length);
        FilterBlock.Run(wide, ref MemoryMarshal.GetReference(input), ref MemoryMarshal.GetArrayDataReference(offsets),
            ref weights[FilterBlock.Filters],
            offsets.Length, ref weights[0], relu, ref MemoryMarshal.GetReference(sums), flat.Length);
        var first = block * FilterBlock.Filters;
        for (var k = 0; k < Math.Min(FilterBlock.Filters, filters - first); k++)
            Unpack(sums.Slice(k * flat.Length, flat.Length), band, output.Slice((first + k) * order.Plane, order.Plane), order);
    }

    void RunDepthwise(int group, int band, Span<float> input, ReadOnlySpan<float> w, ReadOnlySpan<float> bias, bool relu,
        Span<float> output, WeightOrder weightOrder, OutputOrder order, bool wide)
    {
        var sums = Scratch.Take(Scratch.Use.Output, flat.Length + DepthwiseRows.Slack(flat.Pitch));
        var weights = Scratch.Take(Scratch.Use.Sums, offsets.Length);
        var byRows = wide && isSquareOfThree;
        for (var t = 0; t < offsets.Length; t++)
            weights[t] = w[group * weightOrder.GroupStep + weightOrder.Taps[byRows ? tapsByOffset[t] : t]];
        var first = bias.IsEmpty ? 0 : bias[group];
        if (byRows)
            DepthwiseRows.Run(ref input[offsets[tapsByOffset[0]]], weights, first, relu, ref MemoryMarshal.GetReference(sums),
                Math.Min(flat.BandRows, rows.Outputs - band * flat.BandRows), flat.Pitch);
        else
            DepthwiseBlock.Run(ref MemoryMarshal.GetReference(input), ref MemoryMarshal.GetArrayDataReference(offsets),
                ref MemoryMarshal.GetReference(weights),
                offsets.Length, first, relu, ref MemoryMarshal.GetReference(sums), flat.Length);
        Unpack(sums, band, output, order);
    }

    /// <summary>Lays out eight biases, then eight weights for each tap of each channel; filters that do not exist get zeros.</summary>
    void PackWeights(int at, ReadOnlySpan<float> w, ReadOnlySpan<float> bias, WeightOrder order, Span<float> packed)
    {
        var (group, first) = (at / Blocks, at % Blocks * FilterBlock.Filters);
        var count = Math.Min(FilterBlock.Filters, filters - first);
        packed.Clear();
        for (var k = 0; k < count; k++)
            packed[k] = bias.IsEmpty ? 0 : bias[group * filters + first + k];
        var rows = w[(group * order.GroupStep + first * order.FilterStep)..];
        for (int c = 0, to = FilterBlock.Filters; c < channels; c++)
            foreach (var tap in order.Taps)
            {
                for (int k = 0, from = c * order.ChannelStep + tap; k < count; k++, from += order.FilterStep)
                    packed[to + k] = rows[from];
                to += FilterBlock.Filters;
            }
    }

    void Unpack(ReadOnlySpan<float> sums, int band, Span<float> plane, OutputOrder order)
    {
        var firstRow = band * flat.BandRows;
        for (var r = 0; r < Math.Min(flat.BandRows, rows.Outputs - firstRow); r++)
        {
            var from = sums.Slice(r * flat.Pitch, columns.Outputs);
            var to = plane[(order.First + (firstRow + r) * order.RowStep)..];
            if (order.ColumnStep == 1)
                FlatPlanes.Copy(ref MemoryMarshal.GetReference(from), ref to[..from.Length][0], from.Length);
            else
                for (int c = 0, o = 0; c < from.Length; c++, o += order.ColumnStep)
                    to[o] = from[c];
        }
    }
}
