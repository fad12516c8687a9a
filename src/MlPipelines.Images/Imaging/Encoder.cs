using MlPipelines.Native;

namespace MlPipelines.Imaging;

/// <summary>Pixels → the bytes of a file.</summary>
static class Encoder
{
    const int DropMetadata = 0;

    internal static byte[] Encode(Bitmap bitmap, string extension, int quality) => Vips.Run(() =>
    {
        using var raw = VipsImage.FromPixels(bitmap.Width, bitmap.Height, bitmap.Channels, bitmap.Pixels);
        using var tag = new VipsOperation("copy").Set("in", raw)
            .Set("interpretation", (int)(bitmap.Channels == 1 ? VipsInterpretation.Grey : VipsInterpretation.Srgb));
        using var image = tag.Image();
        using var save = Saver(extension, quality);
        return save.Set("in", image).Set("keep", DropMetadata).Bytes();
    });

    static VipsOperation Saver(string extension, int quality) => extension.TrimStart('.').ToUpperInvariant() switch
    {
        "JPG" or "JPEG" => new VipsOperation("jpegsave_buffer").Set("Q", quality),
        "PNG" => new VipsOperation("pngsave_buffer"),
        "WEBP" => new VipsOperation("webpsave_buffer").Set("Q", quality),
        _ => throw new ArgumentException($"Extension '{extension}': pictures are written as .jpg, .jpeg, .png or .webp. Choose one of these.", nameof(extension)),
    };
}
