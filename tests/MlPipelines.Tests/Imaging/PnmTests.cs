using System.Text;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Imaging;

public sealed class PnmTests
{
    static Image Read(params byte[] file) => Image.FromBytes(file, "x.ppm");

    static Image Read(string text) => Read(Encoding.ASCII.GetBytes(text));

    static byte[] Greys(Image image) => [.. image.Pixels.ToArray().Chunk(3).Select(pixel => Assert.Single(pixel.Distinct()))];

    [Fact]
    public void Pixels_of_every_kind()
    {
        Assert.Equal<byte>([1, 2, 3, 4, 5, 6], Read([.. "P6\n2 1\n255\n"u8, 1, 2, 3, 4, 5, 6]).Pixels.ToArray());
        Assert.Equal<byte>([1, 2, 3, 4, 5, 6], Read("P3 2 1 255 1 2 3\n4 5 6").Pixels.ToArray());
        Assert.Equal([10, 200], Greys(Read([.. "P5 2 1 255 "u8, 10, 200])));
        Assert.Equal([10, 200], Greys(Read("P2\n# by hand\n2 # wide\n1\n255\n10 200\n")));
        // Bitmaps: 1 is black; a row of bytes is filled up.
        Assert.Equal([0, 255, 255, 0], Greys(Read([.. "P4\n2 2\n"u8, 0b1000_0000, 0b0100_0000])));
        Assert.Equal([0, 255, 255, 0], Greys(Read("P1\n2 2\n10\n0 1\n")));
    }

    [Fact]
    public void Numbers_are_scaled_from_their_maximum()
    {
        Assert.Equal([51, 255], Greys(Read([.. "P5\n2 1\n15\n"u8, 3, 15])));
        Assert.Equal<byte>([255, 0, 64], Read([.. "P6\n1 1\n1023\n"u8, 3, 255, 0, 0, 1, 0]).Pixels.ToArray());
        Assert.Equal([128], Greys(Read([.. "P5\n1 1\n65535\n"u8, 0x80, 0])));
    }

    [Theory]
    [InlineData("P2\n2 2\n255\n1 2 3", "x.ppm: PNM ends early, after 16 bytes; its header promises 2×2 pixels.")]
    [InlineData("P5\n2 2\n255\nabc", "x.ppm: PNM ends early")]
    [InlineData("P2\n1 1\n15\n16", "x.ppm: PNM holds 16, its header says at most 15.")]
    [InlineData("P2\n0 1\n15\n", "x.ppm: its header announces 0×1 pixels")]
    [InlineData("P5\n99999 99999\n255\n", "x.ppm: its header announces 99999×99999 pixels")]
    public void What_is_damaged_is_named(string file, string said) =>
        Assert.StartsWith(said, Assert.Throws<InvalidDataException>(() => Read(file).Pixels[0]).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("P2 is the second point of the agenda")]
    [InlineData("P6\n12")]
    [InlineData("P7\n1 1\n255\n")]
    [InlineData("P5\n1 1\n0\n")]
    public void Text_that_begins_alike_is_none(string file) =>
        Assert.StartsWith("x.ppm: begins with",
            Assert.Throws<InvalidDataException>(() => Read(file).Width).Message, StringComparison.Ordinal);
}
