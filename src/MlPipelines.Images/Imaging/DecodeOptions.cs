namespace MlPipelines.Imaging;

/// <summary>How encoded pictures become pixels.</summary>
public sealed record DecodeOptions
{
    /// <summary>2²⁸ pixels, about 268 megapixels.</summary>
    public const long DefaultPixelLimit = 1L << 28;

    /// <summary>What transparent parts show; white by default.</summary>
    public Colour Background { get; init; } = Colour.White;

    /// <summary>A picture whose header announces more pixels is refused before anything is decoded; at most 2²⁹.</summary>
    public long PixelLimit
    {
        get;
        init => field = Check.Within(value, 1, 1L << 29, nameof(PixelLimit));
    } = DefaultPixelLimit;

    internal static DecodeOptions Default { get; } = new();
}
