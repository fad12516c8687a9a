using FsCheck;
using FsCheck.Fluent;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Augmentations;

public sealed class AugmentationFamilyTests
{
    delegate ImageAugmentation Maker(ref Dice dice);

    static readonly Maker[] makers =
    [
        (ref dice) => new RandomFlip(dice.Chance(0.5), dice.Chance(0.5)),
        (ref dice) =>
            new RandomShift(Part(ref dice), Fill(ref dice), Colour(ref dice), dice.Chance(0.5) ? Part(ref dice) : null, Between(ref dice)),
        (ref dice) => new RandomRotation(180 * Part(ref dice), Fill(ref dice), Colour(ref dice), Between(ref dice)),
        (ref dice) => new RandomShear(80 * Part(ref dice), Fill(ref dice), Colour(ref dice), Between(ref dice)),
        (ref dice) =>
            Part(ref dice) is var least
            ? new RandomZoom(0.1f + least, 0.1f + least + 2 * Part(ref dice), dice.Chance(0.5), Fill(ref dice), Colour(ref dice),
                Between(ref dice)) : throw new InvalidOperationException(),
        (ref dice) =>
            new RandomResizedCrop(0.01f + 0.3f * Part(ref dice), 0.4f + 0.6f * Part(ref dice), 0.1f + Part(ref dice),
                1.2f + 5 * Part(ref dice), Between(ref dice)),
        (ref dice) => new PadAndCrop(dice.Below(9), Fill(ref dice), Colour(ref dice)),
        (ref dice) => new RandomPerspective(0.6f * Part(ref dice), Part(ref dice), Fill(ref dice), Colour(ref dice), Between(ref dice)),
        (ref dice) => new RandomBrightness(3 * Part(ref dice)),
        (ref dice) => new RandomContrast(3 * Part(ref dice)),
        (ref dice) => new RandomSaturation(3 * Part(ref dice)),
        (ref dice) => new RandomHue(0.5f * Part(ref dice)),
        (ref dice) => new RandomChannelShift(255 * Part(ref dice)),
        (ref dice) => new RandomGrey(Part(ref dice)),
        (ref dice) => new RandomBlur(0.1f + Part(ref dice), 1.1f + 5 * Part(ref dice), Part(ref dice)),
        (ref dice) => new RandomNoise(100 * Part(ref dice), Part(ref dice)),
        (ref dice) => new RandomJpeg(1 + dice.Below(50), 51 + dice.Below(50), Part(ref dice)),
        (ref dice) => new RandomPosterize(dice.Below(9), Part(ref dice)),
        (ref dice) => new RandomSolarize(256 * Part(ref dice), Part(ref dice)),
        (ref dice) => new RandomAutoContrast(Part(ref dice)),
        (ref dice) => new RandomEqualize(Part(ref dice)),
        (ref dice) => new RandomInvert(Part(ref dice)),
        (ref dice) => new RandomSharpness(5 * Part(ref dice), Part(ref dice)),
        (ref dice) =>
            new RandAugment(dice.Below(5), dice.Below(10), 10 + dice.Below(30), Between(ref dice), Fill(ref dice), Colour(ref dice)),
        (ref dice) => new TrivialAugment(2 + dice.Below(40), Between(ref dice), Fill(ref dice), Colour(ref dice)),
        (ref dice) =>
            new AugMix(1 + dice.Below(10), 1 + dice.Below(4), dice.Below(4), 0.01f + 3 * Part(ref dice), dice.Chance(0.5))
            {
                Interpolation = Between(ref dice),
                Fill = Fill(ref dice),
                Value = Colour(ref dice),
            },
        (ref dice) => new Cutout(1 + dice.Below(20), Colour(ref dice), Part(ref dice)),
        (ref dice) =>
            new RandomErasing(Part(ref dice), 0.01f + 0.3f * Part(ref dice), 0.4f + 0.6f * Part(ref dice), 0.1f + 0.9f * Part(ref dice),
                dice.Chance(0.5), (ErasingDefinition)dice.Below(3)) { MaxAspect = 1 + 3 * Part(ref dice) },
    ];

    static float Part(ref Dice dice) => (float)dice.Unit();

