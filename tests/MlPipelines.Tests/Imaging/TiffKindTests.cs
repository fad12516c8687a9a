using System.Buffers.Binary;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Imaging;

public class TiffKindTests
{
    [Theory]
    [InlineData(2, 1, 8, true, null)]
    [InlineData(2, 1, 8, false, null)]
    [InlineData(6, 1, 8, true, "uncompressed YCbCr")]
    [InlineData(6, 1, 8, false, "uncompressed YCbCr")]
    [InlineData(8, 1, 8, true, "CIE Lab")]
    [InlineData(2, 3, 32, true, "floating-point numbers")]
    public void Kinds_that_are_no_red_green_and_blue_are_refused_by_name(int photometric, int sampleFormat, int bits, bool little,
        string? refused)
    {
        var image = Image.FromBytes(Tiff(photometric, sampleFormat, bits, little), "x.tif");
        if (refused is null)
            Assert.Equal([200, 100, 50], image.Pixels[..3].ToArray());
        else
            Assert.StartsWith($"x.tif: is a TIFF of {refused},", Assert.Throws<InvalidDataException>(() => image.Pixels.Length).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Old_style_JPEG_is_refused_however_the_tag_is_written(bool little)
    {
        foreach (var type in (int[])[1, 3, 4])
        {
            var file = Tiff(6, 1, 8, little);
            var entry = 10 + 12 * 3;
            Write(file, entry + 2, type, 2, little);
            Write(file, entry + 8, 6, type switch { 1 => 1, 3 => 2, _ => 4 }, little);
            Assert.StartsWith("x.tif: is a TIFF of old-style JPEG",
                Assert.Throws<InvalidDataException>(() => Image.FromBytes(file, "x.tif").Pixels.Length).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_BigTIFF_is_looked_into(bool little)
    {
        var file = new byte[16 + 8 + 20 + 8];
        file[0] = file[1] = (byte)(little ? 'I' : 'M');
        foreach (var (at, value, bytes) in ((int, int, int)[])[(2, 43, 2), (4, 8, 2), (8, 16, 8), (16, 1, 8), (24, 259, 2), (26, 3, 2),
            (28, 1, 8), (36, 6, 2)])
            Write(file, at, value, bytes, little);
        Assert.StartsWith("x.tif: is a TIFF of old-style JPEG",
            Assert.Throws<InvalidDataException>(() => Image.FromBytes(file, "x.tif").Pixels.Length).Message, StringComparison.Ordinal);
    }

    static void Write(byte[] file, int at, int value, int bytes, bool little)
    {
        for (var i = 0; i < bytes; i++)
            file[at + (little ? i : bytes - 1 - i)] = (byte)((long)value >> 8 * i);
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_unreadable_file_and_nothing_else()
    {
        var whole = Tiff(2, 1, 8, true);
        for (var length = 4; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Assert.Throws<InvalidDataException>(() => Image.FromBytes(cut, "x.tif").Pixels.Length);
        }
    }

    // One pixel, one strip; BitsPerSample and SampleFormat are three numbers each, and so lie outside their entries.
    static byte[] Tiff(int photometric, int sampleFormat, int bits, bool little)
    {
        (int Tag, int Count, int Value)[] entries = [(256, 1, 1), (257, 1, 1), (258, 3, -1), (259, 1, 1), (262, 1, photometric),
            (273, 1, -3), (277, 1, 3), (278, 1, 1), (279, 1, 3 * bits / 8), (284, 1, 1), (339, 3, -2)];
        var after = 8 + 2 + 12 * entries.Length + 4;
        var file = new byte[after + 12 + 3 * bits / 8];
        void Short(int at, int value)
        {
            if (little)
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);
            else
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at), (ushort)value);
        }
        void Long(int at, int value)
        {
            Short(at + (little ? 0 : 2), value);
            Short(at + (little ? 2 : 0), 0);
        }
        file[0] = file[1] = (byte)(little ? 'I' : 'M');
        Short(2, 42);
        Long(4, 8);
        Short(8, entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            var (at, (tag, count, value)) = (10 + 12 * i, entries[i]);
            Short(at, tag);
            Short(at + 2, 3);
            Long(at + 4, count);
            if (count > 1)
                Long(at + 8, after + (value == -1 ? 0 : 6));
            else
                Short(at + 8, value == -3 ? after + 12 : value);
        }
        for (var channel = 0; channel < 3; channel++)
        {
            Short(after + 2 * channel, bits);
            Short(after + 6 + 2 * channel, sampleFormat);
            if (bits == 8)
                file[after + 12 + channel] = (byte)(200 >> channel);
        }
        return file;
    }
}
