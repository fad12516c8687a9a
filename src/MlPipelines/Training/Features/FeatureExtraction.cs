using MlPipelines.Imaging;
using static MlPipelines.ImageClassificationTrainer.ImageClassificationMetrics;

namespace MlPipelines;

/// <summary>Features of all samples: found in a cache, or computed in batches while others are read.</summary>
sealed class FeatureExtraction(FeatureExtractor extractor, FeatureCache? cache, NetworkInput input, int length, Dataset dataset,
    TrainingRun run)
{
    const string NotFinite =
        "the network gives features of it that are no finite numbers. Is the preprocessing the one that the network was trained with?";

    /// <summary>Images that went through the network.</summary>
    public long Computed { get; private set; }

    /// <summary>Images whose features were in the cache.</summary>
    public long Found { get; private set; }

    /// <summary>The features of each sample; an image that cannot be read, or whose features are no finite numbers,
    /// has its reason in their place.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public FeatureRow[] Of(SampleTable samples, int epoch)
    {
        var (from, to) = run.Ranks.ShareOf(samples.Count);
        if (!run.Ranks.AreSeveral)
            return Of(samples, from, to, epoch);
        FeatureRow[]? own = null;
        try
        {
            own = Of(samples, from, to, epoch);
        }
        catch (OperationCanceledException) when (run.Ranks.Asked.IsCancellationRequested)
        {
            // The others wait for this process's share, and are told in its place that there is none.
        }
        var shares = run.Ranks.Gather(FeatureRows.Write(own));
        if (shares.Any(share => share.Length == 0))
            run.Ranks.Stop();
        FeatureRow[] all = [.. shares.SelectMany(FeatureRows.Read)];
        for (var position = 0; position < all.Length; position++)
            if ((position < from || position >= to) && all[position].Failure is null)
                run.Report(dataset, position);
        return all;
    }

    FeatureRow[] Of(SampleTable samples, int from, int to, int epoch)
    {
        var rows = new FeatureRow[to - from];
        var reading = run.Reading(ahead: 2 * FeatureExtractor.BatchSize);
        var pending = new List<(int Position, PixelCacheKey Key, object Content)>(FeatureExtractor.BatchSize);
        SampleDraw[] order = [.. Enumerable.Range(from, to - from).Select(place => new SampleDraw(place))];
        foreach (var (position, read) in samples.ReadInOrder(sample => Read(samples, sample, epoch), epoch, reading, order,
            run.Ranks.Asked).Index())
        {
            rows[position] = new(read.Features, read.Failure);
            if (read.Failure is null)
                run.Report(dataset, from + position);
            if (read.Features is not null)
                Found++;
            if (read.Content is { } content)
                pending.Add((position, read.Key, content));
            // On the one thread that takes the results, in their order.
            if (pending.Count == FeatureExtractor.BatchSize)
                Compute(pending, rows);
        }
        if (pending.Count > 0)
            Compute(pending, rows);
        return rows;
    }

    void Compute(List<(int Position, PixelCacheKey Key, object Content)> pending, FeatureRow[] rows)
    {
        var features = extractor.Features([.. pending.Select(each => each.Content)]);
        foreach (var (i, (position, key, _)) in pending.Index())
        {
            // Not kept: the next run is to find the reason again.
            var finite = Array.TrueForAll(features[i], float.IsFinite);
            rows[position] = finite ? new(features[i], null) : new(null, NotFinite);
            if (finite)
                cache?.Keep(key, features[i]);
        }
        Computed += pending.Count;
        pending.Clear();
    }

    Outcome Read(SampleTable samples, CollectedSample sample, int epoch)
    {
        try
        {
            if (cache is null)
                return new(default, null, samples.ContentOf(sample, epoch), null);
            if (Undecoded(sample, epoch) is var (read, source))
                // The bytes were read for their hash: they are decoded from memory, so that key and features are of the same content.
                return Look(extractor.KeyOf(source, input),
                    () => samples.ContentOf(sample with { Content = new Picture(read, sample.Id) }, epoch));
            var content = samples.ContentOf(sample, epoch);
            return Look(extractor.KeyOf(content), () => content);
        }
        catch (Exception exception) when (!run.FailOnBadImages && RowReader.IsUnreadable(exception))
        {
            return new(default, null, null, exception.Message);
        }
    }

    // Only what is not changed on the way is known by its file's bytes.
    (Image Read, PixelCacheKey Key)? Undecoded(CollectedSample sample, int epoch) => sample.Content switch
    {
        Picture picture => Undecoded(picture, epoch),
        KeptPicture kept => Undecoded(kept.Read(), epoch),
        StoredContent stored when stored.Read() is byte[] encoded => input.Opened(Image.FromBytes(encoded, sample.Name)).Source(),
        string { Length: > 0 } path => input.Opened(ArchivePath.Image(path)).Source(),
        _ => null,
    };

    static (Image Read, PixelCacheKey Key)? Undecoded(Picture picture, int epoch) =>
        picture.Changes.All(change => epoch < 0 && change.IsRandom) ? picture.Image.Again().Source() : null;

    Outcome Look(PixelCacheKey key, Func<object> content) =>
        cache!.Find(key, length) is { } found ? new(key, found, null, null) : new(key, null, content(), null);

    readonly record struct Outcome(PixelCacheKey Key, float[]? Features, object? Content, string? Failure);
}

/// <summary>The features of an image, or why it cannot be read.</summary>
readonly record struct FeatureRow(float[]? Features, string? Failure);
