namespace MlPipelines.Execution.Kernels;

/// <summary>The sum of each channel over images and positions: the gradient of a bias.</summary>
/// <remarks>dy [N,K,…] → [K].</remarks>
static class ChannelSum
{
    const int Columns = 64;

    /// <summary>Computes <paramref name="sum"/>; <paramref name="plane"/> counts the positions of a channel.</summary>
    public static void Run(int batch, int channels, int plane, ReadOnlyMemory<float> dy, Memory<float> sum, ParallelFor parallel)
    {
        if (plane == 1)
            parallel((channels + Columns - 1) / Columns, block =>
                AddRows(batch, channels, dy.Span[(block * Columns)..],
                    sum.Span.Slice(block * Columns, Math.Min(Columns, channels - block * Columns))));
        else
            parallel(channels, channel =>
            {
                var total = 0.0;
                for (var n = 0; n < batch; n++)
                    total += Sums.Of(dy.Span.Slice((n * channels + channel) * plane, plane));
                sum.Span[channel] = (float)total;
            });
    }

    static void AddRows(int batch, int pitch, ReadOnlySpan<float> rows, Span<float> sum)
    {
        sum.Clear();
        for (var n = 0; n < batch; n++)
            Sums.Add(sum, rows.Slice(n * pitch, sum.Length));
    }
}
