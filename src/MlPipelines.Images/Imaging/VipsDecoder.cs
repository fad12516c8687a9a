using System.Buffers.Binary;
using MlPipelines.Imaging.Jpeg;
using NetVips;
using VipsImage = NetVips.Image;

namespace MlPipelines.Imaging;

/// <summary>Decoding with libvips: all that no decoder of our own takes, and whatever one of them found out of order.</summary>
static class VipsDecoder
{
    // What libvips takes.
    const int LongestSide = 100_000_000;

    internal static Header ReadHeader(EncodedPicture picture) => Checked(picture, null, () =>
    {
        using var image = VipsReading.Load(picture.Bytes, picture.Format);
        return HeaderOf(picture.Format, image).Accepted(picture.Name, picture.Options);
    }, out _);

    /// <summary>Decodes a picture, upright.</summary>
    /// <param name="picture">What, and how.</param>
    /// <param name="header">What its head says, where that is known.</param>
    /// <param name="most">How much memory it may take.</param>
    /// <param name="bytes">How much it takes, about.</param>
    /// <returns>Null where it takes more.</returns>
    /// <exception cref="InvalidDataException">It cannot be decoded whole; the message begins with the name.</exception>
    internal static DecodedPicture? Decode(EncodedPicture picture, Header header, long most, out long bytes)
    {
        // The work may run twice, and goes on with what its first run found.
        var (found, needed) = (header, 0L);
        string? remark;
        Bitmap? bitmap;
        try
        {
            bitmap = Checked(picture, () => found, () => Pixels(picture.Format == ImageFormat.Jpeg ? Enums.FailOn.Warning
                : Enums.FailOn.Error), out remark);
        }
        catch (InvalidDataException damage) when (damage.InnerException is VipsException warned
            && picture.Format == ImageFormat.Jpeg && DecoderRemark.IsHarmless(Vips.Said(warned)))
        {
            remark = Vips.Said(warned);
            if (HiddenLoss(picture) is { } loss)
                throw Unreadable(picture, found, loss);
            bitmap = Checked(picture, () => found, () => Pixels(Enums.FailOn.Error), out _);
        }
        bytes = needed;
        if (bitmap is null)
            return null;
        if (remark is not null && IsLoss(picture.Format, remark))
            throw Unreadable(picture, found, remark);
        return new(found, Orientation.Apply(bitmap, found.Orientation, picture.Borrowed), remark);

        Bitmap? Pixels(Enums.FailOn failOn)
        {
            // 1 without a header, which then decides.
            var shrink = picture.Shrink(found);
            using var image = VipsReading.Load(picture.Bytes, picture.Format, shrink, failOn: failOn);
            if (shrink == 1)
                found = HeaderOf(picture.Format, image).Accepted(picture.Name, picture.Options);
            shrink = picture.Shrink(found);
            needed = found.WorkingBytes(picture, WorkingBytesOfPixel(picture.Format, image), shrink);
            if (needed > most)
                return null;
            if (shrink == 1 || image.Width < found.StoredWidth)
                return ReadPixels(image, picture);
            using var small = VipsReading.Load(picture.Bytes, picture.Format, shrink, failOn: failOn);
            return ReadPixels(small, picture);
        }
    }

    static bool IsLoss(ImageFormat format, string remark) => format switch
    {
        ImageFormat.Jpeg => !DecoderRemark.IsHarmless(remark),
        ImageFormat.Tiff => DecoderRemark.IsLossOfTiff(remark),
        _ => false,
    };

    /// <summary>Draws an SVG at a multiple of its own size.</summary>
    internal static Bitmap DecodeSvg(EncodedPicture picture, double scale) => Checked(picture, null, () =>
    {
        using var image = VipsReading.Load(picture.Bytes, ImageFormat.Svg, scale: scale);
        HeaderOf(ImageFormat.Svg, image).Accepted(picture.Name, picture.Options);
        return ReadPixels(image, picture);
    }, out _);

    // What libvips and the libraries below hold of one pixel, beside the picture that they hand out row by row; measured.
    static int WorkingBytesOfPixel(ImageFormat format, VipsImage image)
    {
        var stored = image.Bands * (image.Format is Enums.BandFormat.Uchar ? 1 : 2);
        return format switch
        {
            // The coefficients of all scans, 16 bits each.
            ImageFormat.Jpeg when HasScans(image) => 2 * image.Bands,
            ImageFormat.Png when image.Number("interlaced", 0) != 0 => stored,
            ImageFormat.Tiff => stored,
            ImageFormat.WebP => 6,
            ImageFormat.Heif => 12,
            _ => 0,
        };
    }

