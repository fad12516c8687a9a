using System.Security.Cryptography;
using MlPipelines.Imaging;
using MlPipelines.Tests.Golden;

namespace MlPipelines.Tests.Imaging;

public sealed class GifTests
{
    sealed record Case(string Name, byte[] File, int Width, int Height, string Pixels);

    static readonly Dictionary<string, Case> cases = GoldenFile.Read<Case[]>("gif.json").ToDictionary(each => each.Name);

    public static TheoryData<string> Names => [.. cases.Keys];

    // 2×1 pixels, red and green, on a canvas of 4×2 at (1, 0).
    static byte[] Small(byte transparent = 9) =>
    [
        .. "GIF89a"u8, 4, 0, 2, 0, 0x80, 1, 0, 255, 0, 0, 0, 255, 0, 0x21, 0xF9, 4, 1, 0, 0, transparent, 0,
        0x2C, 1, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0, 0x3B,
    ];

    static string Message(byte[] file) =>
        Assert.Throws<InvalidDataException>(() => Image.FromBytes(file, "x.gif").Pixels.Length).Message;

    static byte[] With(int at, byte value)
    {
        var file = Small();
        file[at] = value;
        return file;
    }

    // Made by tests/golden/gif.py.
    [Theory, MemberData(nameof(Names))]
    public void The_first_frame_is_what_Pillow_reads_on_a_transparent_canvas(string name)
    {
        var (_, file, width, height, pixels) = cases[name];
        var image = Image.FromBytes(file);
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(pixels, Convert.ToHexStringLower(SHA256.HashData(image.Pixels)));
    }

    [Fact]
    public void What_the_frame_does_not_cover_shows_the_background_asked_for()
    {
        var (blue, red, green) = (new Colour(0, 0, 255), new Colour(255, 0, 0), new Colour(0, 255, 0));
        var options = new DecodeOptions { Background = blue };
        Colour[] Pixels(byte[] file) => [.. Image.FromBytes(file, options: options).Pixels.ToArray().Chunk(3)
            .Select(pixel => new Colour(pixel[0], pixel[1], pixel[2]))];
        Assert.Equal([blue, red, green, blue, blue, blue, blue, blue], Pixels(Small()));
        Assert.Equal([blue, blue, green, blue, blue, blue, blue, blue], Pixels(Small(transparent: 0)));
    }

    [Fact]
    public void What_is_cut_short_or_damaged_is_named()
    {
        var whole = Small();
        Assert.Equal("x.gif: GIF ends early, after 39 bytes; its header promises 4×2 pixels. Fetch it again or delete it.",
            Message(whole[..39]));
        Assert.Equal("x.gif: GIF ends early, after 15 bytes; its header is not whole. Fetch it again or delete it.", Message(whole[..15]));
        Assert.Contains("it holds no frame", Message([.. whole[..19], 0x3B]), StringComparison.Ordinal);
        Assert.Contains("it has a first frame of 0×1 pixels", Message(With(32, 0)), StringComparison.Ordinal);
        Assert.Contains("it has a block of the unknown kind 119", Message(With(27, 119)), StringComparison.Ordinal);
        // Three pixels where there are codes for two.
        Assert.Contains("it holds 2 of the 3 pixels of its first frame", Message(With(32, 3)), StringComparison.Ordinal);
        Assert.Contains("it uses colour 2 of a palette of 2", Message(With(39, 0x14)), StringComparison.Ordinal);
        Assert.Contains("it holds a code that stands for nothing", Message(With(39, 0x3C)), StringComparison.Ordinal);
        Assert.Contains("it has colours of 9 bits", Message(With(37, 9)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_behind_the_last_pixel_is_not_needed() =>
        Assert.Equal(8 * 3, Image.FromBytes(Small().AsMemory(0, 41)).Pixels.Length);

    [Fact]
    public void Every_end_and_every_changed_byte_gives_pixels_or_an_error()
    {
        foreach (var (_, good, _, _, _) in cases.Values.Where(each => each.File.Length < 1000))
            for (var at = 0; at < good.Length; at++)
                foreach (var value in (byte[])[0, 255, (byte)(good[at] ^ 1), (byte)(good[at] ^ 0x40)])
                {
                    var bad = good.ToArray();
                    bad[at] = value;
                    AssertPixelsOrError(bad);
                    AssertPixelsOrError(good[..at]);
                }
    }

    static void AssertPixelsOrError(byte[] file)
    {
        try
        {
            var image = Image.FromBytes(file, "x.gif", new() { PixelLimit = 1 << 20 });
            Assert.Equal(image.Width * image.Height * 3, image.Pixels.Length);
        }
        catch (InvalidDataException error)
        {
            Assert.StartsWith("x.gif: ", error.Message, StringComparison.Ordinal);
        }
    }
}
