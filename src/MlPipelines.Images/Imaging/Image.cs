namespace MlPipelines.Imaging;

/// <summary>A picture, 8 bits a channel, rows from top to bottom, channels interleaved; immutable,
/// and safe to use from several threads.</summary>
/// <remarks>
/// One made from a file or from encoded bytes is read when it is first asked for something: its size from the header alone,
/// its pixels when they are needed.
/// JPEG, PNG, GIF and WebP (first frame), TIFF (first page), BMP, AVIF, PPM, PGM and PBM are read, told by their content.
/// The result is upright (EXIF orientation applied)
/// and sRGB: grey is repeated, CMYK converted by its own profile or a standard one, 16 bits scaled to 8,
/// transparency laid over the background, or kept (<see cref="DecodeOptions.KeepsAlpha"/>).
/// Colour profiles of RGB files are not applied.
/// </remarks>
public sealed partial class Image
{
    readonly EncodedImage? encoded;
    readonly Resizing? resizing;
    // Its array is its own and of exactly its pixels. Two threads may decode at once; they get the same pixels, and either is kept.
    volatile Bitmap? decoded;
    // What it shows laid over white; null for one whose pixels are its own.
    readonly Bitmap? transparent;

    Image(Bitmap bitmap) => decoded = bitmap;

    Image(Bitmap shown, Bitmap transparent) => (decoded, this.transparent) = (shown, transparent);

    Image(EncodedImage encoded, Resizing? resizing = null) => (this.encoded, this.resizing) = (encoded, resizing);

    /// <summary>Version of the libvips library found.</summary>
    public static string LibraryVersion => Vips.Version;

    /// <summary>In pixels, upright.</summary>
    public int Width => decoded?.Width ?? resizing?.Width ?? encoded!.Header.Width;

    /// <summary>In pixels, upright.</summary>
    public int Height => decoded?.Height ?? resizing?.Height ?? encoded!.Header.Height;

    /// <summary>3 (red, green, blue), 1 (grey) or 4 (red, green, blue and alpha, the colours not multiplied with it).</summary>
    public int Channels => decoded?.Channels ?? encoded!.Channels;

    /// <summary>Height × Width × Channels bytes.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, no picture or too large;
    /// the message begins with its path.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ReadOnlySpan<byte> Pixels => Bitmap.Pixels;

    /// <summary>What the decoder objected to when the file was decoded, though no pixel is missing; null for nothing.</summary>
    internal string? Remark => encoded?.Remark;

    /// <summary>Path of the file that it is read from each time; null where it holds its bytes or pixels.</summary>
    internal string? FilePath => encoded is { IsOnDisk: true, Name: var path } ? path : null;

    /// <summary>The size that it is brought to before it is decoded, and how; empty for its own.</summary>
    internal string Resized => resizing?.ToString() ?? "";

    /// <summary>This picture, its pixels decoded: what is wrong with its file shows now.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, no picture or too large;
    /// the message begins with its path.</exception>
    internal Image Decoded()
    {
        decoded = Bitmap;
        return this;
    }

    /// <summary>The same picture, not decoded yet where it was made from a file or its bytes,
    /// so that the pixels are let go of with what is returned.</summary>
    internal Image Again() => encoded is null ? this : new(encoded, resizing);

    /// <summary>The bytes of its file that it holds; null where it reads them when they are needed, or has only pixels.</summary>
    internal ReadOnlyMemory<byte>? HeldBytes => encoded?.Held;

    /// <summary>Whether it has pixels only, and no file that they could be read from again.</summary>
    internal bool IsPixels => encoded is null;

    /// <summary>The same picture over those bytes of its file.</summary>
    internal Image Holding(ReadOnlyMemory<byte> bytes) => new(encoded!.Holding(bytes), resizing);

    Bitmap Bitmap => decoded ??= resizing is { } to ? encoded!.Resize(to.Width, to.Height, to.Kind, to.Anchor).Bitmap : encoded!.Decode();

    readonly record struct Resizing(int Width, int Height, ResizingKind Kind, Anchor Anchor);

