using NetVips;
using VipsImage = NetVips.Image;

namespace MlPipelines.Imaging;

/// <summary>Pixels → the bytes of a file.</summary>
static class Encoder
{
    const Enums.ForeignKeep Nothing = Enums.ForeignKeep.None;

    internal static byte[] Encode(Bitmap bitmap, string extension, int quality) => Vips.Run(() =>
    {
        var format = extension.TrimStart('.').ToUpperInvariant();
        var stored = format is "JPG" or "JPEG" ? bitmap.OverWhite() : bitmap;
        using var raw = VipsImage.NewFromMemoryCopy<byte>(
            stored.Pixels, stored.Width, stored.Height, stored.Channels, Enums.BandFormat.Uchar);
        using var image = raw.Copy(interpretation: stored.Channels == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        return format switch
        {
            "JPG" or "JPEG" => image.JpegsaveBuffer(q: quality, keep: Nothing),
            "PNG" => image.PngsaveBuffer(keep: Nothing),
            "WEBP" => image.WebpsaveBuffer(q: quality, keep: Nothing),
            _ => throw new ArgumentException(
                $"Extension '{extension}': pictures are written as .jpg, .jpeg, .png or .webp. Choose one of these.", nameof(extension)),
        };
    });
}
