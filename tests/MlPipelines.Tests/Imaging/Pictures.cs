using System.Buffers.Binary;
using System.IO.Compression;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Imaging;

/// <summary>Files of every kind, made byte by byte.</summary>
static class Pictures
{
    internal static readonly Colour Red = new(255, 0, 0), Green = new(0, 255, 0), Blue = new(0, 0, 255), White = new(255, 255, 255);

    /// <summary>Four quarters: red, green; blue, white.</summary>
    internal static Image Quarters(int width, int height) => Paint(width, height, (x, y) => (x < width / 2, y < height / 2) switch
    {
        (true, true) => Red,
        (false, true) => Green,
        (true, false) => Blue,
        _ => White,
    });

    internal static Image Paint(int width, int height, Func<int, int, Colour> colour)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            var at = colour(i % width, i / width);
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = (at.Red, at.Green, at.Blue);
        }
        return Image.FromPixels(width, height, 3, pixels);
    }

    internal static Image Noise(int width, int height, long seed)
    {
        var dice = Dice.For(seed);
        return Paint(width, height, (_, _) => new((byte)dice.Below(256), (byte)dice.Below(256), (byte)dice.Below(256)));
    }

    internal static Colour At(this Image image, int x, int y)
    {
        var at = (y * image.Width + x) * image.Channels;
        return new(image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }

    internal static bool IsNear(this Colour a, Colour b, int most) =>
        Math.Abs(a.Red - b.Red) <= most && Math.Abs(a.Green - b.Green) <= most && Math.Abs(a.Blue - b.Blue) <= most;

    /// <summary>An uncompressed file: equal sizes, equal lengths.</summary>
    internal static byte[] ToBmp(this Image image) => Bmp(image.Width, image.Height, 24, 0, [], [.. image.Pixels]);

    /// <summary>The same JPEG with an EXIF block that holds the orientation.</summary>
    internal static byte[] WithOrientation(byte[] jpeg, int orientation) =>
    [
        .. jpeg.AsSpan(0, 2), 0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1,
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, .. jpeg.AsSpan(2),
    ];

    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="bits">Bits of a channel.</param>
    /// <param name="colours">PNG's colour type.</param>
    /// <param name="rows">The rows, each after its filter byte.</param>
    /// <param name="chunks">What comes before the pixels: a palette, transparency.</param>
    internal static byte[] Png(int width, int height, byte bits, byte colours, byte[] rows,
        params ReadOnlySpan<(string Name, byte[] Content)> chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colours);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(rows);
        var file = new List<byte> { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10 };
        Chunk(file, "IHDR", header);
        foreach (var (name, content) in chunks)
            Chunk(file, name, content);
        Chunk(file, "IDAT", packed.ToArray());
        Chunk(file, "IEND", []);
        return [.. file];
    }

    static void Chunk(List<byte> file, string name, byte[] content)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(name), .. content];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.AddRange(number);
        file.AddRange(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.AddRange(number);
    }

    static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var part in bytes)
        {
            crc ^= part;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        }
        return ~crc;
    }

    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels; negative when the rows go from top to bottom.</param>
    /// <param name="bits">Bits of a pixel.</param>
    /// <param name="compression">BMP's number of it.</param>
    /// <param name="before">Palette or masks.</param>
    /// <param name="pixels">The pixels as stored.</param>
    internal static byte[] Bmp(int width, int height, short bits, int compression, byte[] before, byte[] pixels)
    {
        var file = new byte[54 + before.Length + pixels.Length];
        "BM"u8.CopyTo(file);
        var at = file.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(at[2..], file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(at[10..], 54 + before.Length);
        BinaryPrimitives.WriteInt32LittleEndian(at[14..], 40);
        BinaryPrimitives.WriteInt32LittleEndian(at[18..], width);
        BinaryPrimitives.WriteInt32LittleEndian(at[22..], height);
        BinaryPrimitives.WriteInt16LittleEndian(at[26..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(at[28..], bits);
        BinaryPrimitives.WriteInt32LittleEndian(at[30..], compression);
        BinaryPrimitives.WriteInt32LittleEndian(at[46..], bits <= 8 ? before.Length / 4 : 0);
        before.CopyTo(at[54..]);
        pixels.CopyTo(at[(54 + before.Length)..]);
        return file;
    }
}