    /// <summary>The share of its own pixels that is cut away where it is brought to its size, or else to that one, and its own size; null
    /// where nothing is cropped, or its own size is not known.</summary>
    /// <param name="width">Width that it is brought to where it has none to be brought to.</param>
    /// <param name="height">The height.</param>
    /// <param name="kind">How.</param>
    /// <exception cref="InvalidDataException">Its header cannot be read.</exception>
    internal (double Share, int Width, int Height)? CutAway(int width, int height, ResizingKind kind)
    {
        var to = resizing ?? new(width, height, kind, Anchor.Center);
        if (to.Kind != ResizingKind.IsoCrop || encoded is null && resizing is not null)
            return null;
        var (ownWidth, ownHeight) = encoded is null ? (Width, Height) : (encoded.Header.Width, encoded.Header.Height);
        var (across, down) = (to.Width / (double)ownWidth, to.Height / (double)ownHeight);
        return (1 - Math.Min(across, down) / Math.Max(across, down), ownWidth, ownHeight);
    }

    /// <summary>A hash of the file that it was made from, or of its pixels where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is no picture.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal PixelCacheKey ContentKey() => encoded?.ContentKey() ?? PixelCacheKey.OfContent(Pixels);

    /// <summary>A picture over the pixels given, which are not copied and no longer written to.</summary>
    /// <param name="width">In pixels, at least 1.</param>
    /// <param name="height">In pixels, at least 1.</param>
    /// <param name="channels">3, 1, or 4 with alpha, colours not multiplied with it.</param>
    /// <param name="pixels">Height × width × channels bytes.</param>
    public static Image FromPixels(int width, int height, int channels, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        Check.AtLeast(width, 1);
        Check.AtLeast(height, 1);
        if (channels is not (1 or 3 or Bitmap.RgbaChannels))
            throw new ArgumentOutOfRangeException(nameof(channels), $"channels: got {channels}, needs 1, 3 or 4.");
        if (pixels.Length != (long)width * height * channels)
            throw new ArgumentException($"pixels: got {pixels.Length} bytes, "
                + $"needs {(long)width * height * channels} for {width}×{height}×{channels}.", nameof(pixels));
        return new(new Bitmap(width, height, channels, pixels));
    }

    /// <summary>A picture of red, green and blue that lies over white what was transparent, and still knows it
    /// (<see cref="AsGiven"/>).</summary>
    /// <param name="transparent">Of four channels.</param>
    internal static Image LaidOverWhite(Image transparent) => new(transparent.Bitmap.OverWhite(), transparent.Bitmap);

    /// <summary>The picture in a file; nothing is read yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Background of transparent parts or whether they are kept, limit of size.</param>
    /// <param name="cache">Where <see cref="Resize"/> looks before it decodes, and keeps what it made; null for nowhere.</param>
    public static Image FromFile(string path, DecodeOptions? options = null, PixelCache? cache = null) =>
        new(new EncodedImage(Check.Named(path), null, options ?? DecodeOptions.Default, cache));

    /// <summary>The picture in the bytes of a file; nothing is decoded yet.</summary>
    /// <param name="encoded">The bytes, which are not copied and no longer written to.</param>
    /// <param name="name">What messages call the picture.</param>
    /// <param name="options">Background of transparent parts or whether they are kept, limit of size.</param>
    /// <param name="cache">Where <see cref="Resize"/> looks before it decodes, and keeps what it made; null for nowhere.</param>
    public static Image FromBytes(ReadOnlyMemory<byte> encoded, string name = "image", DecodeOptions? options = null,
        PixelCache? cache = null) =>
        new(new EncodedImage(Check.Named(name), encoded, options ?? DecodeOptions.Default, cache));

    /// <summary>The picture in the bytes of a file that are read when they are needed, and not kept.</summary>
    /// <param name="read">Reads them, each time anew.</param>
    /// <param name="name">What messages call the picture.</param>
    /// <param name="cache">Where <see cref="Resize"/> looks before it decodes, and keeps what it made; null for nowhere.</param>
    internal static Image FromReader(Func<byte[]> read, string name, PixelCache? cache = null) =>
        new(new EncodedImage(name, null, DecodeOptions.Default, cache, read));