    // libjpeg tells of its first warning only: a harmless one may stand before others. Without all that is not needed for the pixels, where
    // those are that do no harm, the first one that is left counts.
    static string? HiddenLoss(EncodedPicture picture)
    {
        var bare = BareJpeg.Of(picture.Bytes.Span);
        var (said, scans) = (default(string), false);
        try
        {
            Vips.Run(() =>
            {
                using var image = VipsReading.Load(bare, ImageFormat.Jpeg, failOn: Enums.FailOn.Warning);
                scans = HasScans(image);
                image.ReadStrips((_, _) => { });
                return true;
            }, out said);
        }
        catch (VipsException error)
        {
            said = Vips.Said(error);
        }
        return said is null || DecoderRemark.IsHarmless(said) && !(scans && DecoderRemark.LeavesScan(said)) ? null : said;
    }

    static bool HasScans(VipsImage jpeg) => jpeg.Number("jpeg-multiscan", 0) != 0;

    static Header HeaderOf(ImageFormat format, VipsImage image) =>
        new(format, image.Width, image.Height, Orientation.Known(image.Number("orientation", 1)));

    static Bitmap ReadPixels(VipsImage image, EncodedPicture picture)
    {
        const Enums.BandFormat bytes = Enums.BandFormat.Uchar;
        if (image.Format == bytes && image.Interpretation is Enums.Interpretation.Srgb or Enums.Interpretation.Bw)
            return Collect(image, picture);
        // libvips counts references: an image that others are computed from may be released before or after them.
        using var rgb = image.Interpretation == Enums.Interpretation.Cmyk
            ? image.IccTransform("srgb", inputProfile: "cmyk", embedded: true)
            : image.Colourspace(Enums.Interpretation.Srgb);
        if (rgb.Format == bytes)
            return Collect(rgb, picture);
        using var cast = rgb.Cast(bytes);
        return Collect(cast, picture);
    }

    static Bitmap Collect(VipsImage image, EncodedPicture picture)
    {
        var (bands, background, channels) = (image.Bands, picture.Options.Background, picture.Options.Channels);
        var bitmap = Bitmap.Unwritten(image.Width, image.Height, channels, picture.Borrowed);
        // Where this throws, a borrowed array is left to the garbage collector, which the pool allows.
        image.ReadStrips((top, rows) =>
            Flattening.Apply(rows, bands, background, bitmap.Pixels.AsSpan(top * bitmap.RowBytes, rows.Length / bands * channels),
                channels));
        return bitmap;
    }

    static T Checked<T>(EncodedPicture picture, Func<Header>? header, Func<T> work, out string? remark)
    {
        try
        {
            return Vips.Run(work, out remark);
        }
        catch (VipsException error)
        {
            throw Unreadable(picture, header?.Invoke() ?? default, Vips.Said(error), error);
        }
    }

    // The chunk that a PNG begins with.
    static (uint Width, uint Height) PngSize(ReadOnlyMemory<byte> bytes) => bytes.Length < 24 ? default
        : (BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[16..]), BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[20..]));

    static InvalidDataException Unreadable(EncodedPicture picture, Header header, string said, VipsException? error = null)
    {
        // A data segment that ends early has a marker within: nothing is cut off.
        string[] cut = ["premature end of jpeg", "end of file", "end of data", "truncated", "read error", "not enough", "unexpected eof",
            "out of data"];
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToArray();
        var kind = picture.Format.ToString().ToUpperInvariant();
        if (lines.Any(line => line.Contains("not supported", StringComparison.Ordinal)
            || line.Contains("Unsupported JPEG", StringComparison.Ordinal)))
            return new($"{picture.Name}: is a {kind} of a kind that is not read (libvips: {string.Join("; ", lines)}). Convert it.", error);
        if (picture.Format == ImageFormat.Png && PngSize(picture.Bytes) is var (width, height)
            && Math.Max(width, height) > LongestSide)
            return new($"{picture.Name}: its header announces {width}×{height} pixels, at most {LongestSide:N0} a side are read. Make it "
                + "smaller, or delete it.", error);
        var ends = lines.Any(line => !line.EndsWith("data segment", StringComparison.Ordinal)
            && cut.Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase)));
        var promise = header.StoredWidth > 0 ? $"its header promises {header.StoredWidth}×{header.StoredHeight} pixels"
            : "its header is not whole";
        var reason = ends ? $"{kind} ends early, after {picture.Bytes.Length:N0} bytes; {promise}" : $"{kind} is damaged";
        return new($"{picture.Name}: {reason} (libvips: {string.Join("; ", lines)}). Fetch it again or delete it.", error);
    }
}
