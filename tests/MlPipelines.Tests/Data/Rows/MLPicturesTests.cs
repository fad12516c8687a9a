using MlPipelines.Imaging;
using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Data.Rows;

public sealed class MLPicturesTests
{
    static byte[] ToBytes(MLPixelFormat format, params byte[] pixel)
    {
        using var image = MLImage.CreateFromPixels(1, 1, format, pixel);
        return MLPictures.ToImage(image, "x").Pixels.ToArray();
    }

    [Fact]
    public void Pixels_come_back_as_they_went()
    {
        var picture = Pictures.Noise(7, 5, 1);
        using var image = MLPictures.Of(picture);
        Assert.Equal((7, 5, 32), (image.Width, image.Height, image.BitsPerPixel));
        Assert.Equal(picture.Pixels.ToArray(), MLPictures.ToImage(image, "x").Pixels.ToArray());
    }

    [Fact]
    public void Grey_is_repeated_and_everything_is_opaque()
    {
        using var image = MLPictures.Of(Image.FromPixels(2, 1, 1, [7, 200]));
        Assert.Equal([7, 7, 7, 255, 200, 200, 200, 255], image.Pixels.ToArray());
    }

    [Fact]
    public void Both_orders_of_colours_are_read()
    {
        Assert.Equal([1, 2, 3], ToBytes(MLPixelFormat.Rgba32, 1, 2, 3, 255));
        Assert.Equal([3, 2, 1], ToBytes(MLPixelFormat.Bgra32, 1, 2, 3, 255));
    }

    /// <summary>Pixels that Skia hands out are multiplied with their alpha.</summary>
    [Fact]
    public void What_is_transparent_lies_over_white()
    {
        Assert.Equal([255, 255, 255], ToBytes(MLPixelFormat.Rgba32, 0, 0, 0, 0));
        Assert.Equal([255, 127, 127], ToBytes(MLPixelFormat.Rgba32, 128, 0, 0, 128));
        Assert.Equal([127, 127, 255], ToBytes(MLPixelFormat.Bgra32, 128, 0, 0, 128));
        Assert.Equal([255, 255, 255], ToBytes(MLPixelFormat.Rgba32, 255, 255, 255, 1));
    }

    [Fact]
    public void A_file_with_alpha_is_the_same_by_ML_NETs_decoder_and_ours()
    {
        using var folder = new TemporaryFolder();
        // A red pixel, and a blue one of which half is seen.
        using var bitmap = new SkiaSharp.SKBitmap(2, 1, SkiaSharp.SKColorType.Rgba8888, SkiaSharp.SKAlphaType.Unpremul);
        bitmap.SetPixel(0, 0, new(255, 0, 0, 255));
        bitmap.SetPixel(1, 0, new(0, 0, 255, 128));
        using var encoded = bitmap.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100);
        var file = folder.Write("a.png", encoded.ToArray());
        using var theirs = MLImage.CreateFromFile(file);
        var (one, other) = (MLPictures.ToImage(theirs, file).Pixels.ToArray(), Image.FromFile(file).Pixels.ToArray());
        Assert.All(one.Zip(other), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        Assert.Equal([255, 0, 0], one[..3]);
    }
}
