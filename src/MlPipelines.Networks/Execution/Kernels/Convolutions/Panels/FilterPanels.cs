namespace MlPipelines.Execution.Kernels;

/// <summary>The filters of a pass, side by side in panels, with zeros in place of those that the last panel lacks.</summary>
/// <param name="pass">Whose they are.</param>
/// <param name="wide">Whether panels are for 512-bit registers.</param>
sealed class FilterPanels(ConvPass pass, bool wide)
{
    public int Lanes { get; } = LanesOf(pass, wide);

    public int Count => (pass.Filters + Lanes - 1) / Lanes;

    /// <summary>Floats of a panel's weights.</summary>
    public int Floats => pass.Channels * pass.Weights.Taps.Length * Lanes;

    /// <summary>Whether at least four of five lanes hold a filter.</summary>
    public static bool AreWellFilled(ConvPass pass, bool wide) => PanelBlock.IsWellFilled(pass.Filters, LanesOf(pass, wide));

    /// <summary>The first filter of a panel, and how many it holds.</summary>
    public (int First, int Count) FiltersOf(int panel) => (panel * Lanes, Math.Min(Lanes, pass.Filters - panel * Lanes));

    /// <summary>The panels that one of several shares of the work computes.</summary>
    public (int First, int End) ShareOf(int share, int shares) => (Count * share / shares, Count * (share + 1) / shares);

    /// <summary>Lays out the weights of a panel: its filters side by side, for each tap of each channel.</summary>
    public void Pack(int panel, ReadOnlySpan<float> w, Span<float> packed)
    {
        var ((first, count), order, taps) = (FiltersOf(panel), pass.Weights, pass.Weights.Taps.Length);
        if (count < Lanes)
            packed.Clear();
        // Weights that lie filter by filter as channels and taps do here are a matrix, and its rows become columns.
        if (order.ChannelStep == taps && order.Taps.Index().All(tap => tap.Item == tap.Index))
        {
            Transposition.Run(w[(first * order.FilterStep)..], order.FilterStep, count, pass.Channels * taps, packed, Lanes);
            return;
        }
        for (int c = 0, to = 0; c < pass.Channels; c++)
            foreach (var tap in order.Taps)
            {
                var source = w[(c * order.ChannelStep + first * order.FilterStep + tap)..];
                for (int k = 0, from = 0; k < count; k++, from += order.FilterStep)
                    packed[to + k] = source[from];
                to += Lanes;
            }
    }

    static int LanesOf(ConvPass pass, bool wide) => PanelBlock.Lanes(pass.Filters, 48, wide);
}
