using MlPipelines.Graphs;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Golden;

namespace MlPipelines.Tests.Explanation;

/// <summary>Images sought by gradient steps, against PyTorch and against what can be told by hand.</summary>
[Trait("Category", "Runtime")]
public sealed class ImageOptimizationTests
{
    static readonly GoldenOptimization golden = GoldenFile.Read<GoldenOptimization>("optimization.json");

    // Without penalties, jitter and blur.
    static readonly InversionOptions plain = new() { TotalVariation = 0, AlphaNorm = 0 };

    public static TheoryData<string> Cases => [.. golden.Cases.Select(one => one.Name)];

    [Theory, MemberData(nameof(Cases))]
    public void Losses_and_images_are_those_of_pytorch(string name)
    {
        using var explainer = new NetworkExplainer(Network.FromOnnx(GoldenExplanation.File("pooled")));
        var options = golden.On(new MaximizationOptions());
        var (image, losses) = name switch
        {
            "inversion" => Found(explainer.Invert(GoldenExplanation.Image(golden.Size, 0), "/Relu_1", golden.On(new InversionOptions()))),
            "channel 5" => Found(explainer.Maximize(new ChannelTarget("/Relu_1", 5), options)),
            "unit 2,3,4" => Found(explainer.Maximize(new UnitTarget("/Add", 2, 3, 4), options)),
            _ => Found(explainer.Maximize(new ClassTarget(name), options)),
        };
        var expected = golden.Cases.Single(one => one.Name == name);
        Assert.Equal(golden.Steps + 1, losses.Count);
        Assert.All(expected.Losses.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Abs(expected.Losses[0])));
        var (pixels, plane) = (image.Pixels.ToArray(), golden.Size * golden.Size);
        // A number halfway between two pixels may be rounded either way.
        for (var i = 0; i < pixels.Length; i++)
            Assert.Equal(expected.Pixels[i], pixels[i % plane * 3 + i / plane], 0.6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_layer_that_loses_nothing_gives_the_image_back(int channels)
    {
        var network = new Sequential(new Input(6, 5, channels), new Rescaling(1 / 64f, -2) { Name = "scaled" }, new Flatten());
        using var explainer = new NetworkExplainer(network);
        var image = Pattern(5, 6, channels);
        var found = explainer.Invert(image, "flatten", plain with { Steps = 400 });
        Assert.Equal((channels, 5, 6), (found.Image.Channels, found.Image.Width, found.Image.Height));
        Assert.All(found.Image.Pixels.ToArray().Zip(image.Pixels.ToArray()), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        Assert.InRange(found.Error, 0, 0.01);
    }

    [Fact]
    public void An_invertible_sum_of_all_pixels_gives_the_image_back()
    {
        using var explainer = new NetworkExplainer(new Sequential(new Input(4, 4, 1), new Flatten(), new Dense(32) { Name = "sums" }));
        var image = Pattern(4, 4, 1);
        var found = explainer.Invert(image, "sums", plain with { Steps = 3000 });
        Assert.All(found.Image.Pixels.ToArray().Zip(image.Pixels.ToArray()), pair => Assert.InRange(pair.First - pair.Second, -3, 3));
    }

    [Fact]
    public void Losses_fall_and_restored_layers_match_what_was_to_be_met()
    {
        using var explainer = new NetworkExplainer(Cnn());
        var image = Pattern(16, 16, 3);
        var found = explainer.Invert(image, "conv", new InversionOptions { Steps = 150, TotalVariation = 0.001f });
        var tenths = found.Losses.Take(150).Chunk(15).Select(some => some.Average()).ToArray();
        Assert.Equal(tenths.OrderDescending(), tenths);
        var (wanted, met) = (explainer.Features(image, "conv").Values.Elements<float>().ToArray(),
            explainer.Features(found.Image, "conv").Values.Elements<float>().ToArray());
        Assert.Equal(found.Error, Length(wanted.Zip(met, (a, b) => a - b)) / Length(wanted), 1e-4);
        Assert.InRange(found.Error, 0, 0.2);
    }

    [Fact]
    public void An_image_found_for_a_class_beats_all_others_and_its_response_is_the_layers()
    {
        using var explainer = new NetworkExplainer(Cnn(), ["a", "b"]);
        var found = explainer.Maximize([new ClassTarget("a"), new ClassTarget("b"), new ChannelTarget("conv", 2)]);
        foreach (var (number, one) in found.Take(2).Index())
        {
            Assert.True(one.Activation > Patterns().Max(image => Logit(explainer, image, number)));
            Assert.Equal(Logit(explainer, one.Image, number), one.Activation, 1e-4);
        }
        Assert.True(found[2].Activation > Patterns().Max(image => Mean(explainer, image)));
        var maps = explainer.Features(found[2].Image, "conv").Values.Elements<float>();
        Assert.Equal(maps.Slice(2 * 196, 196).ToArray().Average(), found[2].Activation, 1e-4);

        static double Logit(NetworkExplainer explainer, Image image, int number) =>
            explainer.Features(image, "dense/gemm").Values.Elements<float>()[number];
        static double Mean(NetworkExplainer explainer, Image image) =>
            explainer.Features(image, "conv").Values.Elements<float>().Slice(2 * 196, 196).ToArray().Average();
    }

    [Fact]
    public void Equal_seeds_give_equal_images_whatever_is_computed_beside_them()
    {
        using var explainer = new NetworkExplainer(Cnn());
        var options = new InversionOptions { Steps = 12, Jitter = 3, Blur = 1, Seed = 5 };
        Image[] images = [.. Patterns().Take(3)];
        var together = explainer.Invert(images, "pool", options);
        var alone = explainer.Invert(images[2], "pool", options);
        Assert.Equal(alone.Image.Pixels.ToArray(), together[2].Image.Pixels.ToArray());
        Assert.Equal(alone.Image.Pixels.ToArray(), explainer.Invert(images[2], "pool", options).Image.Pixels.ToArray());
        Assert.NotEqual(alone.Image.Pixels.ToArray(),
            explainer.Invert(images[2], "pool", options with { Seed = 6 }).Image.Pixels.ToArray());
    }

    [Fact]
    public void Penalties_are_their_formulas()
    {
        // Two channels of 2 × 2; differences 0.2 across and 0.1 down in the first, none in the second.
        float[] image = [0.1f, 0.3f, 0.2f, 0.4f, 0.5f, 0.5f, 0.5f, 0.5f];
        var (weight, gradient) = (new InversionOptions { TotalVariation = 3, TotalVariationExponent = 2, AlphaNorm = 0 }, new float[8]);
        Assert.Equal(3 * 6.5 * 6.5 / 4 * (0.2 * 0.2 + 0.1 * 0.1 + 0.1 * 0.1 + 0.2 * 0.2),
            ImagePenalty.Of(image, (2, 2, 2), weight, gradient), 1e-5);
        float[] ends = [0.5f, -0.5f, 0.5f, -0.5f];
        Assert.Equal(7, ImagePenalty.Of(ends, (1, 2, 2), plain with { AlphaNorm = 7 }, new float[4]), 1e-6);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1.5, 6)]
    [InlineData(2, 3)]
    public void Gradients_of_penalties_are_their_differences(float beta, float alpha)
    {
        var options = new InversionOptions { TotalVariation = 2, TotalVariationExponent = beta, AlphaNorm = 3, AlphaNormExponent = alpha };
        var (dice, image, gradient) = (Dice.For(3), new float[3 * 4 * 5], new float[3 * 4 * 5]);
        dice.Normals(image);
        for (var i = 0; i < image.Length; i++)
            image[i] *= 0.2f;
        ImagePenalty.Of(image, (3, 4, 5), options, gradient);
        const float step = 1e-3f;
        for (var i = 0; i < image.Length; i += 7)
        {
            double At(float by)
            {
                float[] moved = [.. image];
                moved[i] += by;
                return ImagePenalty.Of(moved, (3, 4, 5), options, new float[image.Length]);
            }
            Assert.Equal((At(step) - At(-step)) / (2 * step), gradient[i], 0.01 * (1 + Math.Abs(gradient[i])));
        }
    }

    [Fact]
    public void A_moved_image_is_moved_back()
    {
        // Every pixel is to become a number that does not depend on its place, so that moves change nothing.
        var optimizer = new ImageOptimizer(new InversionOptions { Steps = 200, Jitter = 9, TotalVariation = 0, AlphaNorm = 0 },
            [1, 1, 4, 3],
            pixels => ([pixels.Sum(pixel => (pixel - 200.0) * (pixel - 200))], [.. pixels.Select(pixel => 2 * (pixel - 200))]));
        optimizer.Run(null, default);
        Assert.All(optimizer.ImageOf(0).Pixels.ToArray(), pixel => Assert.InRange((int)pixel, 199, 201));
    }

    [Fact]
    public void A_blur_keeps_the_mean_and_what_is_even()
    {
        float[] even = [.. Enumerable.Repeat(0.25f, 30)], spot = new float[25];
        spot[12] = 1;
        PlaneBlur.Apply(even, (5, 6), 1.3);
        Assert.All(even, number => Assert.Equal(0.25, number, 1e-6));
        PlaneBlur.Apply(spot, (5, 5), 0.5);
        Assert.Equal(1, spot.Sum(), 1e-5);
        Assert.Equal(spot[11], spot[7], 1e-7);
        Assert.Equal(Math.Exp(-2), spot[11] / spot[12], 1e-3);
    }

    [Fact]
    public void What_is_not_there_is_said()
    {
        using var explainer = new NetworkExplainer(Cnn(), ["a", "b"]);
        Assert.Contains("'a', 'b'", Assert.Throws<ArgumentException>(() => explainer.Maximize(new ClassTarget("c"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => explainer.Maximize(new ChannelTarget("conv", 4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => explainer.Maximize(new UnitTarget("conv", 0, 14, 0)));
        Assert.Contains("has no places", Assert.Throws<ArgumentException>(() =>
            explainer.Maximize(new UnitTarget("flatten", 0, 0, 0))).Message, StringComparison.Ordinal);
        Assert.Contains("conv", Assert.Throws<ArgumentException>(() => explainer.Invert(Pattern(16, 16, 3), "nothing")).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new InversionOptions { TotalVariation = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaximizationOptions { AlphaNorm = float.PositiveInfinity });
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            explainer.Invert([Pattern(16, 16, 3)], "conv", cancellation: cancelled.Token));
    }

    [Fact]
    public void What_responds_to_nothing_is_named()
    {
        var image = Network.Input(4, 4, 1);
        using var explainer = new NetworkExplainer(new Functional(image, new Dense(2).On(new Flatten().On(Op.Relu(image * -1f - 1f)))),
            ["a", "b"]);
        Assert.StartsWith("a: does not respond to any change", Assert.Throws<InvalidOperationException>(() =>
            explainer.Maximize(new ClassTarget("a"))).Message, StringComparison.Ordinal);
    }

    static (Image Image, IReadOnlyList<double> Losses) Found(Inversion one) => (one.Image, one.Losses);

    static (Image Image, IReadOnlyList<double> Losses) Found(Maximization one) => (one.Image, one.Losses);

    static Sequential Cnn() => new(new Input(16, 16, 3), new Rescaling(1 / 127.5f, -1),
        new Conv2D(4, 3, activation: Activation.Relu) { Name = "conv" }, new MaxPooling2D(2) { Name = "pool" }, new Flatten(),
        new Dense(2, Activation.Softmax));

    static IEnumerable<Image> Patterns() => Enumerable.Range(0, 20).Select(number => Pattern(16, 16, 3, number));

    static Image Pattern(int width, int height, int channels, int number = 0)
    {
        var (dice, pixels) = (Dice.For(number), new byte[width * height * channels]);
        dice.Bytes(pixels);
        return Image.FromPixels(width, height, channels, pixels);
    }

    static double Length(IEnumerable<float> numbers) => Math.Sqrt(numbers.Sum(number => (double)number * number));
}
