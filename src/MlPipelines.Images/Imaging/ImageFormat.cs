using System.Collections.Frozen;
using System.Text;

namespace MlPipelines.Imaging;

/// <summary>The file formats that are read, told by their first bytes, never by the name of the file.</summary>
enum ImageFormat
{
    Jpeg,
    Png,
    Gif,
    WebP,
    Tiff,
    Bmp,
    Heif,

    /// <summary>Drawn by this library's own reports and samples alone: what a drawing costs has no bound that its head tells.</summary>
    Svg,
    Pnm,
}

static class ImageFormats
{
    internal const string Readable = "JPEG, PNG, GIF, WebP, TIFF, BMP, AVIF, PPM, PGM or PBM";

    /// <summary>How the names of files of each format end, in any case. A file whose name ends otherwise is told by its content.</summary>
    internal static FrozenDictionary<string, ImageFormat> Endings { get; } = new Dictionary<string, ImageFormat>
    {
        [".jpg"] = ImageFormat.Jpeg,
        [".jpeg"] = ImageFormat.Jpeg,
        [".jpe"] = ImageFormat.Jpeg,
        [".jfif"] = ImageFormat.Jpeg,
        [".png"] = ImageFormat.Png,
        [".bmp"] = ImageFormat.Bmp,
        [".dib"] = ImageFormat.Bmp,
        [".gif"] = ImageFormat.Gif,
        [".webp"] = ImageFormat.WebP,
        [".tif"] = ImageFormat.Tiff,
        [".tiff"] = ImageFormat.Tiff,
        [".avif"] = ImageFormat.Heif,
        [".ppm"] = ImageFormat.Pnm,
        [".pgm"] = ImageFormat.Pnm,
        [".pbm"] = ImageFormat.Pnm,
        [".pnm"] = ImageFormat.Pnm,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The format of the bytes.</summary>
    /// <exception cref="InvalidDataException">They are empty or of no format that is read.</exception>
    internal static ImageFormat Of(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.IsEmpty)
            throw new InvalidDataException($"{name}: holds nothing (0 bytes), needs {Readable}. Fetch it again or delete it.");
        return Find(bytes) ?? throw new InvalidDataException(IsSvg(bytes)
            ? $"{name}: is an SVG, a drawing without pixels of its own, needs {Readable}. Save it as PNG."
            : $"{name}: begins with {Beginning(bytes)}, needs {Readable}. If it is a picture, convert it; if not, take it out of the "
                + "folder.");
    }

    /// <summary>The format of a file that begins with those bytes; null where it is of none that is read.</summary>
    internal static ImageFormat? Find(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return ImageFormat.Jpeg;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]))
            return ImageFormat.Png;
        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8))
            return ImageFormat.Gif;
        if (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8))
            return ImageFormat.WebP;
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) || bytes.StartsWith("II+\0"u8) || bytes.StartsWith("MM\0+"u8))
            return ImageFormat.Tiff;
        if (bytes.Length >= 18 && bytes.StartsWith("BM"u8))
            return ImageFormat.Bmp;
        if (bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8) && IsHeifBrand(bytes[8..12]))
            return ImageFormat.Heif;
        return PnmReader.IsPnm(bytes) ? ImageFormat.Pnm : null;
    }

    static bool IsHeifBrand(ReadOnlySpan<byte> brand) =>
        brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);

    internal static bool IsSvg(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[3..];
        bytes = bytes[..Math.Min(bytes.Length, 4096)].TrimStart(" \t\r\n"u8);
        return bytes.StartsWith("<svg"u8)
            || (bytes.StartsWith("<?xml"u8) || bytes.StartsWith("<!--"u8) || bytes.StartsWith("<!DOCTYPE svg"u8))
            && bytes.IndexOf("<svg"u8) >= 0;
    }

    static string Beginning(ReadOnlySpan<byte> bytes)
    {
        var start = bytes[..Math.Min(bytes.Length, 16)];
        return start.ContainsAnyExceptInRange((byte)32, (byte)126)
            ? "the bytes " + Convert.ToHexString(start[..Math.Min(start.Length, 8)])
            : $"the text '{Encoding.ASCII.GetString(start)}'";
    }
}
