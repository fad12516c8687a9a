using System.Text;

namespace MlPipelines.Imaging;

public sealed partial class Image
{
    /// <summary>Draws an SVG of one's own; nothing outside the text is read. How long a drawing takes, and how much memory, has no
    /// bound: files of others are not read as SVG.</summary>
    /// <param name="svg">The document.</param>
    /// <param name="width">In pixels; null follows from the height, or from the document.</param>
    /// <param name="height">In pixels; null follows from the width, or from the document.</param>
    /// <param name="background">What transparent parts show; white by default.</param>
    /// <remarks>Text is drawn with the fonts of the machine; one that has none shows empty boxes.</remarks>
    /// <exception cref="InvalidDataException">It is not an SVG, or too large.</exception>
    public static Image FromSvg(string svg, int? width = null, int? height = null, Colour? background = null)
    {
        ArgumentNullException.ThrowIfNull(svg);
        Check.AtLeast(width ?? 1, 1, nameof(width));
        Check.AtLeast(height ?? 1, 1, nameof(height));
        var options = DecodeOptions.Default with { Background = background ?? Colour.White };
        var bytes = Encoding.UTF8.GetBytes(svg);
        var picture = new EncodedPicture(bytes, "SVG", ImageFormat.Svg, options);
        if (!ImageFormats.IsSvg(bytes))
            throw new InvalidDataException(
                $"SVG: begins with '{svg[..Math.Min(svg.Length, 16)]}', needs a document that begins with <svg.");
        var natural = VipsDecoder.ReadHeader(picture);
        var scale = Math.Max(width / (double)natural.Width ?? 0, height / (double)natural.Height ?? 0);
        if (scale == 0)
            return new(VipsDecoder.DecodeSvg(picture, 1));
        var drawn = VipsDecoder.DecodeSvg(picture, scale);
        return new Image(drawn).Resize(width ?? drawn.Width, height ?? drawn.Height, ResizingKind.Fill);
    }
}
