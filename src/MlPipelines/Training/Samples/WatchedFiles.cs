using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>The files of samples as they were when learning began, so that one that changes meanwhile is named.</summary>
/// <param name="samples">The samples.</param>
sealed class WatchedFiles(SampleTable samples)
{
    readonly FileStamp?[] stamps = [.. samples.Samples.Select(sample => PathOf(sample) is { } path ? FileStamp.Of(path) : null)];

    /// <summary>Says, once, that the file of a sample is another than it was; null where it is not, or is gone, which its reading
    /// tells.</summary>
    /// <param name="place">Place of the sample.</param>
    public string? Change(int place)
    {
        if (stamps[place] is not { } before || PathOf(samples.Samples[place]) is not { } path || FileStamp.Of(path) is not { } now
            || now == before)
            return null;
        stamps[place] = null;
        return $"{path}: has changed since learning began ({before.Length:N0} bytes then, {now.Length:N0} now), so that two versions are "
            + "learnt from. Train again for a model that can be repeated.";
    }

    /// <summary>The file that a sample is read from; null where it is none of its own.</summary>
    public static string? PathOf(CollectedSample sample) => PathOf(sample.Content);

    static string? PathOf(object content) => content switch
    {
        Picture picture => picture.Image.FilePath,
        LazyVector { Source: { } source } => PathOf(source),
        string path => path,
        _ => null,
    };
}
