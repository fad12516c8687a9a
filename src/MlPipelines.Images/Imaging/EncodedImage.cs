using Microsoft.Win32.SafeHandles;

namespace MlPipelines.Imaging;

/// <summary>A picture as a file holds it.</summary>
/// <param name="name">Path of the file, or what messages call the bytes.</param>
/// <param name="bytes">The bytes; null to read them from the path.</param>
/// <param name="options">How it is decoded.</param>
/// <param name="cache">Where resized pixels are looked for first, and kept.</param>
/// <param name="read">Reads the bytes anew each time; null where they are held, or are those of the file of that name.</param>
sealed class EncodedImage(string name, ReadOnlyMemory<byte>? bytes, DecodeOptions options, PixelCache? cache, Func<byte[]>? read = null)
{
    const int HeadBytes = 1 << 16, FormatBytes = 1 << 13;

    // PublicationOnly remembers no exception: a file that could not be read may be there the next time.
    readonly Lazy<Header> header =
        new(() => ReadHeader(name, read is null ? bytes : read(), options), LazyThreadSafetyMode.PublicationOnly);

    internal string Name => name;

    internal bool IsRead => bytes is not null;

    internal ReadOnlyMemory<byte>? Held => bytes;

    internal bool IsOnDisk => bytes is null && read is null;

    internal EncodedImage Holding(ReadOnlyMemory<byte> held) => new(name, held, options, cache);

    internal Header Header => header.Value;

    /// <summary>Of its pixels, once they are decoded.</summary>
    internal int Channels => options.Channels;

    /// <summary>The same, whose pixels come with their alpha or without it.</summary>
    internal EncodedImage With(bool alpha) => new(name, bytes, options with { KeepsAlpha = alpha }, cache, read);

    /// <summary>The same with its bytes read, their hash, and how they are decoded.</summary>
    internal (EncodedImage Image, PixelCacheKey Content, DecodeOptions Options) Read()
    {
        var encoded = Bytes;
        return (bytes is null ? new(name, encoded, options, cache) : this, PixelCacheKey.OfContent(encoded.Span), options);
    }

    /// <summary>The hash of the file, which is not read where the cache has seen it and it has not changed since.</summary>
    internal PixelCacheKey ContentKey() => bytes is null && read is null && cache is not null && FileStamp.Of(name) is { } stamp
        && cache.Recall(name, stamp) is { } known ? known : PixelCacheKey.OfContent(Bytes.Span);

    /// <summary>What the decoder objected to when the picture was decoded last, though no pixel is missing; null for nothing.</summary>
    internal string? Remark { get; private set; }

    internal Bitmap Decode() => LargePictures.OneFile(Length, () =>
    {
        var decoded = Decoder.Decode(Bytes, name, options);
        Remark = decoded.Remark;
        return decoded.Bitmap;
    });

    /// <summary>The picture in another size, and whether that is its own.</summary>
    internal (Bitmap Bitmap, bool Same) Resize(int width, int height, ResizingKind kind, Anchor anchor) =>
        LargePictures.OneFile(Length, () => FindOrDecode(width, height, kind, anchor));

    (Bitmap Bitmap, bool Same) FindOrDecode(int width, int height, ResizingKind kind, Anchor anchor)
    {
        if (cache is null)
            return DecodeResized(Bytes, width, height, kind, anchor);
        // Before the bytes: if the file changes in between, the stamp is the old one, and the file is read again next time.
        var stamp = bytes is null && read is null ? FileStamp.Of(name) : null;
        if (stamp is { } now && cache.Recall(name, now) is { } known && Find(known) is { } remembered)
            return (remembered, false);
        var encoded = Bytes;
        var content = PixelCacheKey.OfContent(encoded.Span);
        if (Find(content) is { } found)
        {
            Remember(content);
            return (found, false);
        }
        var made = DecodeResized(encoded, width, height, kind, anchor);
        if (cache.Keep(content.Resized(width, height, kind, anchor, options), made.Bitmap))
            Remember(content);
        return made;

        Bitmap? Find(PixelCacheKey content) => cache.Find(content.Resized(width, height, kind, anchor, options), width, height,
            options.Channels);

        void Remember(PixelCacheKey content)
        {
            if (stamp is { } read)
                cache.Remember(name, read, content);
        }
    }

    (Bitmap Bitmap, bool Same) DecodeResized(ReadOnlyMemory<byte> encoded, int width, int height, ResizingKind kind, Anchor anchor)
    {
        var (header, smaller, remark) = Decoder.Decode(encoded, name, options,
            header => Placement.For(new(header.Width, header.Height), new(width, height), kind, anchor).Reduction);
        Remark = remark;
        if (header.Width == width && header.Height == height)
            // It is not smaller then. Kept and GiveBack both return the pool's array: exactly one of them, exactly once.
            return (smaller.Kept(), true);
        var resized = Resampler.Resize(smaller, new(header.Width, header.Height), new(width, height), kind, anchor);
        smaller.GiveBack();
        return (resized, false);
    }

    ReadOnlyMemory<byte> Bytes => bytes ?? read?.Invoke() ?? ReadWhole(name);

    // What is held lies in memory already.
    long Length => bytes is null && read is null && new FileInfo(name) is { Exists: true } file ? file.Length : 0;

    static Header ReadHeader(string name, ReadOnlyMemory<byte>? bytes, DecodeOptions options) =>
        bytes is { } whole ? Decoder.ReadHeader(whole, name, options)
        : HeaderOfHead(name, options) ?? Decoder.ReadHeader(ReadWhole(name), name, options);

    // A large file that is no picture is not read to its end.
    internal static byte[] ReadWhole(string name)
    {
        using var file = Open(name);
        var length = RandomAccess.GetLength(file);
        Span<byte> head = stackalloc byte[FormatBytes];
        ImageFormats.Of(head[..RandomAccess.Read(file, head, 0)], name);
        if (length > DecodeOptions.FileLimit)
            throw new InvalidDataException(
                $"{name}: holds {length:N0} bytes, at most {DecodeOptions.FileLimit:N0} are read. Make it smaller.");
        var whole = new byte[length];
        for (var done = 0; done < length;)
        {
            var read = RandomAccess.Read(file, whole.AsSpan(done), done);
            done += read > 0 ? read
                : throw new EndOfStreamException($"{name}: ends after {done:N0} of {length:N0} bytes, is it still being written?");
        }
        return whole;
    }

    // To open a pipe would wait for its other end; like a device it has no length.
    static SafeFileHandle Open(string name)
    {
        var file = new FileInfo(name);
        if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
            file = target;
        if (file.Exists && file.Length == 0)
            ImageFormats.Of([], name);
        return Directory.Exists(name)
            ? throw new InvalidDataException($"{name}: is a folder, an image file is needed. Name the images in it.")
            : !file.Exists && name.Contains('\uFFFD')
            ? throw new FileNotFoundException(
                $"{name}: not found under this name. Bytes that are no valid UTF-8 were replaced in it: rename the file.", name)
            : File.OpenHandle(name);
    }

    // The head of a large photograph says it all, unless a long profile comes first.
    static Header? HeaderOfHead(string name, DecodeOptions options)
    {
        using var file = Open(name);
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
