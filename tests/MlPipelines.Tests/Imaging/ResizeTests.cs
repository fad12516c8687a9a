using MlPipelines.Imaging;
using static MlPipelines.Tests.Imaging.Pictures;

namespace MlPipelines.Tests.Imaging;

public class ResizeTests
{
    /// <summary>7×5 pixels whose i-th byte is (37 i + i²) mod 256.</summary>
    static Image Ramp => Image.FromPixels(7, 5, 3, [.. Enumerable.Range(0, 105).Select(i => (byte)(i * 37 + i * i))]);

    // Made by Pillow 9.4: Image.resize(size, Image.BILINEAR).
    [Theory]
    [InlineData(3, 2, new byte[] { 143, 78, 140, 131, 103, 134, 111, 103, 126, 148, 121, 185, 146, 103, 144, 124, 128, 134 })]
    [InlineData(4, 4,
        new byte[]
        {
            87,
            74,
            128,
            101,
            99,
            108,
            84,
            139,
            146,
            121,
            68,
            124,
            188,
            79,
            135,
            192,
            67,
            158,
            92,
            120,
            136,
            147,
            98,
            115,
            165,
            104,
            210,
            165,
            90,
            187,
            138,
            137,
            83,
            119,
            112,
            171,
            126,
            150,
            160,
            120,
            110,
            165,
            162,
            138,
            156,
            110,
            110,
            118,
        })]
    public void Filling_agrees_with_an_independent_library(int width, int height, byte[] expected)
    {
        var pixels = Ramp.Resize(width, height, ResizingKind.Fill).Pixels.ToArray();
        Assert.Equal(expected, pixels);
    }

    // Made by tests/golden/resize.py.
    [Theory]
    [InlineData(168, 224, 224, 224, "9a003ee709fc04b9", "947c8b084c88f771")]
    [InlineData(224, 126, 224, 224, "919cde10b148a77a", "94c0a3f17244d848")]
    [InlineData(300, 200, 64, 48, "b1883935f6240274", "4860249ce71eb4a3")]
    [InlineData(97, 61, 13, 61, "6d96bad5f244d8fd", "07fe020b557f6bd3")]
    [InlineData(640, 480, 224, 224, "44fd8e2be58d936f", "a80f7e4a0e572516")]
    [InlineData(5, 3, 50, 41, "679529dc6237ef98", "6966e7a04ad96a07")]
    [InlineData(1000, 2, 3, 1, "d50d2ee5f487c7db", "8357f9f50ebedff5")]
    [InlineData(33, 17, 33, 17, "dcb98a51e6124f18", "dcb98a51e6124f18")]
    [InlineData(224, 168, 224, 84, "008f4562301c5c34", "66e4b404ecbc4b48")]
    public void Filling_and_cropping_give_the_bytes_of_Pillow(int width, int height, int toWidth, int toHeight, string filled,
        string cropped)
    {
        var source = Image.FromPixels(width, height, 3,
            [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(37L * i + (long)i * i + i / 7))]);
        Assert.Equal((filled, cropped), (Hash(ResizingKind.Fill), Hash(ResizingKind.IsoCrop)));

