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

    internal long Pixels => (long)StoredWidth * StoredHeight;

    /// <summary>This header, if its picture is within the limits.</summary>
    /// <exception cref="InvalidDataException">It announces nothing or too much; the message begins with the name.</exception>
    internal Header Accepted(string name, DecodeOptions options)
    {
        if (StoredWidth < 1 || StoredHeight < 1)
            throw new InvalidDataException(
                $"{name}: its header announces {StoredWidth}×{StoredHeight} pixels, needs at least 1×1. Delete it.");
        if (Pixels > options.PixelLimit)
            throw new InvalidDataException($"{name}: its header announces {StoredWidth}×{StoredHeight} pixels, at "
                + $"most {options.PixelLimit:N0} in all are read. Make it smaller, or raise DecodeOptions.PixelLimit in a program.");
        return this;
    }

    /// <summary>About how much memory it takes to decode the picture.</summary>
    /// <param name="picture">What it is decoded from.</param>
    /// <param name="working">Bytes a pixel that the decoder holds beside the picture that comes out.</param>
    /// <param name="shrink">How many times smaller that is, on either side.</param>
    /// <exception cref="InvalidDataException">It is more than the limit; the message begins with the name.</exception>
    internal long WorkingBytes(EncodedPicture picture, int working, int shrink = 1)
    {
        // Turning makes a second one of the picture that comes out.
        var pixel = picture.Options.Channels * (Orientation > 1 ? 2 : 1);
        var bytes = picture.Bytes.Length + Pixels * working + Pixels / (shrink * shrink) * pixel;
        return bytes <= picture.Options.MemoryLimit ? bytes
            : throw new InvalidDataException($"{picture.Name}: a {Format.ToString().ToUpperInvariant()} of {StoredWidth}×{StoredHeight} "
                + $"pixels, which takes {bytes:N0} bytes of memory to decode, at most {picture.Options.MemoryLimit:N0} are used. "
                + "Make it smaller, or raise DecodeOptions.MemoryLimit in a program.");
    }
}
