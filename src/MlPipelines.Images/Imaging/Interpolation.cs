namespace MlPipelines;

/// <summary>What lies between pixels.</summary>
public enum Interpolation
{
    /// <summary>The pixel whose centre is nearest.</summary>
    Nearest,

    /// <summary>The four pixels around, by their distance.</summary>
    Bilinear,
}
