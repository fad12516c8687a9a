namespace MlPipelines.Execution.Kernels;

/// <summary>Weights laid out for panels: the filters of a panel side by side, for each tap of each channel.</summary>
static class PanelWeights
{
    /// <summary>Writes the panel whose first filter is <paramref name="first"/>; filters that do not exist get zeros.</summary>
    public static void Pack(ReadOnlySpan<float> w, WeightOrder order, int channels, int filters, int first, int lanes, Span<float> packed)
    {
        var (count, taps) = (Math.Min(lanes, filters - first), order.Taps.Length);
        if (count < lanes)
            packed.Clear();
        if (order.ChannelStep == taps && order.Taps.Index().All(tap => tap.Item == tap.Index))
        {
            Transposition.Run(w[(first * order.FilterStep)..], order.FilterStep, count, channels * taps, packed, lanes);
            return;
        }
        for (int c = 0, to = 0; c < channels; c++)
            foreach (var tap in order.Taps)
            {
                var source = w[(c * order.ChannelStep + first * order.FilterStep + tap)..];
                for (int k = 0, from = 0; k < count; k++, from += order.FilterStep)
                    packed[to + k] = source[from];
                to += lanes;
            }
    }
}
