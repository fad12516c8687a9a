namespace MlPipelines.Imaging;

public sealed partial class Image
{
    /// <summary>Shows the picture as seen from aside, in its own size.</summary>
    /// <param name="map">Where each point of the result is taken from.</param>
    /// <param name="fill">What lies outside.</param>
    /// <param name="value">The colour outside, for <see cref="FillMode.Constant"/>; a grey picture takes its red, and one with alpha goes
    /// on with that of its edge.</param>
    /// <param name="interpolation">What lies between pixels.</param>
    public Image Perspective(PerspectiveMap map, FillMode fill = FillMode.Nearest, Colour value = default,
        Interpolation interpolation = Interpolation.Bilinear)
    {
        var bitmap = Bitmap;
        var result = Bitmap.Unwritten(bitmap.Width, bitmap.Height, bitmap.Channels);
        Warping.Draw(bitmap, map, result, interpolation, fill, value);
        return new(result);
    }
}
