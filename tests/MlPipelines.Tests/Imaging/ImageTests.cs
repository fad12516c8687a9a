using MlPipelines.Imaging;
using static MlPipelines.Tests.Imaging.Pictures;

namespace MlPipelines.Tests.Imaging;

public sealed class ImageTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("imaging-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(".png", 0)]
    [InlineData(".jpg", 3)]
    [InlineData(".JPEG", 3)]
    [InlineData(".webp", 4)]
    public void What_is_saved_is_read_again(string extension, double most)
    {
        var image = Noise(8, 8, 2).Resize(60, 40, ResizingKind.Fill);
        var path = Path.Combine(folder, "ünder #1" + extension);
        image.Save(path, 95);
        var again = Image.FromFile(path);
        Assert.Equal((60, 40, 3), (again.Width, again.Height, again.Channels));
        Assert.InRange(again.Pixels.ToArray().Zip(image.Pixels.ToArray(), (a, b) => Math.Abs(a - b)).Average(), 0, most);
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void Saving_that_fails_leaves_nothing_behind_and_the_old_file_alone()
    {
        Directory.CreateDirectory(Path.Combine(folder, "taken.png"));
        Assert.ThrowsAny<Exception>(() => Quarters(4, 4).Save(Path.Combine(folder, "taken.png")));
        Assert.Empty(Directory.GetFiles(folder));
        Assert.Contains("missing",
            Assert.ThrowsAny<IOException>(() => Quarters(4, 4).Save(Path.Combine(folder, "missing", "a.png"))).Message);
        Assert.Equal(
            "Extension '.gif': pictures are written as .jpg, .jpeg, .png or .webp. Choose one of these. (Parameter 'extension')",
            Assert.Throws<ArgumentException>(() => Quarters(4, 4).Save(Path.Combine(folder, "a.gif"))).Message);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Grey_weighs_the_colours_by_BT_601()
    {
        var grey = Quarters(2, 2).ToGrayscale();
        Assert.Equal(1, grey.Channels);
        Assert.Equal([76, 150, 29, 255], grey.Pixels.ToArray());
        Assert.Equal([76, 76, 76, 150, 150, 150], grey.ToRgb().Pixels[..6].ToArray());
        Assert.Same(grey, grey.ToGrayscale());
        Assert.Equal([76, 150],
            Image.FromBytes(grey.Encode(".png")).Pixels.ToArray().Where((_, i) => i % 3 == 0).Take(2).Select(x => (int)x));
    }

    [Fact]
    public void Cropping_and_mirroring_move_pixels_only()
    {
        var image = Noise(7, 5, 4);
        var part = image.Crop(2, 1, 4, 3);
        Assert.Equal((4, 3), (part.Width, part.Height));
        Assert.Equal(image.At(5, 3), part.At(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Crop(2, 1, 6, 3));
        var mirrored = image.FlipHorizontal();
        Assert.Equal(image.At(0, 4), mirrored.At(6, 4));
        Assert.True(mirrored.FlipHorizontal().Pixels.SequenceEqual(image.Pixels));
    }

    [Fact]
    public void Pixels_must_fit_the_size()
    {
        Assert.Contains("got 5 bytes, needs 12 for 2×2×3",
            Assert.Throws<ArgumentException>(() => Image.FromPixels(2, 2, 3, new byte[5])).Message);
        foreach (var channels in new[] { 0, 2, 5 })
            Assert.Contains($"got {channels}, needs 1, 3 or 4",
                Assert.Throws<ArgumentOutOfRangeException>(() => Image.FromPixels(2, 2, channels, new byte[4 * channels])).Message);
    }

    [Fact]
    public void A_drawing_becomes_pixels_of_the_size_asked_for()
    {
        const string drawing =
            "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'><rect width='10' height='10' fill='#00f'/></svg>";
        var natural = Image.FromSvg(drawing);
        Assert.Equal((20, 10), (natural.Width, natural.Height));
        Assert.Equal([Blue, White], [natural.At(2, 5), natural.At(17, 5)]);
        var large = Image.FromSvg(drawing, width: 50, background: Green);
        Assert.Equal((50, 25), (large.Width, large.Height));
        Assert.Equal([Blue, Green], [large.At(2, 5), large.At(47, 20)]);
        Assert.Equal((30, 30), (Image.FromSvg(drawing, 30, 30).Width, Image.FromSvg(drawing, 30, 30).Height));
        Assert.Throws<InvalidDataException>(() => Image.FromSvg("<svg"));
        Assert.Throws<InvalidDataException>(() => Image.FromSvg("no drawing"));
    }

    [Fact]
    public void A_drawing_reads_no_file()
    {
        var secret = Path.Combine(folder, "secret.png");
        Quarters(8, 8).Save(secret);
        var drawn = Image.FromSvg("<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='8' "
            + $"height='8'><image xlink:href='file://{secret}' width='8' height='8'/></svg>");
        Assert.True(drawn.Pixels.IndexOfAnyExcept((byte)255) < 0);
    }
}
