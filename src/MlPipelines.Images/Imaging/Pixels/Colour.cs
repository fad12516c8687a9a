namespace MlPipelines.Imaging;

/// <summary>A colour of 8 bits a channel (sRGB).</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>(0, 0, 0).</summary>
    public static Colour Black => default;

    /// <summary>(255, 255, 255).</summary>
    public static Colour White => new(255, 255, 255);

    /// <summary>The colour as SVG and CSS write it: #rrggbb.</summary>
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";
}
