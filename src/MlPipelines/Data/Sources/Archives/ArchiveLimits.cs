namespace MlPipelines;

/// <summary>How much an archive may hold: what promises more, or brings more than it promised, is refused.</summary>
public sealed record ArchiveLimits
{
    /// <summary>The most entries, at least 1.</summary>
    public int Entries { get; init => field = Check.AtLeast(value, 1); } = 10_000_000;

    /// <summary>The most bytes of all entries together when they are unpacked, at least 1.</summary>
    public long UnpackedBytes { get; init => field = Check.AtLeast(value, 1); } = 1L << 36;

    /// <summary>The most bytes of one image, at least 1.</summary>
    public long ImageBytes { get; init => field = Check.Within(value, 1, Array.MaxLength); } = 1L << 28;
}
