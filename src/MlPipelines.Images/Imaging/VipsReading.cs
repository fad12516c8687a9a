using System.Runtime.InteropServices;
using NetVips;
using VipsImage = NetVips.Image;

namespace MlPipelines.Imaging;

/// <summary>libvips's loaders, and their pictures strip by strip.</summary>
static class VipsReading
{
    internal delegate void StripReader(int firstRow, ReadOnlySpan<byte> rows);

    /// <summary>The picture: its header is known, its pixels are computed when they are read, once, from the top.</summary>
    /// <param name="encoded">The bytes of the file; copied.</param>
    /// <param name="format">Which loader reads it.</param>
    /// <param name="shrink">How many times smaller a JPEG comes: 1, 2, 4 or 8.</param>
    /// <param name="scale">How many times larger an SVG is drawn.</param>
    /// <param name="failOn">What ends the reading with an error.</param>
    internal static VipsImage Load(ReadOnlyMemory<byte> encoded, ImageFormat format, int shrink = 1, double scale = 1,
        Enums.FailOn failOn = Enums.FailOn.Error)
    {
        // Sequential: no copy of the whole picture is made, and rows may be asked for from the top only. The image must be disposed of.
        var options = new VOption { { "access", Enums.Access.Sequential }, { "fail_on", failOn } };
        if (shrink != 1)
            options.Add("shrink", shrink);
        if (scale != 1)
            options.Add("scale", scale);
        return (VipsImage)Operation.Call(LoaderOf(format), options, Whole(encoded));
    }

    /// <summary>A whole number from the header, or <paramref name="otherwise"/> when there is none of that name.</summary>
    internal static int Number(this VipsImage image, string field, int otherwise) =>
        image.Contains(field) && image.Get(field) is int value ? value : otherwise;

    /// <summary>Computes the pixels strip by strip from the top, on this thread.</summary>
    /// <param name="image">8 bits a channel.</param>
    /// <param name="strip">Gets the number of the first row and the bytes of the strip's rows.</param>
    internal static void ReadStrips(this VipsImage image, StripReader strip)
    {
        const int stripBytes = 1 << 16;
        var (width, height) = (image.Width, image.Height);
        var rowBytes = (long)width * image.Bands;
        // Whole blocks of eight rows where they fit in; of wide pictures a row at a time: larger arrays would lie about as garbage, as much
        // as the picture itself.
        var fitting = Math.Max(1, stripBytes / rowBytes);
        var rows = (int)Math.Min(height, fitting >= 8 ? fitting / 8 * 8 : fitting);
        var token = DecodingCancellation.Token;
        // The rows that it hands out are a copy; the region holds native memory of its own.
        using var region = Region.New(image);
        for (var top = 0; top < height; top += rows)
        {
            token.ThrowIfCancellationRequested();
            strip(top, region.Fetch(0, top, width, Math.Min(rows, height - top)));
        }
    }

    static string LoaderOf(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "jpegload_buffer",
        ImageFormat.Png => "pngload_buffer",
        ImageFormat.WebP => "webpload_buffer",
        ImageFormat.Tiff => "tiffload_buffer",
        ImageFormat.Heif => "heifload_buffer",
        _ => "svgload_buffer",
    };

    static byte[] Whole(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var part) && part.Array is { } array && part.Count == array.Length ? array : bytes.ToArray();
}
