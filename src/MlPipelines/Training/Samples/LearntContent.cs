using System.Runtime.InteropServices;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>What the samples of a training hold, by hashes.</summary>
static class LearntContent
{
    /// <summary>The hashes of the samples that can be read; files that a cache of pixels has seen are not read again.</summary>
    public static LearntImages Of(SampleTable samples, RowReading reading) => LearntImages.Of(samples
        // Whole files are hashed, by all threads; a training that was stopped has learnt from them all the same.
        .ReadEach(sample => KeyOf(sample.Content), SampleTable.AsItIs, reading, CancellationToken.None).OfType<PixelCacheKey>());

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
