using System.Text.Json;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Augmentations;

/// <summary>Against torchvision 0.14 over Pillow, by tests/golden/augmentations.py.</summary>
public sealed class PolicyTests
{
    sealed record Golden(int Width, int Height, int[] Pixels, JsonElement Policies, Warped[] Warps, Large Large);

    sealed record Row(bool Signed, double[] Magnitudes);

    sealed record Warped(string Operation, double Amount, Interpolation Interpolation, int[] Pixels);

    sealed record Large(int Height, int[] Pixels, Changed[] Cases);

    sealed record Changed(string Change, int[] Pixels);

    static readonly JsonSerializerOptions json = new(JsonSerializerOptions.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    static readonly Lazy<Golden> golden =
        new(() => JsonSerializer.Deserialize<Golden>(Repository.Read(Path.Combine("tests", "golden", "augmentations.json")), json)!);

    static Image Picture(int width, int height, int[] pixels) =>
        Image.FromPixels(width, height, 3, [.. pixels.Select(value => (byte)value)]);

    static PolicyOperation[] Operations(string policy) => policy switch
    {
        "RandAugment" => [.. PolicyOperation.RandAugment],
        "TrivialAugmentWide" => [.. PolicyOperation.TrivialAugmentWide],
        "AugMix" => [.. PolicyOperation.AugMix],
        _ => [.. PolicyOperation.AugMixOfAll],
    };

    [Theory, InlineData("RandAugment"), InlineData("TrivialAugmentWide"), InlineData("AugMix"), InlineData("AugMixOfAll")]
    public void Operations_ranges_bins_and_signs_are_those_of_torchvision(string policy)
    {
        var rows = golden.Value.Policies.GetProperty(policy).Deserialize<Dictionary<string, Row>>(json)!;
        var size = new ImageSize(golden.Value.Policies.GetProperty("width").GetInt32(),
            golden.Value.Policies.GetProperty("height").GetInt32());
        var operations = Operations(policy);
        Assert.Equal(rows.Keys, operations.Select(operation => operation.Name));
        Assert.All(operations, operation =>
        {
            var row = rows[operation.Name];
            Assert.Equal(row.Signed, operation.Signed);
            Assert.Equal(row.Magnitudes.Length == 0, operation.Magnitude is null);
            foreach (var (bin, magnitude) in row.Magnitudes.Index())
                Assert.Equal(magnitude, operation.Magnitude!(bin, row.Magnitudes.Length, size), 1e-4);
        });
    }

    [Fact]
    public void Warps_are_those_of_torchvision_wherever_no_pixel_is_torn_between_two() => Assert.All(golden.Value.Warps, expected =>
    {
        var source = Picture(golden.Value.Width, golden.Value.Height, golden.Value.Pixels);
        var size = new ImageSize(source.Width, source.Height);
        var style = new PolicyStyle(FillMode.Constant, default, expected.Interpolation);
        var warp = Assert.IsType<Warp>(PolicyOperation.RandAugment.Single(operation => operation.Name == expected.Operation)
            .Change(expected.Amount, size, style));
        var pixels = warp.Apply(source).Pixels.ToArray();
        var compared = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = warp.Map.Apply(i / 3 % size.Width, i / 3 / size.Width);
            // Pillow shows half a pixel beyond the outermost centres, where the colour outside begins here,
            // and rounds coordinates to 2^-16.
            if (Torn(x, size.Width) || Torn(y, size.Height))
                continue;
            compared++;
            Assert.InRange(pixels[i] - expected.Pixels[i], -1, 1);
        }
        Assert.True(compared > 0.6 * pixels.Length, $"{expected.Operation} {expected.Amount}: {compared}");

        bool Torn(double at, int length) => (at > -0.51 && at < 0) || (at > length - 1 && at < length - 0.49)
            || (expected.Interpolation == Interpolation.Nearest && Math.Abs(at - Math.Floor(at) - 0.5) < 0.001);
    });

    [Fact]
    public void Contrast_is_stretched_and_equalized_as_by_Pillow_on_a_picture_of_many_pixels()
    {
        var large = golden.Value.Large;
        var source = Picture(golden.Value.Width, large.Height, large.Pixels);
        Assert.All(large.Cases, expected =>
        {
            ImageChange change = expected.Change == "equalize" ? new Equalize() : new AutoContrast();
            Assert.Equal(expected.Pixels, change.Apply(source).Pixels.ToArray().Select(value => (int)value));
            Assert.NotEqual(large.Pixels, expected.Pixels);
        });
    }

    static ImageChange[] Draws(ImageAugmentation augmentation, int count, ImageSize size) => [.. Enumerable.Range(0, count).Select(seed =>
    {
        var dice = Dice.For(seed);
        return augmentation.Draw(ref dice, size);
    })];

