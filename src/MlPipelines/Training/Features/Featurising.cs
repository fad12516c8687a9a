using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Features of all rows of a view: found in a cache, or computed in batches while others are read.</summary>
sealed class Featurising(Featuriser featuriser, FeatureCache? cache, SampleReader samples, int length, ImageClassificationTrainer.Options options, ImageClassificationTrainer.ImageClassificationMetrics.Dataset dataset)
{
    const string NotFinite = "the network gives features of it that are no finite numbers. Is the preprocessing the one that the network was trained with?";

    /// <summary>Images that went through the network.</summary>
    public long Computed { get; private set; }

    /// <summary>Images whose features were in the cache.</summary>
    public long Found { get; private set; }

    /// <summary>The features of each row; an image that cannot be read, or whose features are no finite numbers, has its reason in their place.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public FeatureRow[] Of(IDataView view, Pass pass)
    {
        var rows = new FeatureRow[view.RowCount];
        RowReading reading = new() { Workers = options.Workers ?? Environment.ProcessorCount, Prefetch = 2 * Featuriser.BatchSize, Fatal = options.FailOnBadImages, Pass = pass };
        var pending = new List<(int Position, PixelCacheKey Key, object Content)>(Featuriser.BatchSize);
        foreach (var (position, read) in view.Read(Read, reading, options.CancellationToken).Index())
        {
            rows[position] = new(read.Features, read.Failure);
            if (read.Failure is null)
                options.Report(dataset, position);
            if (read.Features is not null)
                Found++;
            if (read.Content is { } content)
                pending.Add((position, read.Key, content));
            if (pending.Count == Featuriser.BatchSize)
                Compute(pending, rows);
        }
        if (pending.Count > 0)
            Compute(pending, rows);
        return rows;
    }

    void Compute(List<(int Position, PixelCacheKey Key, object Content)> pending, FeatureRow[] rows)
    {
        var features = featuriser.Features([.. pending.Select(each => each.Content)]);
        foreach (var (i, (position, key, _)) in pending.Index())
        {
            var finite = Array.TrueForAll(features[i], float.IsFinite);
            rows[position] = finite ? new(features[i], null) : new(null, NotFinite);
            if (finite)
                cache?.Keep(key, features[i]);
        }
        Computed += pending.Count;
        pending.Clear();
    }

    Outcome Read(DataViewRow row)
    {
        try
        {
            var value = samples.Value(row);
            if (cache is null)
                return new(default, null, samples.Content(row, value), null);
            if ((value as Image)?.Source() is var (image, source))
                return Look(featuriser.KeyOf(source, samples.Input), () => samples.Content(row, image));
            var content = samples.Content(row, value);
            return Look(featuriser.KeyOf(content), () => content);
        }
        catch (Exception exception) when (!options.FailOnBadImages && RowReader.IsUnreadable(exception))
        {
            return new(default, null, null, exception.Message);
        }
    }

    Outcome Look(PixelCacheKey key, Func<object> content) => cache!.Find(key, length) is { } found ? new(key, found, null, null) : new(key, null, content(), null);

    readonly record struct Outcome(PixelCacheKey Key, float[]? Features, object? Content, string? Failure);
}
