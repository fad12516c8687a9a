using System.Buffers.Binary;

namespace MlPipelines.Imaging;

/// <summary>The first frame of a GIF on its canvas: local and global palettes, interlaced rows, a transparent colour.</summary>
/// <remarks>Source: CompuServe, Graphics Interchange Format, version 89a. What the frame does not cover is transparent, whatever background
/// colour the file names, and a frame that reaches over the canvas makes it larger: so browsers draw it.</remarks>
readonly ref struct GifReader
{
    const int ScreenEnd = 13, DescriptorBytes = 9;
    const byte ImageSeparator = 0x2C, Extension = 0x21, Trailer = 0x3B, GraphicControl = 0xF9;

    readonly ReadOnlySpan<byte> bytes;
    readonly string name;
    readonly int width, height;
    readonly int frameLeft, frameTop, frameWidth, frameHeight, dataOffset;
    readonly int transparent = -1;
    readonly bool interlaced;
    readonly ReadOnlySpan<byte> palette;

    GifReader(ReadOnlySpan<byte> bytes, string name)
    {
        this.bytes = bytes;
        this.name = name;
        (width, height) = (Short(6), Short(8));
        var at = ScreenEnd;
        var colours = Palette(Byte(10), ref at);
        at = FindFrame(at, out transparent);
        (frameLeft, frameTop, frameWidth, frameHeight) = (Short(at), Short(at + 2), Short(at + 4), Short(at + 6));
        var flags = Byte(at + 8);
        interlaced = (flags & 0x40) != 0;
        at += DescriptorBytes;
        var own = Palette(flags, ref at);
        palette = own.IsEmpty ? colours : own;
        dataOffset = at;
        if (frameWidth == 0 || frameHeight == 0)
            throw Damaged($"has a first frame of {frameWidth}×{frameHeight} pixels");
        (width, height) = (Math.Max(width, frameLeft + frameWidth), Math.Max(height, frameTop + frameHeight));
    }

    internal static (int Width, int Height) ReadSize(ReadOnlySpan<byte> bytes, string name)
    {
        var reader = new GifReader(bytes, name);
        return (reader.width, reader.height);
    }

    /// <exception cref="InvalidDataException">The first frame is not there whole, or uses colours that are not there.</exception>
    internal static Bitmap Read(ReadOnlySpan<byte> bytes, string name, DecodeOptions options, bool borrowed)
    {
        var reader = new GifReader(bytes, name);
        var indices = reader.Indices();
        var bitmap = Bitmap.Unwritten(reader.width, reader.height, options.Channels, borrowed);
        var canvas = bitmap.Pixels.AsSpan(0, bitmap.RowBytes * bitmap.Height);
        if (options.KeepsAlpha)
            canvas.Clear();
        else
            for (var at = 0; at < canvas.Length; at += 3)
                Put(canvas, at, options.Background);
        reader.Draw(indices, canvas, bitmap.Channels);
        return bitmap;
    }

    void Draw(byte[] indices, Span<byte> canvas, int channels)
    {
        Span<Colour> colours = stackalloc Colour[256];
        var known = ReadColours(colours);
        var row = 0;
        // Interlaced rows come in four passes.
        foreach (var (first, step) in interlaced ? ((int, int)[])[(0, 8), (4, 8), (2, 4), (1, 2)] : [(0, 1)])
            for (var y = first; y < frameHeight; y += step, row++)
            {
                var at = channels * ((frameTop + y) * width + frameLeft);
                foreach (var index in indices.AsSpan(row * frameWidth, frameWidth))
                {
                    if (index != transparent)
                    {
                        Put(canvas, at, index < known ? colours[index] : throw Damaged($"uses colour {index} of a palette of {known}"));
                        if (channels == 4)
                            canvas[at + 3] = byte.MaxValue;
                    }
                    at += channels;
                }
            }
    }

    // Without any palette the numbers are greys, as Pillow has it.
    int ReadColours(Span<Colour> colours)
    {
        for (var i = 0; i < colours.Length; i++)
            if (palette.IsEmpty)
                colours[i] = new((byte)i, (byte)i, (byte)i);
            else if (3 * i < palette.Length)
                colours[i] = new(palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]);
        return palette.IsEmpty ? colours.Length : palette.Length / 3;
    }

    byte[] Indices()
    {
        var literalBits = Byte(dataOffset);
        if (literalBits > 8)
            throw Damaged($"has colours of {literalBits} bits, needs at most 8");
        var indices = new byte[frameWidth * frameHeight];
        var data = Joined(dataOffset + 1, out var ends);
        var found = LzwCodes.Expand(data, literalBits, indices);
        return found == indices.Length ? indices
            : found is null ? throw Damaged("holds a code that stands for nothing")
            : ends ? throw Damaged($"holds {found:N0} of the {indices.Length:N0} pixels of its first frame")
            : throw Cut();
    }

    // The data of blocks up to an empty one, or up to the end of the file.
    byte[] Joined(int start, out bool ends)
    {
        var length = 0;
        var joined = new byte[bytes.Length - Math.Min(start, bytes.Length)];
        for (var at = start; at < bytes.Length; at += 1 + bytes[at])
        {
            if (bytes[at] == 0)
            {
                ends = true;
                return joined[..length];
            }
            var block = bytes.Slice(at + 1, Math.Min(bytes[at], bytes.Length - at - 1));
            block.CopyTo(joined.AsSpan(length));
            length += block.Length;
        }
        ends = false;
        return joined[..length];
    }

    ReadOnlySpan<byte> Palette(int flags, scoped ref int at)
    {
        if ((flags & 0x80) == 0)
            return default;
        var length = 3 << (flags & 7) + 1;
        if (at + length > bytes.Length)
            throw Cut();
        at += length;
        return bytes.Slice(at - length, length);
    }

    // What stands before the first frame: where its descriptor begins, and which colour is transparent in it.
    int FindFrame(int at, out int clear)
    {
        clear = -1;
        while (true)
            switch (Byte(at++))
            {
                case ImageSeparator:
                    return at;
                case Extension:
                    if (Byte(at) == GraphicControl && Byte(at + 1) >= 4)
                        clear = (Byte(at + 2) & 1) != 0 ? Byte(at + 5) : -1;
                    for (at++; Byte(at) != 0;)
                        at += 1 + Byte(at);
                    at++;
                    break;
                case 0:
                    // Some writers end a block twice.
                    break;
                case Trailer:
                    throw Damaged("holds no frame");
                case var other:
                    throw Damaged($"has a block of the unknown kind {other}");
            }
    }

    static void Put(Span<byte> canvas, int at, Colour colour) =>
        (canvas[at], canvas[at + 1], canvas[at + 2]) = (colour.Red, colour.Green, colour.Blue);

    int Byte(int at) => at < bytes.Length ? bytes[at] : throw Cut();
    int Short(int at) => at + 2 <= bytes.Length ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : throw Cut();

    InvalidDataException Cut() => new($"{name}: GIF ends early, after {bytes.Length:N0} bytes; "
        + (dataOffset > 0 ? $"its header promises {width}×{height} pixels" : "its header is not whole") + ". Fetch it again or delete it.");
    InvalidDataException Damaged(string what) => new($"{name}: GIF is damaged, it {what}. Fetch it again or delete it.");
}
