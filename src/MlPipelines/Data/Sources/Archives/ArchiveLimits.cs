namespace MlPipelines;

/// <summary>How much an archive may hold: what promises more, or brings more than it promised, is refused.</summary>
public sealed record ArchiveLimits
{
    /// <summary>The most entries, at least 1.</summary>
    public int Entries { get; init => field = Check.AtLeast(value, 1); } = 10_000_000;

    /// <summary>The most bytes of all entries together when they are unpacked, at least 1.</summary>
    public long UnpackedBytes { get; init => field = Check.AtLeast(value, 1); } = 1L << 36;

    /// <summary>The most bytes of one image, at least 1; 64 MiB by default.</summary>
    public long ImageBytes { get; init => field = Check.Within(value, 1, Array.MaxLength); } = 1L << 26;

    /// <summary>How many times larger than its packed bytes a tar.gz, or an entry of a zip, may be, at least 1. Pictures hardly shrink when
    /// they are packed, and even blank ones of uncompressed formats seldom so much. What is smaller than 16 MiB unpacked is let in
    /// whatever its ratio.</summary>
    public double Ratio { get; init => field = Check.AtLeast(value, 1); } = 100;

    /// <summary>The most bytes that may come out of so many packed ones.</summary>
    internal long MostFrom(long packed)
    {
        const long harmless = 1L << 24;
        return (long)Math.Min(UnpackedBytes, Math.Max(harmless, packed * Ratio));
    }
}
