using System.Globalization;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Augmentations;

public sealed class DescriptionTests
{
    const int MostLetters = 25;

    static readonly ImageSize size = new(100, 80);

    static AffineMap About(AffineMap map) => map.About(size.MiddleX, size.MiddleY);

    static Warp Warp(AffineMap map) => new Warp(map);

    static AffineMap Mirror => new(-1, 0, size.Width - 1, 0, 1, 0);

    public static TheoryData<ImageChange, string> Changes => new()
    {
        { ImageChange.None, "" },
        { Warp(AffineMap.Identity), "" },
        { Warp(About(AffineMap.Rotation(12))), "turned 12°" },
        { Warp(About(AffineMap.Rotation(-101.6))), "turned -102°" },
        { Warp(AffineMap.Translation(-3, -1)), "moved 3 right, 1 down" },
        { Warp(AffineMap.Translation(3.2, 0.1)), "moved 3 left" },
        { Warp(AffineMap.Translation(0, 7)), "moved 7 up" },
        { Warp(Mirror), "flipped" },
        { Warp(new(1, 0, 0, 0, -1, 79)), "flipped upside down" },
        { Warp(About(AffineMap.Scaling(0.8, 0.8))), "zoomed ×1.25" },
        { Warp(About(AffineMap.Scaling(1.25, 2))), "zoomed ×0.80 ×0.50" },
        { Warp(About(AffineMap.Shear(Math.Tan(-20 * Math.PI / 180)))), "slanted 20°" },
        { Warp(About(new AffineMap(1, 0, 0, Math.Tan(10 * Math.PI / 180), 1, 0))), "tilted 10°" },
        { Warp(About(AffineMap.Rotation(30)).Then(AffineMap.Translation(0, 0)).Then(Mirror)), "flipped, turned 30°" },
        { Warp(AffineMap.Translation(-5, 0).Then(About(AffineMap.Rotation(30)))), "turned 30°, 5 right" },
        { Warp(new(0.5, 0, 9.75, 0, 0.25, 4.625)), "cut to 50×20 at 10,5" },
        { new PerspectiveWarp(PerspectiveMap.From(AffineMap.Identity)), "seen from aside" },
        { new Brightness(1.12f), "brightness ×1.12" },
        { new Brightness(1), "" },
        { new Contrast(0.8f), "contrast ×0.80" },
        { new Saturation(0), "saturation ×0.00" },
        { new Sharpness(1.9f), "sharpness ×1.90" },
        { new Hue(-0.05f), "hue turned -18°" },
        { new ChannelShift(-12.3f), "channels -12" },
        { new ChannelShift(7), "channels +7" },
        { new Grey(), "grey" },
        { new Blur(1.24f), "blurred by 1.2" },
        { new Noise(9.96f, 3), "noise of 10.0" },
        { new Jpeg(60), "JPEG of quality 60" },
        { new Paint(3, 4, 8, 12, default), "painted 8×12 at 3,4" },
        { new Erase(new(3, 4, 8, 12), 1, true), "erased 8×12 at 3,4" },
        { new Posterize(4), "posterized to 4 bits" },
        { new Solarize(178.5f), "solarized from 178.5" },
        { new AutoContrast(), "contrast stretched" },
        { new Equalize(), "equalized" },
        { new Invert(), "inverted" },
        { new Blend(0.38f, [(0.62f, new Invert())]), "mixed 62% of 1" },
        { new ChangeSeries(new Invert(), Warp(AffineMap.Identity), new Grey()), "inverted, grey" },
    };

    [Theory, MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void A_change_says_what_it_does_in_a_few_words(ImageChange change, string words) => Assert.Equal(words, change.Describe(size));

    [Fact]
    public void Every_change_of_the_library_has_words_of_its_own()
    {
        var described = Changes.Select(row => row.Data.Item1.GetType()).ToHashSet();
        Assert.DoesNotContain(Catalog<ImageChange>.Members.Values, type => !described.Contains(type));
        Assert.All(Changes, row => Assert.DoesNotContain(row.Data.Item1.GetType().Name, row.Data.Item1.Describe(size)));
    }

    [Fact]
    public void Words_in_another_language_are_the_same()
    {
        var (before, commas) = (CultureInfo.CurrentCulture, (CultureInfo)CultureInfo.InvariantCulture.Clone());
        commas.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = commas;
        Assert.Equal("1,12", $"{1.12f}");
        Assert.Equal("brightness ×1.12", new Brightness(1.12f).Describe(size));
        CultureInfo.CurrentCulture = before;
    }

    [Fact]
    public void What_one_augmentation_draws_is_short()
    {
        ImageAugmentation[] all = [new RandomFlip(), new RandomShift(), new RandomRotation(), new RandomShear(), new RandomZoom(),
            new RandomResizedCrop(), new PadAndCrop(), new RandomErasing(), new TrivialAugment(), new RandomNoise()];
        Assert.All(all, augmentation =>
        {
            for (var seed = 0; seed < 200; seed++)
            {
                var dice = Dice.For(seed);
                Assert.InRange(augmentation.Draw(ref dice, new(224, 224)).Describe(new(224, 224)).Length, 0, MostLetters);
            }
        });
    }
}
