using System.Text.Json;
using MlPipelines.Imaging;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Transforms;

/// <summary>Alpha between the steps of a chain.</summary>
public sealed class AlphaStepTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();
    readonly Image picture = Image.FromPixels(4, 2, 4, [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 53))]);
    readonly IDataView files;

    public AlphaStepTests()
    {
        var path = folder.Write("a.png", picture.Encode(".png"));
        files = MadeUp.Rows(1, MadeUp.Text("ImagePath", _ => path));
    }

    public void Dispose() => folder.Dispose();

    IDataView Loaded(int width = 4, int height = 2, bool keepAlpha = true, IDataView? from = null, string column = "ImagePath") =>
        ml.Transforms.LoadImages("Image", column, width, height, keepAlpha: keepAlpha).Fit(from ?? files).Transform(from ?? files);

    [Fact]
    public void Pictures_keep_their_alpha_when_asked_and_lie_over_white_otherwise()
    {
        Assert.Equal(picture.Pixels, Loaded().ImageAt(0).Pixels);
        Assert.Equal(picture.ToRgb().Pixels, Loaded(keepAlpha: false).ImageAt(0).Pixels);
        Assert.Equal(picture.Resize(3, 3).Pixels, Loaded(3, 3).ImageAt(0).Pixels);
        Assert.Equal(picture.Pixels, ml.Transforms.LoadImages("Image", "ImagePath", grayscale: false, keepAlpha: true).Fit(files)
            .Transform(files).ImageAt(0).Pixels);
        Assert.Equal(picture.ToRgb().Pixels, Loaded(keepAlpha: false, from: Loaded(), column: "Image").ImageAt(0).Pixels);
    }

    [Fact]
    public void A_step_is_saved_as_before_where_it_does_not_keep_alpha()
    {
        string Saved(ImageLoader step) => JsonSerializer.Serialize<Step>(step, SavedStep.Json);
        var plain = new ImageLoader("Image", "ImagePath", 4, 2);
        var kept = plain with { KeepsAlpha = true };
        Assert.DoesNotContain("alpha", Saved(plain), StringComparison.OrdinalIgnoreCase);
        Assert.False(Assert.IsType<ImageLoader>(JsonSerializer.Deserialize<Step>(Saved(plain), SavedStep.Json)).KeepsAlpha);
        Assert.True(Assert.IsType<ImageLoader>(JsonSerializer.Deserialize<Step>(Saved(kept), SavedStep.Json)).KeepsAlpha);
    }

    [Fact]
    public void Grey_pictures_with_alpha_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            ml.Transforms.LoadImages("Image", "ImagePath", 4, 2, grayscale: true, keepAlpha: true));
        Assert.StartsWith("LoadImages: got grayscale and keepAlpha, needs one of the two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ML_NETs_pictures_hold_colours_multiplied_with_their_alpha()
    {
        using var image = MLPictures.Of(picture);
        using var read = MLImage.CreateFromFile(Path.Combine(folder.Path, "a.png"));
        Assert.Equal((read.Width, read.Height), (image.Width, image.Height));
        var (red, blue) = read.PixelFormat == MLPixelFormat.Bgra32 ? (2, 0) : (0, 2);
        for (var i = 0; i < 32; i += 4)
            Assert.Equal((read.Pixels[i + red], read.Pixels[i + 1], read.Pixels[i + blue], read.Pixels[i + 3]),
                (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2], image.Pixels[i + 3]));
    }

    [Fact]
    public void Any_pixel_of_ML_NET_lies_over_white_and_comes_back_as_it_was()
    {
        var pixels = new byte[256 * 256 * 4];
        for (var i = 0; i < pixels.Length; i += 4)
            (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) =
                ((byte)Math.Min(i / 4 % 256, i / 1024), (byte)(i / 2048), 0, (byte)(i / 1024));
        using var given = MLImage.CreateFromPixels(256, 256, MLPixelFormat.Rgba32, pixels);
        var image = MLPictures.ToImage(given, "image");
        Assert.Equal(3, image.Channels);
        for (var pixel = 0; pixel < 256 * 256; pixel++)
            Assert.Equal(pixels[4 * pixel] + 255 - pixels[4 * pixel + 3], image.Pixels[3 * pixel]);
        using var back = MLPictures.Of(image.AsGiven);
        Assert.Equal(pixels, back.Pixels.ToArray());
    }

    [Fact]
    public void Statistics_and_checks_of_data_read_pictures_with_alpha()
    {
        Assert.Equal(4, ml.Data.ImageStatistics(Loaded()).Channels.Length);
        Assert.Equal(Of(keepAlpha: false), Of(keepAlpha: true));

        Tones Of(bool keepAlpha)
        {
            var view = ml.Transforms.DropColumns("ImagePath").Fit(Loaded(keepAlpha: keepAlpha)).Transform(Loaded(keepAlpha: keepAlpha));
            return new FactsReader(view.Schema, "data").Read(view.Rows("Image").Single()).Tones;
        }
    }

    [Fact]
    public void Keras_moves_alpha_with_the_colours_and_leaves_it_out_of_their_changes()
    {
        var pixels = ImageDataGenerator.Pixels(picture);
        var changed = new ImageDataGenerator().ApplyTransform(pixels,
            new() { ChannelShiftIntensity = 40, Brightness = 0.5, FlipHorizontal = true });
        var mirrored = new ImageDataGenerator().ApplyTransform(pixels, new() { FlipHorizontal = true });
        Assert.Equal(mirrored.Elements<float>()[24..].ToArray(), changed.Elements<float>()[24..].ToArray());
        Assert.NotEqual(mirrored.Elements<float>()[..24].ToArray(), changed.Elements<float>()[..24].ToArray());
    }
}
