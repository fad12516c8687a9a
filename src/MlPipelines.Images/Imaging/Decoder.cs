using MlPipelines.Imaging.Jpeg;

namespace MlPipelines.Imaging;

/// <summary>Encoded bytes → upright pixels, red, green and blue, and alpha where it is kept, 8 bits.</summary>
static class Decoder
{
    /// <summary>Reads the head only.</summary>
    /// <exception cref="InvalidDataException">It is damaged, announces nothing or too much; the message begins with the name.</exception>
    internal static Header ReadHeader(ReadOnlyMemory<byte> encoded, string name, DecodeOptions options)
    {
        var format = ImageFormats.Of(encoded.Span, name);
        if (OwnHeader(encoded.Span, name, format) is { } own)
            return own.Accepted(name, options);
        if (format == ImageFormat.Jpeg && JpegFrameReader.Read(encoded.Span) is { } frame)
            return HeaderOf(frame).Accepted(name, options);
        if (format == ImageFormat.Tiff)
            TiffKind.Check(encoded.Span, name);
        return VipsDecoder.ReadHeader(new(encoded, name, format, options));
    }

    /// <summary>Decodes a picture, upright.</summary>
    /// <param name="encoded">The bytes of the file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">Background and limits.</param>
    /// <param name="reduction">How many times smaller than the header says the picture may come, if that is cheaper;
    /// null for full size.</param>
    /// <returns>The header, and the pixels, in full size or smaller; borrowed if <paramref name="reduction"/> is given.</returns>
    /// <exception cref="InvalidDataException">It cannot be decoded whole, or takes too much; the message begins with the name.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    internal static DecodedPicture Decode(ReadOnlyMemory<byte> encoded, string name, DecodeOptions options,
        Func<Header, double>? reduction = null)
    {
        var picture = new EncodedPicture(encoded, name, ImageFormats.Of(encoded.Span, name), options, reduction);
        if (picture.Format == ImageFormat.Tiff)
            TiffKind.Check(encoded.Span, name);
        return Decode(picture, LargePictures.SmallBytes, out var bytes)
            ?? LargePictures.Decode(name, bytes, options.TimeLimit, () => Decode(picture, long.MaxValue, out _)!.Value);
    }

    // Null where it takes more memory than that.
    static DecodedPicture? Decode(EncodedPicture picture, long most, out long bytes)
    {
        var encoded = picture.Bytes.Span;
        var name = picture.Name;
        if (OwnHeader(encoded, name, picture.Format) is { } own)
        {
            // The size is judged before memory is set aside for it. Indices of a palette take a byte a pixel.
            bytes = own.Accepted(name, picture.Options).WorkingBytes(picture, working: 1 + OpaqueBytes(picture));
            return bytes > most ? null : new(own, Kept(picture, picture.Format switch
            {
                ImageFormat.Bmp => BmpReader.Read(encoded, name, picture.Options, picture.Borrowed),
                ImageFormat.Gif => GifReader.Read(encoded, name, picture.Options, picture.Borrowed),
                _ => PnmReader.Read(encoded, name, picture.Borrowed),
            }));
        }
        if (picture.Format != ImageFormat.Jpeg || JpegFrameReader.Read(encoded) is not { } frame)
            return picture.Format != ImageFormat.Jpeg || !BareJpeg.IsContradictory(encoded)
                ? VipsDecoder.Decode(picture, default, most, out bytes)
                : throw new InvalidDataException($"{name}: JPEG is damaged: its header says that it is coded by arithmetic, but it has the "
                    + "tables of Huffman's code. Fetch it again or delete it.");
        var header = HeaderOf(frame).Accepted(name, picture.Options);
        bytes = header.WorkingBytes(picture, OpaqueBytes(picture), picture.Shrink(header));
        if (bytes > most)
            return null;
        // What our decoder refuses, be it damaged or only rare, libvips decodes or names the fault of; smaller sizes are libjpeg's own.
        if (picture.Shrink(header) > 1)
            return VipsDecoder.Decode(picture, header, most, out bytes);
        if (JpegDecoder.Decode(encoded, frame, picture.Borrowed, out var left) is { } bitmap)
            return new(header, Kept(picture, Orientation.Apply(bitmap, header.Orientation, picture.Borrowed)));
        return left <= MostStrayBytes ? VipsDecoder.Decode(picture, header, most, out bytes)
            : throw new InvalidDataException($"{name}: JPEG is damaged: {left:N0} bytes of its pixels are left when the "
                + $"{frame.Width}×{frame.Height} are read that its header promises. Fetch it again or delete it.");
    }

    // Some writers leave a few behind the last pixel; libvips says nothing of more.
    const int MostStrayBytes = 99;

    // What is read here without alpha, in the channels that are asked for.
    static Bitmap Kept(EncodedPicture picture, Bitmap bitmap) => picture.Options.KeepsAlpha ? bitmap.Opaque(picture.Borrowed) : bitmap;

    // Of a pixel, while it stands both without and with its alpha.
    static int OpaqueBytes(EncodedPicture picture) => picture.Options.KeepsAlpha ? 3 : 0;

    static Header? OwnHeader(ReadOnlySpan<byte> encoded, string name, ImageFormat format)
    {
        (int Width, int Height)? size = format switch
        {
            ImageFormat.Bmp => BmpReader.ReadSize(encoded, name),
            ImageFormat.Gif => GifReader.ReadSize(encoded, name),
            ImageFormat.Pnm => PnmReader.ReadSize(encoded, name),
            _ => null,
        };
        return size is { } known ? new Header(format, known.Width, known.Height, 1) : null;
    }

    static Header HeaderOf(JpegFrame frame) =>
        new(ImageFormat.Jpeg, frame.Width, frame.Height, Orientation.Known(frame.Orientation));
}
