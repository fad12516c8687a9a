using MlPipelines.Imaging.Jpeg;
using NetVips;
using VipsImage = NetVips.Image;

namespace MlPipelines.Imaging;

/// <summary>What the head of an encoded picture says, before anything is decoded.</summary>
/// <param name="Format">Format of the file.</param>
/// <param name="StoredWidth">Before the orientation is applied.</param>
/// <param name="StoredHeight">Before the orientation is applied.</param>
/// <param name="Orientation">EXIF orientation, 1–8.</param>
readonly record struct Header(ImageFormat Format, int StoredWidth, int StoredHeight, int Orientation)
{
    internal int Width => Imaging.Orientation.SwapsAxes(Orientation) ? StoredHeight : StoredWidth;
    internal int Height => Imaging.Orientation.SwapsAxes(Orientation) ? StoredWidth : StoredHeight;
}

/// <summary>Encoded bytes → upright pixels, red, green and blue, 8 bits.</summary>
static class Decoder
{
    /// <summary>Reads the head only.</summary>
    /// <exception cref="InvalidDataException">It is damaged, announces nothing or too much; the message begins with the name.</exception>
    internal static Header ReadHeader(ReadOnlyMemory<byte> encoded, string name, DecodeOptions options)
    {
        var format = ImageFormats.Of(encoded.Span, name);
        if (format == ImageFormat.Bmp)
        {
            var (width, height) = BmpReader.ReadSize(encoded.Span, name);
            return Accepted(new Header(format, width, height, 1), name, options);
        }
        if (format == ImageFormat.Pnm)
        {
            var (width, height) = PnmReader.ReadSize(encoded.Span, name);
            return Accepted(new Header(format, width, height, 1), name, options);
        }
        if (format == ImageFormat.Jpeg && JpegFrameReader.Read(encoded.Span) is { } frame)
            return Accepted(HeaderOf(frame), name, options);
        if (format == ImageFormat.Tiff)
            TiffKind.Check(encoded.Span, name);
        return ReadHeaderByVips(encoded, name, format, options);
    }

    internal static Header ReadHeaderByVips(ReadOnlyMemory<byte> encoded, string name, ImageFormat format,
        DecodeOptions options) => Checked(encoded, name, format, null, () =>
    {
        using var image = VipsReading.Load(encoded, format);
        return Accepted(HeaderOf(format, image), name, options);
    });

    /// <summary>Decodes a picture, upright.</summary>
    /// <param name="encoded">The bytes of the file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">Background and limit.</param>
    /// <param name="reduction">How many times smaller than the header says the picture may come, if that is cheaper;
    /// null for full size.</param>
    /// <returns>The header, and the pixels, in full size or smaller; borrowed if <paramref name="reduction"/> is given.</returns>
    /// <exception cref="InvalidDataException">It cannot be decoded whole; the message begins with the name.</exception>
    internal static (Header Header, Bitmap Bitmap) Decode(ReadOnlyMemory<byte> encoded, string name, DecodeOptions options,
        Func<Header, double>? reduction = null)
    {
        var format = ImageFormats.Of(encoded.Span, name);
        if (format == ImageFormat.Bmp)
            // From left to right: the size is judged before memory is set aside for it.
            return (ReadHeader(encoded, name, options), BmpReader.Read(encoded.Span, name, options.Background, reduction is not null));
        if (format == ImageFormat.Pnm)
            return (ReadHeader(encoded, name, options), PnmReader.Read(encoded.Span, name, reduction is not null));
        if (format == ImageFormat.Tiff)
            TiffKind.Check(encoded.Span, name);
        if (format != ImageFormat.Jpeg || JpegFrameReader.Read(encoded.Span) is not { } frame)
            return DecodeByVips(encoded, name, format, options, reduction);
        var header = Accepted(HeaderOf(frame), name, options);
        // What our decoder refuses, be it damaged or only rare, libvips decodes or names the fault of; smaller sizes are libjpeg's own.
        return Shrink(header, reduction) == 1 && JpegDecoder.Decode(encoded.Span, frame, reduction is not null) is { } bitmap
            ? (header, Orientation.Apply(bitmap, header.Orientation, reduction is not null))
            : DecodeByVips(encoded, name, format, options, reduction, header);
    }

    internal static (Header Header, Bitmap Bitmap) DecodeByVips(ReadOnlyMemory<byte> encoded, string name, ImageFormat format,
        DecodeOptions options, Func<Header, double>? reduction, Header header = default)
    {
        var borrowed = reduction is not null;
        // 1 without a header, which then decides. The work may run twice, and goes on with what its first run found.
        var shrink = Shrink(header, reduction);
        var bitmap = Checked(encoded, name, format, () => header, () =>
        {
            if (shrink == 1)
            {
                using var image = VipsReading.Load(encoded, format);
                header = Accepted(HeaderOf(format, image), name, options);
                shrink = Shrink(header, reduction);
                if (shrink == 1)
                    return ReadPixels(image, options.Background, borrowed);
            }
            using var small = VipsReading.Load(encoded, format, shrink);
            return ReadPixels(small, options.Background, borrowed);
        });
        return (header, Orientation.Apply(bitmap, header.Orientation, borrowed));
    }

