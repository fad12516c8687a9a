namespace MlPipelines.Imaging;

public sealed partial class Image
{
    /// <summary>Moves, turns, stretches or slants the picture.</summary>
    /// <param name="map">Where each point of the result is taken from.</param>
    /// <param name="interpolation">What lies between pixels.</param>
    /// <param name="fill">What lies outside.</param>
    /// <param name="value">The colour outside, for <see cref="FillMode.Constant"/>; a grey picture takes its red, and one with alpha goes
    /// on with that of its edge.</param>
    /// <param name="width">Of the result; that of this picture by default.</param>
    /// <param name="height">Of the result; that of this picture by default.</param>
    /// <remarks>Weights in units of 2⁻¹⁰, rounded; colours with alpha are mixed by their alpha. Source:
    /// SciPy 1.10 ndimage.affine_transform, order 0 and 1.</remarks>
    public Image Affine(AffineMap map, Interpolation interpolation = Interpolation.Bilinear, FillMode fill = FillMode.Nearest,
        Colour value = default, int? width = null, int? height = null)
    {
        var bitmap = Bitmap;
        var result = Bitmap.Unwritten(Check.AtLeast(width ?? bitmap.Width, 1, nameof(width)),
            Check.AtLeast(height ?? bitmap.Height, 1, nameof(height)), bitmap.Channels);
        if (PixelMoves.Of(map) is { } moves)
            moves.Draw(bitmap, result, fill, value);
        else
            Warping.Draw(bitmap, map, result, interpolation, fill, value);
        return new(result);
    }
}
