using System.Text.Json;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Augmentations;

public sealed class ColourTests
{
    sealed record Golden(int Width, int Height, int[] Pixels, Case[] Cases);

    sealed record Case(string Change, float Amount, string Source, int[] Pixels);

    static readonly Lazy<Golden> golden = new(() => JsonSerializer.Deserialize<Golden>(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "golden", "augmentations.json")), JsonSerializerOptions.Web)!);

    static Image Source =>
        Image.FromPixels(golden.Value.Width, golden.Value.Height, 3, [.. golden.Value.Pixels.Select(value => (byte)value)]);

    public static TheoryData<string, float, string> Cases() =>
        [.. golden.Value.Cases.Select(@case => (@case.Change, @case.Amount, @case.Source))];

    [Theory, MemberData(nameof(Cases))]
    public void Colours_and_blur_equal_those_of_Pillow_and_torchvision(string change, float amount, string source)
    {
        var expected = golden.Value.Cases.Single(@case => (@case.Change, @case.Amount, @case.Source) == (change, amount, source)).Pixels;
        ImageChange drawn = change switch
        {
            "brightness" => new Brightness(amount),
            "contrast" => new Contrast(amount),
            "saturation" => new Saturation(amount),
            "hue" => new Hue(amount),
            "grey" => new Grey(),
            "sharpness" => new Sharpness(amount),
            "posterize" => new Posterize((int)amount),
            "solarize" => new Solarize(amount),
            "autocontrast" => new AutoContrast(),
            "equalize" => new Equalize(),
            "invert" => new Invert(),
            _ => new Blur(amount),
        };
        var pixels = drawn.Apply(Source).Pixels.ToArray();
        // Of Pillow's they are the very same, of torchvision's they differ by rounding.
        var tolerance = source == "Pillow" ? 0 : 1;
        Assert.All(expected.Zip(pixels), pair => Assert.InRange(pair.Second - pair.First, -tolerance, tolerance));
    }

    [Fact]
    public void A_factor_of_one_and_no_turn_leave_every_pixel()
    {
        var image = Source;
        foreach (var same in new[] { image.AdjustBrightness(1), image.AdjustContrast(1), image.AdjustSaturation(1), image.AdjustHue(0) })
            Assert.Equal(image.Pixels.ToArray(), same.Pixels.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => image.AdjustContrast(float.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.AdjustSaturation(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.AdjustHue(0.6f));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Blur(0));
    }

    [Fact]
    public void A_third_of_the_colour_circle_takes_red_to_green_to_blue()
    {
        var red = Image.FromPixels(1, 1, 3, [200, 50, 50]);
        Assert.Equal([50, 200, 50], red.AdjustHue(1 / 3f).Pixels.ToArray());
        Assert.Equal([50, 50, 200], red.AdjustHue(-1 / 3f).Pixels.ToArray());
    }

    [Fact]
    public void Grey_images_keep_one_channel_and_lose_no_pixel_to_hue_and_saturation()
    {
        var grey = Source.ToGrayscale();
        Assert.All(new ImageChange[] { new Saturation(0), new Hue(0.3f), new Grey() }, change => Assert.Same(grey, change.Apply(grey)));
        Assert.Equal(1, new Contrast(0.5f).Apply(grey).Channels);
        Assert.Equal(1, new Jpeg(80).Apply(grey).Channels);
    }

    [Fact]
    public void A_channel_shift_adds_and_stays_within_the_values_of_the_image()
    {
        var image = Image.FromPixels(2, 1, 3, [30, 40, 50, 200, 100, 220]);
        Assert.Equal([50, 60, 70, 220, 120, 220], new ChannelShift(20).Apply(image).Pixels.ToArray());
        Assert.Equal([30, 30, 30, 180, 80, 200], new ChannelShift(-20.4f).Apply(image).Pixels.ToArray());
    }

    [Fact]
    public void Amounts_are_drawn_from_the_whole_of_their_range()
    {
        float[] Amounts<T>(ImageAugmentation augmentation, Func<T, float> amount)
            where T : ImageChange => [.. Enumerable.Range(0, 400).Select(seed =>
        {
            var dice = Dice.For(seed);
            return augmentation.Draw(ref dice, new(8, 8));
        }).OfType<T>().Select(amount)];
        void Fills(float[] amounts, float least, float most)
        {
            Assert.All(amounts, amount => Assert.InRange(amount, least, most));
            Assert.InRange(amounts.Min(), least, least + 0.05f * (most - least));
            Assert.InRange(amounts.Max(), most - 0.05f * (most - least), most);
        }
        Fills(Amounts<Brightness>(new RandomBrightness(0.3f), change => change.Factor), 0.7f, 1.3f);
        Fills(Amounts<Contrast>(new RandomContrast(1.5f), change => change.Factor), 0, 2.5f);
        Fills(Amounts<Saturation>(new RandomSaturation(0.5f), change => change.Factor), 0.5f, 1.5f);
        Fills(Amounts<Hue>(new RandomHue(0.5f), change => change.Turns), -0.5f, 0.5f);
        Fills(Amounts<ChannelShift>(new RandomChannelShift(10), change => change.Amount), -10, 10);
        Fills(Amounts<Blur>(new RandomBlur(0.5f, 3, 1), change => change.Sigma), 0.5f, 3);
        Fills(Amounts<Noise>(new RandomNoise(40, 1), change => change.Deviation), 0, 40);
        Fills(Amounts<Jpeg>(new RandomJpeg(30, 70, 1), change => change.Quality), 30, 70);
        Assert.InRange(Amounts<Grey>(new RandomGrey(0.25f), _ => 0).Length, 70, 130);
    }

    [Fact]
    public void Noise_has_no_mean_and_the_deviation_drawn()
    {
        var noisy = new Noise(12, 5).Apply(Image.FromPixels(100, 100, 1, [.. Enumerable.Repeat((byte)128, 10_000)])).Pixels.ToArray();
        var mean = noisy.Average(value => value);
        Assert.InRange(mean, 127.5, 128.5);
        Assert.InRange(Math.Sqrt(noisy.Average(value => (value - mean) * (value - mean))), 11.5, 12.5);
    }

    [Fact]
    public void Jpeg_of_high_quality_is_nearer_than_of_low()
    {
        var image = Source;
        double Error(int quality) =>
            new Jpeg(quality).Apply(image).Pixels.ToArray().Zip(image.Pixels.ToArray(), (a, b) => (a - b) * (a - b)).Average();
        Assert.InRange(Error(100), 0.001, 20);
        Assert.True(Error(10) > 10 * Error(100));
    }

    [Fact]
    public void A_blur_keeps_a_plain_image_and_one_larger_than_the_image_works()
    {
        var plain = Image.FromPixels(5, 3, 3, [.. Enumerable.Repeat((byte)255, 45)]);
        Assert.Equal(plain.Pixels.ToArray(), plain.Blur(2).Pixels.ToArray());
        // So wide a Gaussian sees every place of the mirrored row alike, ends half as often as the middle.
        Assert.All(Image.FromPixels(3, 1, 1, [0, 100, 0]).Blur(40).Pixels.ToArray(), value => Assert.InRange(value, 49, 51));
        Assert.Equal([7], Image.FromPixels(1, 1, 1, [7]).Blur(3).Pixels.ToArray());
    }

    [Fact]
    public void Cutout_paints_a_square_around_any_pixel_cut_at_the_edge()
    {
        var rectangles = Enumerable.Range(0, 2000).Select(seed =>
        {
            var dice = Dice.For(seed);
            return Assert.IsType<Paint>(new Cutout(4, new(1, 2, 3)).Draw(ref dice, new(12, 8)));
        }).ToArray();
        Assert.All(rectangles,
            paint => Assert.True(paint.Left >= 0 && paint.Top >= 0 && paint.Left + paint.Width <= 12 && paint.Top + paint.Height <= 8));
        Assert.All(rectangles, paint => Assert.True(paint.Width is >= 2 and <= 4 && paint.Height is >= 2 and <= 4));
        // Centres from 2 to 10 of 12 and from 2 to 6 of 8 leave the square whole.
        Assert.InRange(rectangles.Count(paint => paint is { Width: 4, Height: 4 }) / 2000.0, 9 * 5 / 96.0 - 0.04, 9 * 5 / 96.0 + 0.04);
        var painted = new Paint(2, 1, 3, 2, new(1, 2, 3)).Apply(Source);
        Assert.Equal([1, 2, 3], painted.Crop(4, 2, 1, 1).Pixels.ToArray());
        Assert.Equal(Source.Crop(5, 0, 11, 12).Pixels.ToArray(), painted.Crop(5, 0, 11, 12).Pixels.ToArray());
        Assert.Equal(Source.Crop(0, 3, 16, 9).Pixels.ToArray(), painted.Crop(0, 3, 16, 9).Pixels.ToArray());
    }
}
