using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Fingerprints of the samples of a training.</summary>
static class LearntSamples
{
    /// <summary>Reads the samples' files, as many as a model carries fingerprints of.</summary>
    /// <param name="samples">All samples that are learnt from.</param>
    /// <param name="earlier">What the model learnt from that is gone on from; null for none.</param>
    /// <param name="run">Who may end it.</param>
    /// <returns>Null where there are no files.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LearntImages? Of(SampleTable samples, LearntImages? earlier, TrainingRun run)
    {
        SampleDraw[] some = [.. Enumerable.Range(0, Math.Min(samples.Count, LearntImages.Most))
            .Select(i => new SampleDraw((int)((long)i * samples.Count / Math.Min(samples.Count, LearntImages.Most))))];
        ulong[] found = [.. samples.ReadInOrder(Fingerprint, SampleTable.AsItIs, run.Reading(ahead: new RowReading().Prefetch), some,
            run.Cancellation).OfType<ulong>()];
        return found.Length == 0 ? earlier : LearntImages.Of(found, some.Length < samples.Count ? samples.Count : null, earlier);
    }

    // Whoever reads the sample to learn from it says why it cannot be read.
    static ulong? Fingerprint(CollectedSample sample)
    {
        try
        {
            return sample.Content switch
            {
                Picture picture => Of(picture.Image),
                KeptPicture kept => Of(kept.Read().Image),
                StoredContent stored when stored.Read() is byte[] encoded => LearntImages.FingerprintOf(encoded),
                string path => LearntImages.FingerprintOf(ArchivePath.Read(path) ?? File.ReadAllBytes(path)),
                _ => null,
            };
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return null;
        }
    }

    static ulong? Of(Image image) => image.Content() is { } content ? (ulong)content.First : null;
}