    static FillMode Fill(ref Dice dice) => (FillMode)dice.Below(4);

    static Interpolation Between(ref Dice dice) => (Interpolation)dice.Below(2);

    static Colour Colour(ref Dice dice) => new((byte)dice.Below(256), (byte)dice.Below(256), (byte)dice.Below(256));

    static Image Noise(ref Dice dice, int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        foreach (ref var value in pixels.AsSpan())
            value = (byte)dice.Below(256);
        return Image.FromPixels(width, height, channels, pixels);
    }

    static List<ImageChange> Drawn(IEnumerable<ImageAugmentation> augmentations, int seed, ImageSize size)
    {
        var changes = new List<ImageChange>();
        foreach (var (part, augmentation) in augmentations.Index())
        {
            var own = Dice.For(seed).Split(part);
            changes.Add(augmentation.Draw(ref own, size));
        }
        return changes;
    }

    static void KeepsItsPromises(ImageAugmentation[] augmentations, Image image, int seed)
    {
        var (before, size) = (image.Pixels.ToArray(), new ImageSize(image.Width, image.Height));
        var changes = Drawn(augmentations, seed, size);
        Assert.Equal(changes, Drawn(augmentations, seed, size));
        var result = ImageChange.Apply(image, changes);
        Assert.Equal((image.Width, image.Height, image.Channels), (result.Width, result.Height, result.Channels));
        Assert.Equal(before.Length, result.Pixels.Length);
        Assert.Equal(result.Pixels.ToArray(), ImageChange.Apply(image, changes).Pixels.ToArray());
        Assert.Equal(before, image.Pixels.ToArray());
    }

