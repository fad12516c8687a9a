namespace MlPipelines;

/// <summary>What a process learns from of one batch.</summary>
/// <param name="Samples">Its samples; none where others have them all, or where its own cannot be read.</param>
/// <param name="End">Place behind the batch in the samples read.</param>
readonly record struct BatchShare(Sample[] Samples, int End);

/// <summary>Divides batches over the processes of a training.</summary>
static class SharedBatches
{
    /// <summary>Each batch, or this process's share of it.</summary>
    /// <param name="ranks">The processes.</param>
    /// <param name="order">All samples in the order in which they are learnt from.</param>
    /// <param name="size">Samples in a batch.</param>
    /// <param name="read">Reads samples in an order; those that cannot be read are left out.</param>
    /// <remarks>A process alone fills its batches up with those that come next where samples cannot be read. Of several none knows what
    /// the others cannot read, so that their batch is smaller.</remarks>
    public static IEnumerable<BatchShare> Of(Ranks ranks, ArraySegment<SampleDraw> order, int size,
        Func<IReadOnlyList<SampleDraw>, IEnumerable<Sample>> read)
    {
        if (!ranks.AreSeveral)
            return read(order).Chunk(size).Select(batch => new BatchShare(batch, batch[^1].Turn + 1));
        var places = new List<int>();
        for (var start = 0; start < order.Count; start += size)
        {
            var (from, to) = ranks.ShareOf(Math.Min(size, order.Count - start));
            places.AddRange(Enumerable.Range(start + from, to - from));
        }
        return Divided(read(places.ConvertAll(place => order[place])), places, size, order.Count);
    }

    static IEnumerable<BatchShare> Divided(IEnumerable<Sample> samples, List<int> places, int size, int count)
    {
        using var next = samples.GetEnumerator();
        var isLeft = next.MoveNext();
        var share = new List<Sample>();
        for (var start = 0; start < count; start += size)
        {
            var end = Math.Min(start + size, count);
            for (; isLeft && places[next.Current.Turn] < end; isLeft = next.MoveNext())
                share.Add(next.Current with { Turn = places[next.Current.Turn] });
            yield return new([.. share], end);
            share.Clear();
        }
    }
}
