using MlPipelines.Imaging;
using MlPipelines.Tests.Data;
using NetVips;
using static MlPipelines.Tests.Imaging.Pictures;
using Image = MlPipelines.Imaging.Image;
using VipsImage = NetVips.Image;

namespace MlPipelines.Tests.Imaging;

/// <summary>Pictures of four channels: how they come from files, go into them, and through the other operations.</summary>
public sealed class AlphaTests
{
    static readonly DecodeOptions kept = new() { KeepsAlpha = true };

    static Image Translucent(int width = 9, int height = 7, long seed = 5)
    {
        var dice = Dice.For(seed);
        var pixels = new byte[width * height * 4];
        dice.Bytes(pixels);
        return Image.FromPixels(width, height, 4, pixels);
    }

    static byte[] Alpha(Image image) => [.. image.Pixels.ToArray().Where((_, i) => i % 4 == 3)];

    static int[] Read(byte[] file) => [.. Image.FromBytes(file, options: kept).Pixels.ToArray().Select(value => (int)value)];

    [Fact]
    public void Alpha_of_a_file_stays_beside_its_colours()
    {
        Assert.Equal([200, 100, 0, 51, 10, 20, 30, 255], Read(Png(2, 1, 8, 6, [0, 200, 100, 0, 51, 10, 20, 30, 255])));
        Assert.Equal([200, 200, 200, 51, 10, 10, 10, 255], Read(Png(2, 1, 8, 4, [0, 200, 51, 10, 255])));
        Assert.Equal([18, 18, 18, 127], Read(Png(1, 1, 16, 4, [0, 0x12, 0x34, 0x7F, 0xFF])));
        Assert.Equal([255, 0, 0, 255, 0, 0, 255, 7],
            Read(Png(2, 1, 1, 3, [0, 0b0100_0000], ("PLTE", [255, 0, 0, 0, 0, 255]), ("tRNS", [255, 7]))));
        byte[] masks = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255];
        Assert.Equal([3, 2, 1, 4, 30, 20, 10, 40], Read(Bmp(2, 1, 32, 6, masks, [1, 2, 3, 4, 10, 20, 30, 40])));
    }

    [Theory]
    [InlineData("webp")]
    [InlineData("gif")]
    [InlineData("tiff")]
    public void Other_formats_that_have_alpha_keep_it(string format)
    {
        byte[] pixels = [.. Enumerable.Repeat(new byte[] { 250, 10, 20, 0, 250, 10, 20, 255 }, 32).SelectMany(two => two)];
        var file = Vips.Run(() =>
        {
            using var raw = VipsImage.NewFromMemory(pixels, 8, 8, 4, Enums.BandFormat.Uchar);
            using var image = raw.Copy(interpretation: Enums.Interpretation.Srgb);
            return format switch
            {
                "webp" => image.WebpsaveBuffer(lossless: true),
                "gif" => image.GifsaveBuffer(),
                _ => image.TiffsaveBuffer(),
            };
        });
        Assert.Equal(Alpha(Image.FromPixels(8, 8, 4, pixels)), Alpha(Image.FromBytes(file, options: kept)));
    }

    [Fact]
    public void A_file_without_alpha_is_opaque_whoever_decodes_it()
    {
        var picture = Noise(24, 16, 3);
        byte[][] files = [picture.Encode(".png"), picture.Encode(".jpg"), WithOrientation(picture.Encode(".jpg"), 6), picture.ToBmp(),
            picture.ToGrayscale().Encode(".png"), [.. "P5 2 1 255 "u8, 7, 9],
            Bmp(2, 1, 1, 0, [1, 2, 3, 0, 4, 5, 6, 0], [0b0100_0000, 0, 0, 0])];
        foreach (var (number, file) in files.Index())
        {
            var image = Image.FromBytes(file, options: kept);
            Assert.Equal((number, 4), (number, image.Channels));
            Assert.Equal(Image.FromBytes(file).ToRgba().Pixels, image.Pixels);
            Assert.False(image.IsTransparent);
            Assert.Equal(Image.FromBytes(file).Resize(7, 5).ToRgba().Pixels, image.Resize(7, 5).Pixels);
            Assert.Equal(Image.FromBytes(file).Resize(7, 5).ToRgba().Pixels, Image.FromBytes(file, options: kept).Resize(7, 5).Pixels);
        }
    }

    [Fact]
    public void Fewer_channels_lie_over_white()
    {
        var image = Image.FromPixels(3, 1, 4, [200, 100, 0, 51, 10, 20, 30, 255, 1, 2, 3, 0]);
        Assert.Equal([244, 224, 204, 10, 20, 30, 255, 255, 255], image.ToRgb().Pixels.ToArray().Select(value => (int)value));
        Assert.Equal(image.ToRgb().ToGrayscale().Pixels, image.ToGrayscale().Pixels);
        Assert.Equal([9, 9, 9, 255], Image.FromPixels(1, 1, 1, [9]).ToRgba().Pixels.ToArray().Select(value => (int)value));
    }

    [Fact]
    public void Png_and_WebP_are_written_with_alpha_and_Jpeg_over_white()
    {
        var image = Image.FromPixels(16, 16, 4, [.. Enumerable.Repeat(new byte[] { 200, 100, 0, 51 }, 256).SelectMany(pixel => pixel)]);
        Assert.Equal(image.Pixels, Image.FromBytes(image.Encode(".png"), options: kept).Pixels);
        Assert.Equal(Alpha(image), Alpha(Image.FromBytes(image.Encode(".webp"), options: kept)));
        Assert.True(Image.FromBytes(image.Encode(".jpg")).At(8, 8).IsNear(new(244, 224, 204), 3));
    }

    [Fact]
    public void What_is_transparent_lends_no_colour()
    {
        var image = Image.FromPixels(2, 2, 4, [200, 40, 10, 255, 0, 255, 0, 0, 200, 40, 10, 255, 0, 255, 0, 0]);
        foreach (var mixed in new[] { image.Resize(1, 1), image.Affine(AffineMap.Translation(0.5, 0)), image.Blur(2) })
            for (var pixel = 0; pixel < mixed.Pixels.Length; pixel += 4)
                if (mixed.Pixels[pixel + 3] > 0)
                    Assert.True(mixed.At(pixel / 4 % mixed.Width, pixel / 4 / mixed.Width).IsNear(new(200, 40, 10), 4));
    }

    [Fact]
    public void Moves_and_nearest_pixels_keep_colours_that_nobody_sees()
    {
        var image = Image.FromPixels(2, 1, 4, [1, 2, 3, 0, 4, 5, 6, 7]);
        Assert.Equal([4, 5, 6, 7, 1, 2, 3, 0], image.FlipHorizontal().Pixels.ToArray().Select(value => (int)value));
        Assert.Equal([4, 5, 6, 7, 1, 2, 3, 0], image.Affine(new(-1, 0, 1, 0, 1, 0)).Pixels.ToArray().Select(value => (int)value));
        Assert.Equal(image.Pixels,
            image.Affine(AffineMap.Translation(0.2, 0), Interpolation.Nearest, FillMode.Nearest).Pixels);
    }

    [Theory]
    [InlineData(Interpolation.Bilinear, 1)]
    [InlineData(Interpolation.Bilinear, 0.4)]
    [InlineData(Interpolation.Nearest, 0.6)]
    [InlineData(Interpolation.Bilinear, 1e12)]
    public void Outside_lies_the_colour_with_the_alpha_of_the_edge(Interpolation interpolation, double right)
    {
        var image = Image.FromPixels(2, 2, 4, [.. Enumerable.Repeat(new byte[] { 9, 9, 9, 128, 9, 9, 9, 255 }, 2).SelectMany(row => row)]);
        var moved = image.Affine(AffineMap.Translation(right, 0), interpolation, FillMode.Constant, new(250, 100, 0));
        Assert.Equal((new Colour(250, 100, 0), (byte)255), (moved.At(1, 0), moved.Pixels[7]));
        var other = image.Affine(AffineMap.Translation(-right, 0), interpolation, FillMode.Constant, new(250, 100, 0));
        Assert.True(other.At(0, 1).IsNear(new(250, 100, 0), 1));
        Assert.Equal(128, other.Pixels[8 + 3]);
    }

    [Fact]
    public void Bars_are_black_and_go_on_with_the_alpha_of_the_edge()
    {
        var image = Image.FromPixels(1, 2, 4, [50, 60, 70, 0, 80, 90, 100, 255]);
        var padded = image.Resize(4, 2, ResizingKind.IsoPad);
        Assert.Equal([0, 0, 0, 0, 255, 255, 255, 255], Alpha(padded).Select(value => (int)value));
        Assert.Equal(Colour.Black, padded.At(0, 1));
        var opaque = Noise(7, 5, 2);
        Assert.Equal(opaque.Resize(20, 20, ResizingKind.IsoPad).ToRgba().Pixels,
            opaque.ToRgba().Resize(20, 20, ResizingKind.IsoPad).Pixels);
    }

    [Fact]
    public void Alpha_itself_is_resized_as_grey_is()
    {
        var image = Translucent(41, 29);
        Assert.Equal(Image.FromPixels(41, 29, 1, Alpha(image)).Resize(17, 50).Pixels.ToArray(), Alpha(image.Resize(17, 50)));
        Assert.Equal(Image.FromPixels(41, 29, 1, Alpha(image)).Affine(AffineMap.Rotation(20)).Pixels.ToArray(),
            Alpha(image.Affine(AffineMap.Rotation(20))));
    }

    [Fact]
    public void The_cache_tells_pictures_with_alpha_from_those_without()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.png", Translucent(30, 20).Encode(".png"));
        using var cache = new PixelCache(Path.Combine(folder.Path, "cache"));
        foreach (var options in new[] { kept, new DecodeOptions(), kept, new DecodeOptions() })
            Assert.Equal(Image.FromFile(file, options).Resize(8, 8).Pixels, Image.FromFile(file, options, cache).Resize(8, 8).Pixels);
        Assert.Equal(2, cache.Hits);
        var content = PixelCacheKey.OfContent([1]);
        Assert.NotEqual(content.Resized(8, 8, ResizingKind.Fill, Anchor.Center, kept),
            content.Resized(8, 8, ResizingKind.Fill, Anchor.Center, new()));
    }

    [Fact]
    public void Alpha_is_read_anew_where_a_picture_came_without_it()
    {
        var image = Translucent();
        var file = Image.FromBytes(image.Encode(".png"));
        Assert.Equal((3, 4), (file.Channels, file.WithAlpha().Channels));
        Assert.Equal(image.Pixels, file.Decoded().WithAlpha().Pixels);
        Assert.Equal(image.ToRgb().Pixels, file.WithAlpha().WithoutAlpha().Pixels);
    }
}