    static void Check(Action<int, int, int, int> property, int count) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true),
        Prop.ForAll(
            (from seed in Gen.Choose(0, int.MaxValue)
             from width in Gen.Choose(1, 24)
             from height in Gen.Choose(1, 24)
             from channels in Gen.Elements(1, 3, 4)
             select (seed, width, height, channels)).ToArbitrary(),
            at => property(at.seed, at.width, at.height, at.channels)));

    [Fact]
    public void Every_augmentation_keeps_size_and_input_and_depends_on_its_dice_alone() => Check((seed, width, height, channels) =>
    {
        var dice = Dice.For(seed);
        var image = Noise(ref dice, width, height, channels);
        foreach (var maker in makers)
            KeepsItsPromises([maker(ref dice)], image, seed);
    }, 60);

    [Fact]
    public void So_does_any_series_of_them() => Check((seed, width, height, channels) =>
    {
        var dice = Dice.For(seed);
        var image = Noise(ref dice, width, height, channels);
        var series = new ImageAugmentation[1 + dice.Below(6)];
        foreach (ref var augmentation in series.AsSpan())
            augmentation = makers[dice.Below(makers.Length)](ref dice);
        KeepsItsPromises(series, image, seed);
    }, 200);

    [Fact]
    public void Every_augmentation_of_an_opaque_picture_with_alpha_is_that_of_one_without() => Check((seed, width, height, _) =>
    {
        var dice = Dice.For(seed);
        var image = Noise(ref dice, width, height, 3);
        foreach (var maker in makers)
        {
            var changes = Drawn([maker(ref dice)], seed, new(width, height));
            Assert.Equal(ImageChange.Apply(image, changes).ToRgba().Pixels, ImageChange.Apply(image.ToRgba(), changes).Pixels);
        }
    }, 60);

    [Fact]
    public void Every_augmentation_keeps_an_alpha_that_is_the_same_everywhere() => Check((seed, width, height, _) =>
    {
        var dice = Dice.For(seed);
        var (pixels, alpha) = (Noise(ref dice, width, height, 4).Pixels.ToArray(), (byte)dice.Below(256));
        for (var i = 3; i < pixels.Length; i += 4)
            pixels[i] = alpha;
        var image = Image.FromPixels(width, height, 4, pixels);
        foreach (var maker in makers)
        {
            var augmentation = maker(ref dice);
            var changed = ImageChange.Apply(image, Drawn([augmentation], seed, new(width, height)));
            Assert.All(changed.Pixels.ToArray().Where((_, i) => i % 4 == 3),
                value => Assert.Equal((augmentation.GetType().Name, alpha), (augmentation.GetType().Name, value)));
        }
    }, 60);

    [Fact]
    public void Every_augmentation_is_kept_in_a_model_file()
    {
        var dice = Dice.For(4);
        var all = new List<Augmentation>
        {
            new MixUp(0.3f, 0.5f, MixingMode.Sample),
            new CutMix(0.7f),
            new MixUpOrCutMix(CutMixShare: 0.1f),
        };
        foreach (var maker in makers)
            all.Add(maker(ref dice));
        var ml = new MLContext(1);
        using var file = new MemoryStream();
        ml.Model.Save(new ImageAugmentingTransformer("Image", "Image", 5, [.. all]), null, file);
        file.Position = 0;
        var loaded = Assert.IsType<ImageAugmentingTransformer>(Assert.Single(ml.Model.Load(file, out _).Steps()));
        Assert.Equal(all, loaded.Augmentations);
    }

    [Fact]
    public void The_properties_are_asked_of_the_whole_family()
    {
        var made = new SortedSet<string>(StringComparer.Ordinal);
        var dice = Dice.For(1);
        foreach (var maker in makers)
            made.Add(maker(ref dice).GetType().Name);
        Assert.Equal(Catalog<ImageAugmentation>.Members.Keys, made);
    }

    public static TheoryData<Func<ImageAugmentation>, string> Refused => new()
    {
        { () => new RandomShift(1.5f), "Fraction" },
        { () => new RandomShift(0.1f, Down: -1), "Down" },
        { () => new RandomRotation(float.NaN), "Degrees" },
        { () => new RandomShear(90), "Degrees" },
        { () => new RandomZoom(0), "Min" },
        { () => new RandomZoom(1, 0.5f), "Max" },
        { () => new RandomResizedCrop(0), "MinArea" },
        { () => new RandomResizedCrop(0.5f, 0.4f), "MaxArea" },
        { () => new RandomResizedCrop(MinAspect: 2, MaxAspect: 1), "MaxAspect" },
        { () => new PadAndCrop(-1), "Padding" },
        { () => new RandomPerspective(0.9f), "Distortion" },
        { () => new RandomBrightness(-0.1f), "Change" },
        { () => new RandomContrast(float.PositiveInfinity), "Change" },
        { () => new RandomSaturation(float.NaN), "Change" },
        { () => new RandomHue(0.6f), "Change" },
        { () => new RandomChannelShift(256), "MaxShift" },
        { () => new RandomGrey(2), "Probability" },
        { () => new RandomBlur(0), "MinSigma" },
        { () => new RandomBlur(2, 1), "MaxSigma" },
        { () => new RandomNoise(-1), "MaxSigma" },
        { () => new RandomJpeg(0), "MinQuality" },
        { () => new RandomJpeg(80, 60), "MaxQuality" },
        { () => new RandomPosterize(9), "Bits" },
        { () => new RandomSolarize(-1), "Threshold" },
        { () => new RandomAutoContrast(2), "Probability" },
        { () => new RandomEqualize(-1), "Probability" },
        { () => new RandomInvert(float.NaN), "Probability" },
        { () => new RandomSharpness(-1), "Factor" },
        { () => new RandAugment(-1), "Operations" },
        { () => new RandAugment(Magnitude: 31), "Magnitude" },
        { () => new RandAugment(Bins: 1), "Bins" },
        { () => new TrivialAugment(1), "Bins" },
        { () => new AugMix(11), "Severity" },
        { () => new AugMix(Width: 0), "Width" },
        { () => new AugMix(Depth: 101), "Depth" },
        { () => new AugMix(Alpha: 0), "Alpha" },
        { () => new Cutout(0), "Side" },
        { () => new RandomErasing(MaxArea: 0.01f), "MaxArea" },
    };

    [Theory, MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_lies_outside_its_range_is_refused_by_name(Func<ImageAugmentation> make, string name) =>
        Assert.StartsWith(name + ": got ", Assert.Throws<ArgumentOutOfRangeException>(make).Message);
}
