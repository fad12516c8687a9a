namespace MlPipelines.Imaging;

/// <summary>A picture as a file holds it.</summary>
/// <param name="name">Path of the file, or what messages call the bytes.</param>
/// <param name="bytes">The bytes; null to read them from the path.</param>
/// <param name="options">How it is decoded.</param>
sealed class EncodedImage(string name, ReadOnlyMemory<byte>? bytes, DecodeOptions options)
{
    const int HeadBytes = 1 << 16;

    readonly Lazy<Header> header = new(() => ReadHeader(name, bytes, options), LazyThreadSafetyMode.PublicationOnly);

    internal string Name => name;

    internal Header Header => header.Value;

    internal Bitmap Decode() => Decoder.Decode(Bytes, name, options).Bitmap;

    internal (Header Header, Bitmap Bitmap) Decode(Func<Header, double> reduction) => Decoder.Decode(Bytes, name, options, reduction);

    ReadOnlyMemory<byte> Bytes => bytes ?? File.ReadAllBytes(name);

    static Header ReadHeader(string name, ReadOnlyMemory<byte>? bytes, DecodeOptions options) =>
        bytes is { } whole ? Decoder.ReadHeader(whole, name, options) : HeaderOfHead(name, options) ?? Decoder.ReadHeader(File.ReadAllBytes(name), name, options);

    // The head of a large photograph says it all, unless a long profile comes first.
    static Header? HeaderOfHead(string name, DecodeOptions options)
    {
        using var file = File.OpenHandle(name);
        if (RandomAccess.GetLength(file) <= HeadBytes)
            return null;
        var head = new byte[HeadBytes];
        var length = RandomAccess.Read(file, head, 0);
        if (ImageFormats.Of(head.AsSpan(0, length), name) != ImageFormat.Jpeg)
            return null;
        try
        {
            return Decoder.ReadHeader(head.AsMemory(0, length), name, options);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
