using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>What the samples of a training hold, by hashes.</summary>
/// <param name="keys">Of each sample that can be read, with its class.</param>
sealed class LearntContent((PixelCacheKey Key, int Label)[] keys)
{
    /// <summary>The hashes.</summary>
    public LearntImages Images => LearntImages.Of(keys.Select(one => one.Key));

    /// <summary>Hashes the samples that can be read; files that a cache of pixels has seen are not read again.</summary>
    public static LearntContent Of(SampleTable samples, RowReading reading) => new([.. samples
        // Whole files are hashed, by all threads; a training that was stopped has learnt from them all the same.
        .ReadEach(sample => (Key: KeyOf(sample.Content), sample.Label), SampleTable.AsItIs, reading, CancellationToken.None)
        .Where(one => one.Key is not null).Select(one => (one.Key!.Value, one.Label))]);

    /// <summary>What is said where the same content was learnt from as several classes; null where none was.</summary>
    /// <param name="labels">Names of the classes.</param>
    public string? Contradiction(ImmutableArray<string> labels)
    {
        var several = keys.GroupBy(one => one.Key, one => one.Label).Select(alike => alike.Distinct().Order().ToArray())
            .Where(classes => classes.Length > 1).ToArray();
        return several is not [var first, ..] ? null
            : $"{Counted.Of(several.Length, "sample is", "samples are")} there as several classes, such as one as "
                + $"{string.Join(" and ", first.Select(label => $"'{labels[label]}'"))}, so that at most one of them is learnt rightly. "
                + "ml.Data.Check (mlpipe dataset check) lists them.";
    }

    static PixelCacheKey? KeyOf(object content)
    {
        try
        {
            return content switch
            {
                Picture picture => picture.Image.Again().ContentKey(),
                LazyVector { Source: { } source } => KeyOf(source),
                KeptPicture kept => kept.Read().Image.ContentKey(),
                StoredContent stored => KeyOf(stored.Read()),
                Image image => image.ContentKey(),
                byte[] encoded => PixelCacheKey.OfContent(encoded),
                float[] numbers => PixelCacheKey.OfContent(MemoryMarshal.AsBytes(numbers.AsSpan())),
                string path => ArchivePath.Image(path).ContentKey(),
                _ => null,
            };
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return null;
        }
    }
}