    /// <summary>Draws an SVG at a multiple of its own size.</summary>
    internal static Bitmap DecodeSvg(ReadOnlyMemory<byte> encoded, DecodeOptions options, double scale) => Checked(encoded, "SVG",
        ImageFormat.Svg, null, () =>
    {
        using var image = VipsReading.Load(encoded, ImageFormat.Svg, scale: scale);
        Accepted(HeaderOf(ImageFormat.Svg, image), "SVG", options);
        return ReadPixels(image, options.Background, borrowed: false);
    });

    // Half of the reduction stays for the antialiased filter, which is the better of the two.
    static int Shrink(Header header, Func<Header, double>? reduction) => header.Format != ImageFormat.Jpeg || header.Width == 0 ? 1
        : reduction?.Invoke(header) switch
        {
            >= 16 => 8,
            >= 8 => 4,
            >= 4 => 2,
            _ => 1,
        };

    static Header HeaderOf(ImageFormat format, VipsImage image) =>
        new(format, image.Width, image.Height, KnownOrientation(image.Number("orientation", 1)));

    static Header HeaderOf(JpegFrame frame) => new(ImageFormat.Jpeg, frame.Width, frame.Height, KnownOrientation(frame.Orientation));

    static int KnownOrientation(int orientation) => orientation is >= 1 and <= 8 ? orientation : 1;

    static Header Accepted(Header header, string name, DecodeOptions options)
    {
        if (header.StoredWidth < 1 || header.StoredHeight < 1)
            throw new InvalidDataException(
                $"{name}: its header announces {header.StoredWidth}×{header.StoredHeight} pixels, needs at least 1×1. Delete it.");
        if ((long)header.StoredWidth * header.StoredHeight > options.PixelLimit)
            throw new InvalidDataException($"{name}: its header announces {header.StoredWidth}×{header.StoredHeight} pixels, at "
                + $"most {options.PixelLimit:N0} in all are read. Make it smaller, or raise DecodeOptions.PixelLimit.");
        return header;
    }

    static Bitmap ReadPixels(VipsImage image, Colour background, bool borrowed)
    {
        const Enums.BandFormat bytes = Enums.BandFormat.Uchar;
        if (image.Format == bytes && image.Interpretation is Enums.Interpretation.Srgb or Enums.Interpretation.Bw)
            return Collect(image, background, borrowed);
        // libvips counts references: an image that others are computed from may be released before or after them.
        using var rgb = image.Interpretation == Enums.Interpretation.Cmyk
            ? image.IccTransform("srgb", inputProfile: "cmyk", embedded: true)
            : image.Colourspace(Enums.Interpretation.Srgb);
        if (rgb.Format == bytes)
            return Collect(rgb, background, borrowed);
        using var cast = rgb.Cast(bytes);
        return Collect(cast, background, borrowed);
    }

    static Bitmap Collect(VipsImage image, Colour background, bool borrowed)
    {
        var bands = image.Bands;
        var bitmap = Bitmap.Unwritten(image.Width, image.Height, 3, borrowed);
        // Where this throws, a borrowed array is left to the garbage collector, which the pool allows.
        image.ReadStrips((top, rows) =>
            Flatten(rows, bands, background, bitmap.Pixels.AsSpan(top * bitmap.RowBytes, rows.Length / bands * 3)));
        return bitmap;
    }

    /// <summary>Grey, grey with alpha, colours or colours with alpha → red, green, blue.</summary>
    internal static void Flatten(ReadOnlySpan<byte> from, int bands, Colour background, Span<byte> to)
    {
        if (bands == 3)
        {
            from.CopyTo(to);
            return;
        }
        var (green, blue) = bands >= 3 ? (1, 2) : (0, 0);
        var alpha = bands is 2 or 4 ? bands - 1 : -1;
        for (int source = 0, target = 0; target < to.Length; source += bands, target += 3)
        {
            var share = alpha < 0 ? 255 : from[source + alpha];
            to[target] = Over(from[source], background.Red, share);
            to[target + 1] = Over(from[source + green], background.Green, share);
            to[target + 2] = Over(from[source + blue], background.Blue, share);
        }
    }

    static byte Over(int colour, int background, int share) => (byte)((colour * share + background * (255 - share) + 127) / 255);

    static T Checked<T>(ReadOnlyMemory<byte> encoded, string name, ImageFormat format, Func<Header>? header, Func<T> work)
    {
        // A library that is not there is not the picture's fault.
        Vips.EnsureStarted();
        try
        {
            return Vips.Run(work);
        }
        catch (VipsException error)
        {
            throw Unreadable(encoded.Length, name, format, header?.Invoke() ?? default, error);
        }
    }

    static InvalidDataException Unreadable(int length, string name, ImageFormat format, Header header, VipsException error)
    {
        string[] cut = ["premature end", "end of file", "end of data", "truncated", "read error", "not enough", "unexpected eof",
            "out of data"];
        var said = Vips.Said(error);
        var kind = format.ToString().ToUpperInvariant();
        var ends = cut.Any(words => said.Contains(words, StringComparison.OrdinalIgnoreCase));
        var promise = header.StoredWidth > 0 ? $"its header promises {header.StoredWidth}×{header.StoredHeight} pixels"
            : "its header is not whole";
        var reason = ends ? $"{kind} ends early, after {length:N0} bytes; {promise}" : $"{kind} is damaged";
        return new InvalidDataException($"{name}: {reason} (libvips: {said.ReplaceLineEndings("; ")}). Fetch it again or delete it.",
            error);
    }
}
