using System.Text;

namespace MlPipelines.Imaging;

public sealed partial class Image
{
    /// <summary>Draws an SVG; nothing outside the text is read.</summary>
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
        var natural = Decoder.ReadHeader(bytes, "SVG", options);
        if (natural.Format != ImageFormat.Svg)
            throw new InvalidDataException($"SVG: got a {natural.Format}, needs a document that begins with <svg.");
        var scale = Math.Max(width / (double)natural.Width ?? 0, height / (double)natural.Height ?? 0);
        if (scale == 0)
            return new(Decoder.DecodeSvg(bytes, options, 1));
        var drawn = Decoder.DecodeSvg(bytes, options, scale);
        return new Image(drawn).Resize(width ?? drawn.Width, height ?? drawn.Height, ResizingKind.Fill);
    }
}
