namespace MlPipelines.Imaging;

/// <summary>How encoded pictures become pixels.</summary>
public sealed record DecodeOptions
{
    /// <summary>2²⁸ pixels, about 268 megapixels.</summary>
    public const long DefaultPixelLimit = 1L << 28;

    /// <summary>2³¹ bytes.</summary>
    public const long DefaultMemoryLimit = 1L << 31;

    /// <summary>2³⁰ bytes: no picture within the other limits needs more.</summary>
    internal const long FileLimit = 1L << 30;

    /// <summary>What transparent parts show; white by default.</summary>
    public Colour Background { get; init; } = Colour.White;

    /// <summary>Whether pictures come with their alpha, as red, green, blue and alpha, not multiplied: grey is repeated, and alpha is 255
    /// everywhere where a file has none. Otherwise transparent parts show the background.</summary>
    public bool KeepsAlpha { get; init; }

    /// <summary>A picture whose header announces more pixels is refused before anything is decoded; at most 2²⁹.</summary>
    public long PixelLimit
    {
        get;
        init => field = Check.Within(value, 1, 1L << 29, nameof(PixelLimit));
    } = DefaultPixelLimit;

    /// <summary>In bytes: a picture that takes about that much to decode, by its format and what its header announces, is refused before
    /// anything is decoded.</summary>
    public long MemoryLimit
    {
        get;
        init => field = Check.AtLeast(value, 1, nameof(MemoryLimit));
    } = DefaultMemoryLimit;

    /// <summary>How long a large picture may take, at most a day; one that takes longer is refused. Two minutes by default.</summary>
    public TimeSpan TimeLimit
    {
        get;
        init => field = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1) ? value
            : throw new ArgumentOutOfRangeException(nameof(TimeLimit), $"TimeLimit: got {value}, needs more than 0 and at most a day.");
    } = TimeSpan.FromMinutes(2);

    internal static DecodeOptions Default { get; } = new();

    /// <summary>Channels of the pictures that come.</summary>
    internal int Channels => KeepsAlpha ? Bitmap.RgbaChannels : 3;
}
