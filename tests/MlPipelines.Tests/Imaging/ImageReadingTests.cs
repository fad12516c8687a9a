using MlPipelines.Imaging;
using NetVips;
using static MlPipelines.Tests.Imaging.Pictures;
using Image = MlPipelines.Imaging.Image;
using VipsImage = NetVips.Image;

namespace MlPipelines.Tests.Imaging;

public class ImageReadingTests
{
    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public void A_photograph_stands_upright_whatever_its_orientation(int orientation, string corners)
    {
        var file = WithOrientation(Quarters(64, 32).Encode(".jpg", 95), orientation);
        var image = Image.FromBytes(file);
        var (width, height) = orientation > 4 ? (32, 64) : (64, 32);
        Assert.Equal((width, height), (image.Width, image.Height));
        var seen = new[] { (4, 4), (width - 5, 4), (4, height - 5), (width - 5, height - 5) }.Select(at => image.At(at.Item1, at.Item2))
            .ToArray();
        var expected = corners.Select(corner => corner switch { 'R' => Red, 'G' => Green, 'B' => Blue, _ => White }).ToArray();
        for (var i = 0; i < 4; i++)
            Assert.True(seen[i].IsNear(expected[i], 6), $"corner {i}: {seen[i]}, needs {expected[i]}");
        Assert.Equal((20, 30), (Image.FromBytes(file).Resize(20, 30).Width, Image.FromBytes(file).Resize(20, 30).Height));
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    public void A_file_cut_short_is_reported_with_its_name_and_length(string extension)
    {
        var whole = Noise(120, 90, 1).Encode(extension);
        var error = Assert.Throws<InvalidDataException>(() =>
        {
            _ =
            Image.FromBytes(whole.AsMemory(0, whole.Length / 2), "cut" + extension).Pixels;
        });
        Assert.StartsWith($"cut{extension}: {(extension == ".jpg" ? "JPEG" : "PNG")} ends early, after {whole.Length / 2:N0} bytes; its "
            + "header promises 120×90 pixels", error.Message);
        Assert.Throws<InvalidDataException>(() => Image.FromBytes(whole.AsMemory(0, whole.Length / 2)).Resize(10, 10));
    }

    [Fact]
    public void Each_of_many_failures_at_once_tells_its_own_reason()
    {
        var jpeg = Noise(80, 60, 1).Encode(".jpg");
        var png = Noise(80, 60, 2).Encode(".png");
        Parallel.For(0, 200, i =>
        {
            var bytes = i % 2 == 0 ? jpeg : png;
            var error = Assert.Throws<InvalidDataException>(() => { _ = Image.FromBytes(bytes.AsMemory(0, bytes.Length / 2)).Pixels; });
            Assert.Equal(i % 2 == 0, error.Message.Contains("VipsJpeg"));
            Assert.Equal(i % 2 == 1, error.Message.Contains("png", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void A_pipe_a_device_and_a_folder_are_refused_without_waiting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes and devices are files elsewhere under other names.");
        using var folder = new Data.TemporaryFolder();
        var pipe = Path.Combine(folder.Path, "pipe.jpg");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [pipe]))
            make.WaitForExit();
        var (link, device) = (Path.Combine(folder.Path, "link.jpg"), Path.Combine(folder.Path, "zero.jpg"));
        File.CreateSymbolicLink(link, "pipe.jpg");
        File.CreateSymbolicLink(device, "/dev/zero");
        foreach (var file in (string[])[pipe, link, device])
        {
            Assert.StartsWith($"{file}: holds nothing (0 bytes)",
                Assert.Throws<InvalidDataException>(() => Image.FromFile(file).Width).Message);
            Assert.Throws<InvalidDataException>(() => Image.FromFile(file).Resize(8, 8));
        }
        Assert.StartsWith($"{folder.Path}: is a folder",
            Assert.Throws<InvalidDataException>(() => Image.FromFile(folder.Path).Width).Message);
    }

    [Fact]
    public void A_picture_behind_a_link_is_read()
    {
        using var folder = new Data.TemporaryFolder();
        folder.Write("real.bin", Noise(12, 9, 1).Encode(".png"));
        var link = Path.Combine(folder.Path, "link.png");
        File.CreateSymbolicLink(link, "real.bin");
        Assert.Equal(Noise(12, 9, 1).Pixels, Image.FromFile(link).Pixels);
    }

    [Fact]
    public void A_huge_file_that_is_no_picture_is_not_read_to_its_end()
    {
        using var folder = new Data.TemporaryFolder();
        var file = folder.Write("huge.jpg");
        using (var sparse = File.OpenWrite(file))
            sparse.SetLength(3L << 30);
        Assert.StartsWith($"{file}: begins with the bytes 0000", Assert.Throws<InvalidDataException>(() =>
        {
            _ =
            Image.FromFile(file).Pixels;
        }).Message);
    }

    [Fact]
    public void A_text_file_and_an_empty_file_are_reported_by_what_they_hold()
    {
        Assert.Equal(
            "a.jpg: begins with the text 'Hello world, how', needs JPEG, PNG, GIF, WebP, TIFF, BMP, AVIF, PPM, PGM or PBM. If it is a "
                + "picture, convert it; if not, take it out of the folder.",
            Assert.Throws<InvalidDataException>(() => Image.FromBytes("Hello world, how are you?"u8.ToArray(), "a.jpg").Width).Message);
        Assert.Equal(
            "b.png: holds nothing (0 bytes), needs JPEG, PNG, GIF, WebP, TIFF, BMP, AVIF, PPM, PGM or PBM. Fetch it again or delete it.",
            Assert.Throws<InvalidDataException>(() => Image.FromBytes(Array.Empty<byte>(), "b.png").Resize(1, 1)).Message);
    }

    [Fact]
    public void A_missing_file_is_reported_when_it_is_read_and_not_before()
    {
        var image = Image.FromFile(Path.Combine(Path.GetTempPath(), "no such folder", "no such file.jpg"));
        Assert.ThrowsAny<IOException>(() => image.Width);
        Assert.ThrowsAny<IOException>(() => image.Resize(3, 3));
    }

    [Fact]
    public void Sixteen_bits_are_scaled_to_eight()
    {
        byte[] rows = [0, 0x00, 0x00, 0x80, 0x00, 0xFF, 0xFF, 0, 0x12, 0x34, 0x7F, 0xFF, 0xFE, 0x00];
        var image = Image.FromBytes(Png(3, 2, 16, 0, rows));
        Assert.Equal([0, 128, 255, 18, 127, 254], image.Pixels.ToArray().Where((_, i) => i % 3 == 0).Select(x => (int)x));
    }

    [Fact]
    public void A_palette_and_its_transparency_become_colours_over_the_background()
    {
        var file = Png(2, 2, 1, 3, [0, 0b0100_0000, 0, 0b1000_0000], ("PLTE", [255, 0, 0, 0, 0, 255]), ("tRNS", [255, 0]));
        var white = Image.FromBytes(file);
        Assert.Equal([Red, White, White, Red], [white.At(0, 0), white.At(1, 0), white.At(0, 1), white.At(1, 1)]);
        Assert.Equal(Green, Image.FromBytes(file, options: new() { Background = Green }).At(1, 0));
    }

    [Fact]
    public void Half_transparent_colours_are_laid_over_the_background()
    {
        var image = Image.FromBytes(Png(2, 1, 8, 6, [0, 200, 100, 0, 51, 10, 20, 30, 255]));
        Assert.Equal(new Colour(244, 224, 204), image.At(0, 0));
        Assert.Equal(new Colour(10, 20, 30), image.At(1, 0));
    }

    [Fact]
    public void Grey_becomes_three_equal_channels()
    {
        var image = Image.FromBytes(Png(3, 1, 8, 0, [0, 0, 77, 255]));
        Assert.Equal(3, image.Channels);
        Assert.Equal([0, 0, 0, 77, 77, 77, 255, 255, 255], image.Pixels.ToArray());
    }

    [Fact]
    public void Printing_colours_become_screen_colours()
    {
        var file = Vips.Run(() =>
        {
            var pixels = Enumerable.Range(0, 16 * 8).SelectMany(i => i % 16 < 8 ? new byte[4] : [255, 0, 0, 0]).ToArray();
            using var raw = VipsImage.NewFromMemory(pixels, 16, 8, 4, Enums.BandFormat.Uchar);
            using var cmyk = raw.Copy(interpretation: Enums.Interpretation.Cmyk);
            return cmyk.JpegsaveBuffer(q: 95);
        });
        var image = Image.FromBytes(file);
        Assert.True(image.At(2, 4).IsNear(White, 4), $"paper is {image.At(2, 4)}");
        Assert.True(image.At(13, 4) is { Red: < 60, Green: > 120, Blue: > 180 }, $"cyan is {image.At(13, 4)}");
    }

    [Theory]
    [InlineData("TIFF", 0)]
    [InlineData("AVIF", 8)]
    public void Tiff_and_Avif_are_read(string format, int most)
    {
        var file = Vips.Run(() =>
        {
            using var raw = VipsImage.NewFromMemoryCopy(Quarters(64, 32).Pixels, 64, 32, 3, Enums.BandFormat.Uchar);
            using var rgb = raw.Copy(interpretation: Enums.Interpretation.Srgb);
            return format == "AVIF" ? rgb.HeifsaveBuffer(q: 95, compression: Enums.ForeignHeifCompression.Av1) : rgb.TiffsaveBuffer();
        });
        var image = Image.FromBytes(file);
        Assert.Equal((64, 32), (image.Width, image.Height));
        Assert.True(image.At(3, 3).IsNear(Red, most) && image.At(60, 3).IsNear(Green, most) && image.At(3, 28).IsNear(Blue, most));
    }

    [Fact]
    public void A_header_that_announces_too_much_is_refused_without_memory()
    {
        byte[] gif = [.. "GIF89a"u8, 255, 255, 255, 255, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0, 255, 255, 255, 255, 0, 2, 2,
            0x44, 1, 0, 0x3B];
        var png = Png(60000, 60000, 8, 2, [0, 1, 2, 3]);
        foreach (var file in new[] { gif, png })
        {
            var before = Environment.WorkingSet;
            var error = Assert.Throws<InvalidDataException>(() => { _ = Image.FromBytes(file, "bomb").Pixels; });
            Assert.Contains("at most 268,435,456 in all are read", error.Message);
            Assert.InRange(Environment.WorkingSet - before, long.MinValue, 200 << 20);
        }
        var small = Quarters(20, 10).Encode(".png");
        Assert.Throws<InvalidDataException>(() => Image.FromBytes(small, options: new() { PixelLimit = 199 }).Width);
        Assert.Equal(20, Image.FromBytes(small, options: new() { PixelLimit = 200 }).Width);
    }

    [Fact]
    public void No_byte_that_is_wrong_ends_in_anything_but_pixels_or_an_error()
    {
        foreach (var extension in new[] { ".jpg", ".png", ".webp" })
        {
            var good = Noise(24, 16, 5).Encode(extension);
            var dice = Dice.For(9);
            for (var round = 0; round < 150; round++)
            {
                var bad = good.ToArray();
                for (var k = 0; k < 3; k++)
                    bad[dice.Below(bad.Length)] = (byte)dice.Below(256);
                try
                {
                    var image = Image.FromBytes(bad, options: new() { PixelLimit = 1 << 20 });
                    Assert.Equal(image.Width * image.Height * 3, image.Pixels.Length);
                }
                catch (InvalidDataException error)
                {
                    Assert.StartsWith("image: ", error.Message);
                }
            }
        }
    }
}
