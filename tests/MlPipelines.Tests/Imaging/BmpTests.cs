using MlPipelines.Imaging;
using static MlPipelines.Tests.Imaging.Pictures;

namespace MlPipelines.Tests.Imaging;

public class BmpTests
{
    static readonly byte[] Palette = [0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0];

    static Image Read(byte[] file) => Image.FromBytes(file, "x.bmp");

    [Fact]
    public void Rows_go_up_unless_the_height_is_negative()
    {
        byte[] rows = [0, 0, 255, 0, 255, 0, 0, 0, 255, 0, 0, 255, 255, 255, 0, 0];
        Assert.Equal([Blue, White, Red, Green], Corners(Read(Bmp(2, 2, 24, 0, [], rows))));
        Assert.Equal([Red, Green, Blue, White], Corners(Read(Bmp(2, -2, 24, 0, [], rows))));
    }

    [Theory]
    [InlineData(1, new byte[] { 0b0100_0000, 0, 0, 0, 0b1000_0000, 0, 0, 0 }, "01 10")]
    [InlineData(4, new byte[] { 0x12, 0, 0, 0, 0x30, 0, 0, 0 }, "12 30")]
    [InlineData(8, new byte[] { 1, 2, 0, 0, 3, 0, 0, 0 }, "12 30")]
    public void Palettes_of_every_depth_are_read(short bits, byte[] rows, string expected)
    {
        Colour[] colours = [Colour.Black, Red, Green, Blue];
        var palette = bits == 1 ? Palette[..8] : Palette;
        Assert.Equal(expected.Where(char.IsDigit).Select(digit => colours[digit - '0']), Corners(Read(Bmp(2, -2, bits, 0, palette, rows))));
    }

    [Fact]
    public void Run_lengths_of_eight_bits_are_unpacked()
    {
        byte[] packed = [3, 1, 0, 0, 0, 3, 2, 3, 0, 0, 0, 1];
        var image = Read(Bmp(3, 2, 8, 1, Palette, packed));
        Assert.Equal([Green, Blue, Colour.Black], Enumerable.Range(0, 3).Select(x => image.At(x, 0)));
        Assert.Equal([Red, Red, Red], Enumerable.Range(0, 3).Select(x => image.At(x, 1)));
    }

    [Fact]
    public void Run_lengths_of_four_bits_and_jumps_are_unpacked()
    {
        byte[] packed = [3, 0x12, 0, 2, 0, 1, 0, 1];
        var image = Read(Bmp(4, 2, 4, 2, Palette, packed));
        Assert.Equal([Red, Green, Red, Colour.Black], Enumerable.Range(0, 4).Select(x => image.At(x, 1)));
        Assert.Equal(Colour.Black, image.At(3, 0));
    }

    [Theory]
    [InlineData(new byte[] { 0, 2, 4, 0, 1, 1, 0, 1 }, "column 4 and row 0")]
    [InlineData(new byte[] { 0, 2, 0, 3, 0, 1 }, "column 0 and row 3")]
    [InlineData(new byte[] { 2, 1, 0, 2, 255, 255, 0, 1 }, "column 257 and row 255")]
    public void Moves_out_of_the_picture_are_damage(byte[] packed, string place) =>
        Assert.Equal($"x.bmp: BMP is damaged: it moves to {place} of 3×2 pixels. Fetch it again or convert it.",
            Assert.Throws<InvalidDataException>(() => Read(Bmp(3, 2, 8, 1, Palette, packed)).At(0, 0)).Message);

    [Fact]
    public void A_move_to_the_very_end_is_none() =>
        Assert.Equal(Red, Read(Bmp(3, 2, 8, 1, Palette, [1, 1, 0, 2, 2, 2])).At(0, 1));

    [Fact]
    public void Bit_fields_are_scaled_to_eight_bits()
    {
        byte[] masks = [0, 0xF8, 0, 0, 0xE0, 0x07, 0, 0, 0x1F, 0, 0, 0];
        var image = Read(Bmp(2, 1, 16, 3, masks, [0, 0xF8, 0xEF, 0x7B]));
        Assert.Equal(Red, image.At(0, 0));
        Assert.Equal(new Colour(123, 125, 123), image.At(1, 0));
    }

    [Fact]
    public void A_bitmap_cut_short_or_with_a_colour_it_lacks_is_reported()
    {
        var whole = Bmp(2, 2, 24, 0, [], new byte[16]);
        Assert.StartsWith("x.bmp: BMP ends early, after 60 bytes", Error(whole[..60]));
        Assert.StartsWith("x.bmp: BMP ends early", Error(whole[..20]));
        Assert.StartsWith("x.bmp: BMP uses colour 9 of a palette of 4", Error(Bmp(1, 1, 8, 0, Palette, [9, 0, 0, 0])));
        Assert.StartsWith("x.bmp: its header announces 0×2 pixels", Error(Bmp(0, 2, 24, 0, [], new byte[16])));
        Assert.StartsWith("x.bmp: its header announces 60000×60000 pixels", Error(Bmp(60000, 60000, 24, 0, [], new byte[16])));
    }

    static string Error(byte[] file) => Assert.Throws<InvalidDataException>(() => { _ = Read(file).Pixels; }).Message;

    static Colour[] Corners(Image image) => [image.At(0, 0), image.At(1, 0), image.At(0, 1), image.At(1, 1)];
}