        string Hash(ResizingKind kind) =>
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(source.Resize(toWidth, toHeight, kind).Pixels))[..16];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Channels_are_resized_alike(int channels)
    {
        var grey = Noise(41, 29, 3).ToGrayscale();
        var source = channels == 1 ? grey : grey.ToRgb();
        foreach (var (width, height) in new[] { (17, 50), (60, 11), (41, 29), (1, 1) })
            Assert.Equal(grey.Resize(width, height).ToRgb().Pixels, source.Resize(width, height).ToRgb().Pixels);
    }

    [Fact]
    public void A_strip_of_any_length_becomes_one_pixel_of_its_mean()
    {
        foreach (var length in new[] { 100, 70_001, 5_000_000 })
            Assert.Equal([200],
                Image.FromPixels(length, 1, 1, [.. Enumerable.Repeat((byte)200, length)]).Resize(1, 1, ResizingKind.Fill).Pixels.ToArray()
                .Select(each => (int)each));
    }

    [Fact]
    public void Stripes_are_averaged_and_not_sampled()
    {
        var stripes = Image.FromPixels(8, 1, 1, [0, 255, 0, 255, 0, 255, 0, 255]);
        Assert.Equal([121, 128, 134], stripes.Resize(3, 1, ResizingKind.Fill).Pixels.ToArray());
    }

    [Fact]
    public void A_plain_picture_stays_plain()
    {
        var plain = Paint(37, 53, (_, _) => new(200, 3, 254));
        foreach (var (width, height) in new[] { (1, 1), (16, 90), (200, 7), (37, 54) })
        {
            var resized = plain.Resize(width, height);
            Assert.Equal((width, height), (resized.Width, resized.Height));
            Assert.All(Enumerable.Range(0, width * height), i => Assert.Equal(new Colour(200, 3, 254), resized.At(i % width, i / width)));
        }
    }

    [Theory]
    [InlineData(Anchor.Left, 0)]
    [InlineData(Anchor.Center, 1)]
    [InlineData(Anchor.Right, 2)]
    public void Cropping_keeps_the_part_at_the_anchor(Anchor anchor, int kept)
    {
        Colour[] thirds = [Red, Green, Blue];
        var resized = Paint(90, 30, (x, _) => thirds[x / 30]).Resize(10, 10, ResizingKind.IsoCrop, anchor);
        Assert.All(Enumerable.Range(1, 8), x => Assert.Equal(thirds[kept], resized.At(x, 5)));
        var upright = Paint(30, 90, (_, y) => thirds[y / 30])
            .Resize(10, 10, ResizingKind.IsoCrop, anchor switch { Anchor.Left => Anchor.Top, Anchor.Right => Anchor.Bottom, _ => anchor });
        Assert.All(Enumerable.Range(1, 8), y => Assert.Equal(thirds[kept], upright.At(5, y)));
    }

    [Fact]
    public void Padding_shows_the_whole_picture_between_black_bars()
    {
        var padded = Quarters(40, 20).Resize(40, 40, ResizingKind.IsoPad);
        Assert.Equal([Colour.Black, Red, Blue, Colour.Black], new[] { 9, 10, 29, 30 }.Select(y => padded.At(3, y)));
        Assert.Equal([Green, White], new[] { 10, 29 }.Select(y => padded.At(39, y)));
    }

    [Fact]
    public void The_same_size_gives_the_same_picture()
    {
        var image = Quarters(12, 8);
        Assert.Same(image, image.Resize(12, 8));
        var encoded = Image.FromBytes(image.Encode(".png"));
        Assert.Same(encoded, encoded.Resize(12, 8));
        Assert.True(encoded.Pixels.SequenceEqual(image.Pixels));
    }

    [Theory]
    [InlineData(ResizingKind.IsoCrop)]
    [InlineData(ResizingKind.IsoPad)]
    [InlineData(ResizingKind.Fill)]
    public void An_encoded_picture_resizes_like_a_decoded_one(ResizingKind kind)
    {
        var jpeg = Noise(19, 13, 3).Resize(1003, 701, ResizingKind.Fill).Encode(".jpg", 95);
        var decoded = Image.FromBytes(jpeg);
        _ = decoded.Pixels;
        foreach (var (width, height) in new[] { (400, 300), (100, 120), (64, 9) })
        {
            var (lazy, eager) = (Image.FromBytes(jpeg).Resize(width, height, kind), decoded.Resize(width, height, kind));
            Assert.Equal((width, height), (lazy.Width, lazy.Height));
            var difference = lazy.Pixels.ToArray().Zip(eager.Pixels.ToArray(), (a, b) => Math.Abs(a - b)).Average();
            Assert.InRange(difference, 0, 2.5);
        }
    }

    [Fact]
    public void Sizes_must_be_positive() => Assert.Throws<ArgumentOutOfRangeException>(() => Quarters(4, 4).Resize(0, 4));
}
