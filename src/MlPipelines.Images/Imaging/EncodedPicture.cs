namespace MlPipelines.Imaging;

/// <summary>What is decoded, and how.</summary>
/// <param name="Bytes">The bytes of the file.</param>
/// <param name="Name">What messages call it.</param>
/// <param name="Format">What the bytes are.</param>
/// <param name="Options">Background and limits.</param>
/// <param name="Reduction">How many times smaller than the header says the picture may come, if that is cheaper; null for full
/// size.</param>
sealed record EncodedPicture(ReadOnlyMemory<byte> Bytes, string Name, ImageFormat Format, DecodeOptions Options,
    Func<Header, double>? Reduction = null)
{
    /// <summary>Whether the pixels are soon given back.</summary>
    internal bool Borrowed => Reduction is not null;

    /// <summary>How many times smaller it is decoded; only JPEG is, since libjpeg does it at once.</summary>
    // Half of the reduction stays for the antialiased filter, which is the better of the two.
    internal int Shrink(Header header) => header.Format != ImageFormat.Jpeg || header.Width == 0 ? 1 : Reduction?.Invoke(header) switch
    {
        >= 16 => 8,
        >= 8 => 4,
        >= 4 => 2,
        _ => 1,
    };
}

/// <summary>A picture that was decoded whole.</summary>
/// <param name="Header">What its head said.</param>
/// <param name="Bitmap">Its pixels, upright, in full size or smaller.</param>
/// <param name="Remark">What the decoder objected to, though no pixel is missing; null for nothing.</param>
readonly record struct DecodedPicture(Header Header, Bitmap Bitmap, string? Remark = null);