    /// <summary>The picture in that size, antialiased (triangle filter: bilinear where it is enlarged).</summary>
    /// <param name="width">In pixels, at least 1.</param>
    /// <param name="height">In pixels, at least 1.</param>
    /// <param name="kind">How a picture of another shape is fitted in.</param>
    /// <param name="anchor">The part that <see cref="ResizingKind.IsoCrop"/> keeps.</param>
    /// <returns>A picture of exactly that size; this one if it has that size already.</returns>
    /// <remarks>A JPEG not decoded yet is decoded at a half, a quarter or an eighth of its size where that is
    /// still at least twice the size wanted. Colours with alpha are mixed by their alpha; the bars of <see cref="ResizingKind.IsoPad"/> are
    /// black and go on with the alpha of the picture's edge.</remarks>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, no picture or too large;
    /// the message begins with its path.</exception>
    public Image Resize(int width, int height, ResizingKind kind = ResizingKind.IsoCrop, Anchor anchor = Anchor.Center)
    {
        Check.AtLeast(width, 1);
        Check.AtLeast(height, 1);
        if (resizing is { } own && own.Width == width && own.Height == height)
            return this;
        if ((resizing is null ? decoded : Bitmap) is { } bitmap)
            return bitmap.Width == width && bitmap.Height == height
                ? this
                : new(Resampler.Resize(bitmap, new(bitmap.Width, bitmap.Height), new(width, height), kind, anchor));
        var (resized, same) = encoded!.Resize(width, height, kind, anchor);
        if (!same)
            return new(resized);
        decoded = resized;
        return this;
    }

    /// <summary>The picture in that size as <see cref="Resize"/> makes it, when it is first asked for its pixels;
    /// what is wrong with the file shows then.</summary>
    internal Image ResizeLater(int width, int height, ResizingKind kind, Anchor anchor) => encoded is null || decoded is not null
        || resizing is not null
        ? Resize(width, height, kind, anchor)
        : new(encoded, new Resizing(Check.AtLeast(width, 1), Check.AtLeast(height, 1), kind, anchor));

    /// <summary>The SHA-256 of its file's bytes; null where it has only pixels.</summary>
    /// <exception cref="InvalidDataException">The file is no picture.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal PixelCacheKey? Content() => encoded?.Read().Content;

    /// <summary>The picture with its file's bytes read, and what its pixels are found by: those bytes and all that is done to them. Null
    /// where it was not made from a file, or from one that may have changed since it was decoded.</summary>
    /// <exception cref="InvalidDataException">The file is no picture.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal (Image Read, PixelCacheKey Key)? Source()
    {
        if (encoded is null || decoded is not null && !encoded.IsRead)
            return null;
        var (read, content, options) = encoded.Read();
        return (new(read, resizing),
            resizing is { } to ? content.Resized(to.Width, to.Height, to.Kind, to.Anchor, options)
            : content.Resized(0, 0, ResizingKind.Fill, Anchor.Center, options));
    }

    /// <summary>A part of the picture.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie within the picture.</exception>
    public Image Crop(int left, int top, int width, int height)
    {
        var bitmap = Bitmap;
        Check.Within(left, 0, bitmap.Width - 1);
        Check.Within(top, 0, bitmap.Height - 1);
        Check.Within(width, 1, bitmap.Width - left);
        Check.Within(height, 1, bitmap.Height - top);
        var row = width * bitmap.Channels;
        var pixels = new byte[height * row];
        for (var y = 0; y < height; y++)
            bitmap.Row(top + y).Slice(left * bitmap.Channels, row).CopyTo(pixels.AsSpan(y * row));
        return new(new Bitmap(width, height, bitmap.Channels, pixels));
    }

    /// <summary>The picture mirrored, left for right.</summary>
    public Image FlipHorizontal() => new(Orientation.Apply(Bitmap, 2));