    [Fact]
    public void RandAugment_draws_each_operation_and_sign_equally_often_at_the_strength_asked_for()
    {
        var drawn = Draws(new RandAugment(), 7000, new(90, 40)).Cast<ChangeSeries>().SelectMany(series => series.Changes).ToArray();
        // Two of fourteen for each of 7,000; none, slants and shifts are told apart by their maps.
        void Often(int count, double share) =>
            Assert.InRange(count, (share * 14000) - 5 * Math.Sqrt(14000 * share), (share * 14000) + 5 * Math.Sqrt(14000 * share));
        Often(14000 - drawn.Length, 1 / 14.0);
        Often(drawn.OfType<Warp>().Count(), 5 / 14.0);
        foreach (var kind in new[]
        {
            typeof(Brightness),
            typeof(Saturation),
            typeof(Contrast),
            typeof(Sharpness),
            typeof(Posterize),
            typeof(Solarize),
            typeof(AutoContrast),
            typeof(Equalize),
        })
            Often(drawn.Count(change => change.GetType() == kind), 1 / 14.0);
        var factors = drawn.OfType<Brightness>().Select(change => change.Factor).ToArray();
        Assert.Equal([0.73f, 1.27f], factors.Distinct().Order());
        Often(2 * factors.Count(factor => factor > 1), 1 / 14.0);
        Assert.Equal([new Posterize(7)], drawn.OfType<Posterize>().Distinct());
        Assert.Equal([new Solarize(178.5f)], drawn.OfType<Solarize>().Distinct());
        Assert.Contains(drawn, change => change is Warp { Map.X0: -12 });
        Assert.Contains(drawn, change => change is Warp { Map.Y0: 5 });
    }

    [Fact]
    public void TrivialAugment_draws_one_operation_of_any_strength()
    {
        var drawn = Draws(new TrivialAugment(), 7000, new(90, 40));
        Assert.InRange(drawn.Count(change => change == ImageChange.None), 500 - 110, 500 + 110);
        Assert.Equal([.. Enumerable.Range(2, 7)], drawn.OfType<Posterize>().Select(change => change.Bits).Distinct().Order());
        Assert.Equal(61, drawn.OfType<Brightness>().Select(change => change.Factor).Distinct().Count());
        Assert.Equal(32, drawn.OfType<Warp>().Max(warp => Math.Abs(warp.Map is { XX: 1, XY: 0, YX: 0 } ? warp.Map.X0 : 0)));
    }

    [Fact]
    public void Neighbouring_warps_of_a_policy_are_one_resample()
    {
        var source = Picture(golden.Value.Width, golden.Value.Height, golden.Value.Pixels);
        var style = new PolicyStyle(FillMode.Nearest, default, Interpolation.Bilinear);
        var series = new ChangeSeries(style.Warp(AffineMap.Translation(0.5, 0)), ImageChange.None,
            new ChangeSeries(style.Warp(AffineMap.Translation(-0.5, 0))));
        Assert.Equal(2, series.Changes.Length);
        Assert.Equal(source.Pixels.ToArray(), series.Apply(source).Pixels.ToArray());
        Assert.Equal(source.Pixels.ToArray(),
            ImageChange.Apply(source,
                [style.Warp(AffineMap.Translation(-0.5, 0)),
                    new ChangeSeries(style.Warp(AffineMap.Translation(0.5, 0)))]).Pixels.ToArray());
    }

    [Fact]
    public void AugMix_is_the_sum_of_the_image_and_its_chains_by_their_shares()
    {
        var source = Picture(golden.Value.Width, golden.Value.Height, golden.Value.Pixels);
        Assert.All(Draws(new AugMix(), 50, new(source.Width, source.Height)).Cast<Blend>(), blend =>
        {
            Assert.Equal(1, blend.Own + blend.Versions.Sum(version => version.Share), 5);
            Assert.Equal(3, blend.Versions.Length);
            Assert.All(blend.Versions, version => Assert.InRange(Assert.IsType<ChangeSeries>(version.Change).Changes.Length, 0, 3));
            double[] sum = [.. source.Pixels.ToArray().Select(value => (double)blend.Own * value)];
            foreach (var (share, change) in blend.Versions)
                foreach (var (i, value) in change.Apply(source).Pixels.ToArray().Index())
                    sum[i] += (double)share * value;
            Assert.All(blend.Apply(source).Pixels.ToArray().Zip(sum), pair => Assert.InRange(pair.First - pair.Second, -0.501, 0.501));
        });
    }

    [Fact]
    public void AugMix_of_one_value_keeps_it_and_its_shares_have_the_means_of_their_distributions()
    {
        var grey = Image.FromPixels(8, 8, 1, [.. Enumerable.Repeat((byte)255, 64)]);
        var blend = new Blend(0.25f, [(0.75f, ImageChange.None)]);
        Assert.Equal(grey.Pixels.ToArray(), blend.Apply(grey).Pixels.ToArray());
        var drawn = Draws(new AugMix(Width: 2, Alpha: 0.5f), 4000, new(8, 8)).Cast<Blend>().ToArray();
        // Beta(a, a) has mean 1/2 and variance 1 / (4 (2a + 1)).
        Assert.Equal(0.5, drawn.Average(change => change.Own), 0.03);
        Assert.Equal(1 / 8.0, drawn.Average(change => Math.Pow(change.Own - 0.5, 2)), 0.01);
        Assert.Equal(0.25, drawn.Average(change => change.Versions[0].Share), 0.02);
    }
}
