using System.Buffers.Binary;
using System.Numerics;

namespace MlPipelines.Imaging;

/// <summary>Windows bitmaps: 1, 4, 8, 16, 24 and 32 bits a pixel, palettes, bit fields, RLE4 and RLE8, either row order.</summary>
/// <remarks>Source: Microsoft, Bitmap Storage (wingdi.h), BITMAPCOREHEADER to BITMAPV5HEADER.</remarks>
readonly ref struct BmpReader
{
    const int FileHeader = 14;
    const int Rle8 = 1, Rle4 = 2, BitFields = 3, AlphaBitFields = 6;

    readonly ReadOnlySpan<byte> bytes;
    readonly string name;
    readonly int headerSize, width, height, bits, compression, dataOffset;
    readonly bool topDown;

    BmpReader(ReadOnlySpan<byte> bytes, string name)
    {
        this.bytes = bytes;
        this.name = name;
        headerSize = Number(FileHeader);
        if (headerSize is not (12 or >= 40 and <= 1024))
            throw Damaged($"has a header of {headerSize} bytes, needs 12 or 40 to 1024");
        var old = headerSize == 12;
        // A negative number of rows means that the first one is the upper one.
        var rows = old ? Short(20) : Number(22);
        width = old ? Short(18) : Number(18);
        bits = old ? Short(24) : Short(28);
        compression = old ? 0 : Number(30);
        if (rows == int.MinValue || width < 0)
            throw Damaged($"announces {width}×{rows} pixels");
        topDown = rows < 0;
        height = Math.Abs(rows);
        if (bits is not (1 or 4 or 8 or 16 or 24 or 32))
            throw Damaged($"has {bits} bits a pixel, needs 1, 4, 8, 16, 24 or 32");
        var colours = old || Number(46) is < 1 or > 256 ? 1 << bits : Number(46);
        dataOffset = Number(10);
        // Some writers leave the palette out of the offset.
        if (bits <= 8 && dataOffset == FileHeader + headerSize)
            dataOffset += colours * (old ? 3 : 4);
        var fits = compression switch
        {
            0 => true,
            Rle8 => bits == 8,
            Rle4 => bits == 4,
            BitFields or AlphaBitFields => bits is 16 or 32,
            _ => false
        };
        if (!fits)
            throw Damaged($"has compression {compression} with {bits} bits a pixel, which is not read");
    }

    internal static (int Width, int Height) ReadSize(ReadOnlySpan<byte> bytes, string name)
    {
        var reader = new BmpReader(bytes, name);
        return (reader.width, reader.height);
    }

    internal static Bitmap Read(ReadOnlySpan<byte> bytes, string name, DecodeOptions options, bool borrowed)
    {
        var reader = new BmpReader(bytes, name);
        var bitmap = Bitmap.Unwritten(reader.width, reader.height, reader.bits <= 8 ? 3 : options.Channels, borrowed);
        if (reader.bits <= 8)
            reader.ReadPalette(bitmap.Pixels);
        else
            reader.ReadDirect(bitmap, options.Background);
        return bitmap;
    }

    void ReadPalette(byte[] pixels)
    {
        var entry = headerSize == 12 ? 3 : 4;
        var start = FileHeader + headerSize;
        // What lies between header and pixels is the palette, whatever number of colours the header says.
        var colours = Math.Min(1 << bits, Math.Max(0, Math.Min(dataOffset, bytes.Length) - start) / entry);
        var indices = compression is Rle8 or Rle4 ? Unpack() : Indices();
        for (var i = 0; i < indices.Length; i++)
        {
            if (indices[i] >= colours)
                throw Damaged($"uses colour {indices[i]} of a palette of {colours}");
            var colour = bytes.Slice(start + indices[i] * entry, 3);
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = (colour[2], colour[1], colour[0]);
        }
    }

    byte[] Indices()
    {
        var indices = new byte[width * height];
        var (perByte, mask) = (8 / bits, (1 << bits) - 1);
        for (var y = 0; y < height; y++)
        {
            var row = Row(y);
            for (var x = 0; x < width; x++)
                indices[y * width + x] = (byte)(row[x / perByte] >> ((perByte - 1 - x % perByte) * bits) & mask);
        }
        return indices;
    }

    void ReadDirect(Bitmap bitmap, Colour background)
    {
        var (size, channels) = (bits / 8, bitmap.Channels);
        var masks = Masks();
        for (var y = 0; y < height; y++)
        {
            var row = Row(y);
            var to = bitmap.Pixels.AsSpan(y * bitmap.RowBytes, bitmap.RowBytes);
            for (var x = 0; x < width; x++)
            {
                var at = row.Slice(x * size, size);
                var value = size switch
                {
                    2 => BinaryPrimitives.ReadUInt16LittleEndian(at),
                    3 => (uint)(at[0] | at[1] << 8 | at[2] << 16),
                    _ => BinaryPrimitives.ReadUInt32LittleEndian(at)
                };
                ReadOnlySpan<byte> colour = [Part(value, masks.Red), Part(value, masks.Green), Part(value, masks.Blue),
                    masks.Alpha == 0 ? (byte)255 : Part(value, masks.Alpha)];
                Flattening.Apply(colour, 4, background, to.Slice(channels * x, channels), channels);
            }
        }
    }

    (uint Red, uint Green, uint Blue, uint Alpha) Masks()
    {
        if (compression is not (BitFields or AlphaBitFields))
            // Of 16 bits the highest, of 32 the last byte is unused, and written in any way: it is no alpha.
            return bits == 16 ? (0x7C00u, 0x3E0u, 0x1Fu, 0u) : (0xFF0000u, 0xFF00u, 0xFFu, 0u);
        // In the same place whether they belong to the header, from its second version on, or follow it.
        const int masks = FileHeader + 40;
        var alpha = headerSize >= 56 || compression == AlphaBitFields ? (uint)Number(masks + 12) : 0;
        return ((uint)Number(masks), (uint)Number(masks + 4), (uint)Number(masks + 8), alpha);
    }

    static byte Part(uint value, uint mask)
    {
        if (mask == 0)
            return 0;
        var shift = BitOperations.TrailingZeroCount(mask);
        var most = mask >> shift;
        return (byte)(((ulong)((value & mask) >> shift) * 255 + most / 2) / most);
    }

    byte[] Unpack()
    {
        var indices = new byte[width * height];
        // Pixels that are passed over, by an early end or a move, keep colour 0.
        var (at, x, y) = (dataOffset, 0, 0);
        while (y < height)
        {
            var (count, value) = (Byte(at), Byte(at + 1));
            at += 2;
            if (count > 0)
            {
                for (var i = 0; i < count; i++)
                    Put(indices, ref x, y, Packed(value, i));
                continue;
            }
            switch (value)
            {
                case 0:
                    (x, y) = (0, y + 1);
                    break;
                case 1:
                    return indices;
                case 2:
                    (x, y) = (x + Byte(at), y + Byte(at + 1));
                    if (x > width || y > height)
                        throw Damaged($"is damaged: it moves to column {x} and row {y} of {width}×{height} pixels");
                    at += 2;
                    break;
                default:
                    for (var i = 0; i < value; i++)
                        Put(indices, ref x, y, Packed(Byte(at + (bits == 8 ? i : i / 2)), i));
                    var stored = bits == 8 ? value : (value + 1) / 2;
                    // Stretches begin at whole words.
                    at += stored + stored % 2;
                    break;
            }
        }
        return indices;
    }

    int Packed(int value, int i) => bits == 8 ? value : i % 2 == 0 ? value >> 4 : value & 15;

    void Put(byte[] indices, ref int x, int y, int index)
    {
        // What goes beyond the end of a row is dropped, not continued in the next.
        if (x < width)
            indices[(topDown ? y : height - 1 - y) * width + x] = (byte)index;
        x++;
    }

    ReadOnlySpan<byte> Row(int y)
    {
        // Rows are filled up to four bytes. The last one need not be.
        var stride = ((long)width * bits + 31) / 32 * 4;
        var start = dataOffset + (topDown ? y : height - 1 - y) * stride;
        var length = ((long)width * bits + 7) / 8;
        return dataOffset >= 0 && start + length <= bytes.Length ? bytes.Slice((int)start, (int)length) : throw Cut();
    }

    int Byte(int at) => at >= 0 && at < bytes.Length ? bytes[at] : throw Cut();
    int Short(int at) => at + 2 <= bytes.Length ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : throw Cut();
    int Number(int at) => at + 4 <= bytes.Length ? BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]) : throw Cut();

    InvalidDataException Cut() =>
        new($"{name}: BMP ends early, after {bytes.Length:N0} bytes; its header promises {width}×{height} pixels. Fetch it again or "
            + "delete it.");
    InvalidDataException Damaged(string what) => new($"{name}: BMP {what}. Fetch it again or convert it.");
}