    /// <summary>The picture in one channel: 0.299 red + 0.587 green + 0.114 blue; what is transparent lies over white.</summary>
    /// <remarks>Source: ITU-R BT.601-7, §2.5.1; in units of 2⁻¹⁶, rounded.</remarks>
    public Image ToGrayscale()
    {
        var bitmap = Bitmap.OverWhite();
        if (bitmap.Channels == 1)
            return this;
        var (from, grey) = (bitmap.Pixels, new byte[bitmap.Width * bitmap.Height]);
        for (var i = 0; i < grey.Length; i++)
            grey[i] = (byte)(from[3 * i] * 19595 + from[3 * i + 1] * 38470 + from[3 * i + 2] * 7471 + 32768 >> 16);
        return new(new Bitmap(bitmap.Width, bitmap.Height, 1, grey));
    }

    /// <summary>The picture in three channels; grey is repeated, and what is transparent lies over white.</summary>
    public Image ToRgb()
    {
        if (Channels == 3)
            return this;
        var bitmap = Bitmap;
        var result = Bitmap.Unwritten(bitmap.Width, bitmap.Height, 3);
        Flattening.Apply(bitmap.Pixels, bitmap.Channels, Colour.White, result.Pixels);
        return new(result);
    }

    /// <summary>The picture in four channels, the last of which is alpha: 255 everywhere where it has none.</summary>
    public Image ToRgba() => Channels == Bitmap.RgbaChannels ? this : new(Bitmap.Opaque());

    /// <summary>The transparent picture that this one was laid over white from; itself where it was not.</summary>
    internal Image AsGiven => transparent is null ? this : new(transparent);

    /// <summary>Whether a pixel has an alpha of less than 255.</summary>
    internal bool IsTransparent => Channels == Bitmap.RgbaChannels && Bitmap.HasTransparency;

    /// <summary>The picture in four channels, with the alpha that its file has, or that it was laid over white from; a file is not decoded
    /// yet.</summary>
    internal Image WithAlpha() => Channels == Bitmap.RgbaChannels ? this
        : transparent is not null ? new(transparent)
        : encoded is not null ? new(encoded.With(alpha: true), resizing) : ToRgba();

    /// <summary>The picture without alpha, what is transparent over white; one that has none as it is. A file is not decoded yet.</summary>
    internal Image WithoutAlpha() => transparent is not null ? new(Bitmap)
        : Channels != Bitmap.RgbaChannels ? this
        : encoded is not null && decoded is null ? new(encoded.With(alpha: false), resizing) : ToRgb();

    /// <summary>The picture with its colours changed, and its alpha, where it has any, as it is.</summary>
    /// <param name="change">Changes a picture without alpha, in its own size.</param>
    internal Image WithColours(Func<Image, Image> change)
    {
        var bitmap = Bitmap;
        if (!bitmap.HasAlpha)
            return change(this);
        var colours = Bitmap.Unwritten(bitmap.Width, bitmap.Height, 3);
        for (int from = 0, to = 0; to < colours.Pixels.Length; from += Bitmap.RgbaChannels, to += 3)
            bitmap.Pixels.AsSpan(from, 3).CopyTo(colours.Pixels.AsSpan(to));
        var changed = change(new(colours)).Bitmap.Opaque();
        for (var alpha = 3; alpha < changed.Pixels.Length; alpha += Bitmap.RgbaChannels)
            changed.Pixels[alpha] = bitmap.Pixels[alpha];
        return new(changed);
    }

    /// <summary>Writes the picture, whole or not at all, in the format of the extension: .jpg, .jpeg, .png or .webp. JPEG has no alpha:
    /// what is transparent lies over white there.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="quality">Of JPEG and WebP, from 1 to 100.</param>
    /// <exception cref="ArgumentException">The extension is none of these.</exception>
    /// <exception cref="IOException">It could not be written; nothing of it is left.</exception>
    public void Save(string path, int quality = 90) => AtomicFile.Write(path, Encode(Path.GetExtension(Check.Named(path)), quality));

    /// <summary>The bytes of the picture as a file with that extension: .jpg, .jpeg, .png or .webp.</summary>
    public byte[] Encode(string extension, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(extension);
        return Encoder.Encode(Bitmap, extension, Check.Within(quality, 1, 100));
    }

    /// <inheritdoc/>
    public override string ToString() => (resizing is null ? encoded?.Name : null) ?? $"image {Width}×{Height}×{Channels}";
}
