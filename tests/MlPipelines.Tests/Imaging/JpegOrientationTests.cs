using System.Buffers.Binary;
using MlPipelines.Imaging;
using MlPipelines.Imaging.Jpeg;

namespace MlPipelines.Tests.Imaging;

public class JpegOrientationTests
{
    static readonly byte[] photograph = Pictures.Noise(24, 16, 3).Encode(".jpg");

    [Fact]
    public void The_orientation_is_that_which_libvips_reads()
    {
        for (var orientation = 0; orientation <= 9; orientation++)
            foreach (var little in (bool[])[false, true])
            {
                var file = WithExif(
                    Directory(little, Entry(little, 256, 4, 1, 24), Entry(little, 274, 3, 1, orientation), Entry(little, 282, 5, 1, 8)));
                var own = JpegFrameReader.Read(file);
                Assert.Equal(orientation, own?.Orientation);
                Assert.Equal(VipsDecoder.ReadHeader(new(file, "image", ImageFormat.Jpeg, DecodeOptions.Default)),
                    Decoder.ReadHeader(file, "image", DecodeOptions.Default));
            }
    }

    [Fact]
    public void Blocks_out_of_order_are_left_to_libvips()
    {
        byte[][] blocks =
        [
            Directory(true, Entry(true, 274, 4, 1, 6)),
            Directory(true, Entry(true, 274, 3, 2, 6)),
            Directory(true, Entry(true, 274, 3, 0, 6)),
            Directory(true, Entry(true, 274, 13, 1, 6)),
            Directory(true, Entry(true, 274, 3, 1, 6), Entry(true, 274, 3, 1, 3)),
            Directory(true, Entry(true, 282, 5, 1, 5000), Entry(true, 274, 3, 1, 3)),
            Directory(true, Entry(true, 282, 5, int.MaxValue, 8), Entry(true, 274, 3, 1, 3)),
            [.. Directory(true, Entry(true, 274, 3, 1, 6)).AsSpan(0, 20)],
            [.. "Exif\0\0II*\0"u8, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0],
            [.. "Exif\0\0XX*\0"u8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [.. "Exif\0"u8],
        ];
        foreach (var block in blocks)
            Assert.Null(JpegFrameReader.Read(WithExif(block)));
    }

    [Fact]
    public void Any_bytes_in_the_block_give_the_orientation_that_libvips_reads()
    {
        var block =
            Directory(true, Entry(true, 256, 4, 1, 24), Entry(true, 274, 3, 1, 6), Entry(true, 282, 5, 1, 8), Entry(true, 34665, 4, 1, 8));
        for (var seed = 0; seed < 600; seed++)
        {
            var dice = Dice.For(seed);
            var changed = (byte[])block.Clone();
            for (var i = dice.Below(3); i >= 0; i--)
                changed[dice.Below(changed.Length)] = (byte)(dice.Chance(0.5) ? dice.Below(16) : dice.Below(256));
            var file = WithExif(changed);
            if (JpegFrameReader.Read(file) is not null)
                Assert.Equal(
                    (seed, VipsDecoder.ReadHeader(new(file, "image", ImageFormat.Jpeg, DecodeOptions.Default))),
                    (seed, Decoder.ReadHeader(file, "image", DecodeOptions.Default)));
        }
    }

    static byte[] WithExif(byte[] block) =>
        [.. photograph.AsSpan(0, 2), 0xFF, 0xE1, 0, (byte)(block.Length + 2), .. block, .. photograph.AsSpan(2)];

    static byte[] Directory(bool little, params byte[][] entries)
    {
        byte[] count = [(byte)entries.Length, 0], first = [8, 0, 0, 0];
        return [.. "Exif\0\0"u8, .. little ? "II*\0"u8 : "MM\0*"u8, .. Ordered(first, little), .. Ordered(count, little),
            .. entries.SelectMany(entry => entry), 0, 0, 0, 0];
    }

    static byte[] Entry(bool little, int tag, int type, int count, int value)
    {
        var entry = new byte[12];
        BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)tag);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(2), (ushort)type);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(4), count);
        if (type == 3)
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(8), (ushort)value);
        else
            BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), value);
        if (little)
            return entry;
        foreach (var (start, length) in ((int, int)[])[(0, 2), (2, 2), (4, 4), (8, type == 3 ? 2 : 4)])
            entry.AsSpan(start, length).Reverse();
        return entry;
    }

    static byte[] Ordered(byte[] number, bool little) => little ? number : [.. number.Reverse()];
}
