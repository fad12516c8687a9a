using FsCheck;
using FsCheck.Fluent;
using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.Augmentations;

public sealed class MixingTests
{
    const int Classes = 3;

    sealed record Batch(float[] Pixels, float[] Targets, long[] Ids, int Height, int Width)
    {
        public SampleBatch Span => new(Pixels, Targets, Ids, Height, Width);

        public Batch Copied() => this with { Pixels = [.. Pixels], Targets = [.. Targets] };

        public float[] PixelsOf(int sample) => Span.PixelsOf(sample).ToArray();
    }

    static Batch Made(int count, int height = 6, int width = 8, int channels = 3)
    {
        var dice = Dice.For(count, height, width);
        var (pixels, targets) = (new float[count * channels * height * width], new float[count * Classes]);
        foreach (ref var value in pixels.AsSpan())
            value = dice.Below(256);
        for (var i = 0; i < count; i++)
            targets[i * Classes + i % Classes] = 1;
        return new(pixels, targets, [.. Enumerable.Range(0, count).Select(i => 100L + 7 * i)], height, width);
    }

    static Batch Mixed(SampleMixing mixing, Batch batch, int seed)
    {
        var copy = batch.Copied();
        mixing.Mix(copy.Span, Dice.For(seed));
        return copy;
    }

    static float OwnShare(Batch mixed, int sample) => mixed.Targets[sample * Classes + sample % Classes];

    delegate SampleMixing Maker(ref Dice dice);

    static float Part(ref Dice dice) => (float)dice.Unit();

    static MixingMode Mode(ref Dice dice) => (MixingMode)dice.Below(2);

    static readonly Maker[] makers =
    [
        (ref dice) => new MixUp(0.01f + 3 * Part(ref dice), Part(ref dice), Mode(ref dice)),
        (ref dice) => new CutMix(0.01f + 3 * Part(ref dice), Part(ref dice), Mode(ref dice)),
        (ref dice) => new MixUpOrCutMix(0.01f + Part(ref dice), 0.01f + Part(ref dice), Part(ref dice), Part(ref dice), Mode(ref dice)),
    ];

    [Fact]
    public void Every_mixing_keeps_sums_of_targets_and_the_range_and_depends_on_its_dice_alone()
    {
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithQuietOnSuccess(true), Prop.ForAll(
            (from seed in Gen.Choose(0, int.MaxValue)
             from count in Gen.Choose(1, 9)
             from width in Gen.Choose(1, 12)
             from height in Gen.Choose(1, 12)
             from channels in Gen.Elements(1, 3)
             select (seed, count, width, height, channels)).ToArbitrary(),
            at =>
            {
                var batch = Made(at.count, at.height, at.width, at.channels);
                var dice = Dice.For(at.seed);
                foreach (var maker in makers)
                {
                    var mixing = maker(ref dice);
                    var mixed = Mixed(mixing, batch, at.seed);
                    var again = Mixed(mixing, batch, at.seed);
                    Assert.Equal(mixed.Pixels, again.Pixels);
                    Assert.Equal(mixed.Targets, again.Targets);
                    Assert.All(mixed.Targets.Chunk(Classes), row => Assert.Equal(1, row.Sum(), 5));
                    Assert.All(mixed.Targets, target => Assert.InRange(target, 0, 1));
                    Assert.All(mixed.Pixels, value => Assert.InRange(value, 0, 255.001f));
                }
            }));
        Assert.Equal(Catalog<Augmentation>.Members.Where(member => typeof(SampleMixing).IsAssignableFrom(member.Value))
            .Select(member => member.Key),
            makers.Select(maker => { var own = Dice.For(1); return maker(ref own).GetType().Name; }).Order(StringComparer.Ordinal));
    }

    [Theory, InlineData(MixingMode.Batch), InlineData(MixingMode.Sample)]
    public void MixUp_blends_pixels_and_targets_of_first_and_last_by_one_share(MixingMode mode)
    {
        var batch = Made(5);
        var mixed = Mixed(new MixUp(1, 1, mode), batch, 4);
        var shares = new List<float>();
        for (var i = 0; i < 5; i++)
        {
            var partner = 4 - i;
            var share = i % Classes == partner % Classes ? 1 : OwnShare(mixed, i);
            if (i == partner)
            {
                Assert.Equal(batch.PixelsOf(i), mixed.PixelsOf(i));
                continue;
            }
            if (i % Classes == partner % Classes)
                continue;
            shares.Add(share);
            Assert.Equal(1 - share, mixed.Targets[i * Classes + partner % Classes], 5);
            foreach (var (own, others, now) in batch.PixelsOf(i).Zip(batch.PixelsOf(partner), mixed.PixelsOf(i)))
                Assert.Equal(share * own + (1 - share) * others, now, 0.001f);
        }
        Assert.Equal(mode == MixingMode.Batch ? 1 : shares.Count, shares.Distinct().Count());
    }

    [Theory, InlineData(MixingMode.Batch), InlineData(MixingMode.Sample)]
    public void CutMix_pastes_the_partners_box_and_counts_its_pixels(MixingMode mode)
    {
        var boxes = new HashSet<string>();
        for (var seed = 0; seed < 40; seed++)
        {
            var batch = Made(4, 20, 30);
            var mixed = Mixed(new CutMix(1, 1, mode), batch, seed);
            // First and last are of one class of three; the second and third are not.
            foreach (var i in new[] { 1, 2 })
            {
                var (own, others, now) = (batch.PixelsOf(i), batch.PixelsOf(3 - i), mixed.PixelsOf(i));
                var pasted = Enumerable.Range(0, 600)
                    .Where(at => Enumerable.Range(0, 3).Any(plane => now[plane * 600 + at] != own[plane * 600 + at])).ToArray();
                if (pasted.Length == 0)
                {
                    Assert.Equal(own, now);
                    continue;
                }
                var (left, right, top, bottom) =
                    (pasted.Min(at => at % 30), pasted.Max(at => at % 30), pasted.Min(at => at / 30), pasted.Max(at => at / 30));
                for (var at = 0; at < 1800; at++)
                {
                    var inside = at % 30 >= left && at % 30 <= right && at / 30 % 20 >= top && at / 30 % 20 <= bottom;
                    Assert.Equal(inside ? others[at] : own[at], now[at]);
                }
                Assert.Equal(1 - (right - left + 1) * (bottom - top + 1) / 600f, OwnShare(mixed, i), 5);
                boxes.Add($"{i} {left} {top} {right} {bottom}");
            }
            if (mode == MixingMode.Batch)
                Assert.Equal(OwnShare(mixed, 1), OwnShare(mixed, 2));
        }
        Assert.True(boxes.Count > 60);
    }

    [Fact]
    public void Whole_boxes_have_the_images_shape_and_the_area_drawn()
    {
        var size = new ImageSize(200, 100);
        var drawn = Enumerable.Range(0, 4000).Select(seed =>
        {
            var dice = Dice.For(seed);
            return new CutMix().Draw(ref dice, size).Box!.Value;
        }).ToArray();
        Assert.All(drawn, box => Assert.True(box.Left >= 0 && box.Top >= 0 && box.Right <= 200 && box.Bottom <= 100));
        var whole = drawn.Where(box => box.Left > 0 && box.Top > 0 && box.Right < 200 && box.Bottom < 100 && box.Bottom > box.Top)
            .ToArray();
        Assert.All(whole, box => Assert.InRange((box.Right - box.Left) - 2 * (box.Bottom - box.Top), -4, 4));
        // A centre is any pixel, so that its mean is the middle.
        Assert.True(whole.Length > 600);
        Assert.Equal(100, whole.Average(box => (box.Left + box.Right) / 2.0), 8.0);
        Assert.Equal(50, whole.Average(box => (box.Top + box.Bottom) / 2.0), 4.0);
    }

    [Theory, InlineData(0.2), InlineData(1), InlineData(0.01), InlineData(4)]
    public void Shares_have_the_moments_of_the_beta_distribution(double alpha)
    {
        const int Count = 40_000;
        var dice = Dice.For(3);
        var drawn = new double[Count];
        foreach (ref var share in drawn.AsSpan())
            share = dice.Beta(alpha, alpha);
        var variance = 1 / (4 * (2 * alpha + 1));
        // Kurtosis of Beta(a, a) is 3 − 6 / (2a + 3), which bounds the error of the variance.
        Assert.Equal(0.5, drawn.Average(), 5 * Math.Sqrt(variance / Count));
        Assert.Equal(variance, drawn.Average(share => (share - 0.5) * (share - 0.5)), 5 * variance * Math.Sqrt(2.0 / Count));
        Assert.All(drawn, share => Assert.InRange(share, 0, 1));
    }

    [Theory, InlineData(2, 5), InlineData(0.5, 3)]
    public void An_uneven_beta_distribution_has_its_mean_and_variance(double a, double b)
    {
        const int Count = 40_000;
        var dice = Dice.For(5);
        var drawn = new double[Count];
        foreach (ref var share in drawn.AsSpan())
            share = dice.Beta(a, b);
        var (mean, variance) = (a / (a + b), a * b / ((a + b) * (a + b) * (a + b + 1)));
        Assert.Equal(mean, drawn.Average(), 5 * Math.Sqrt(variance / Count));
        Assert.Equal(variance, drawn.Average(share => (share - mean) * (share - mean)), 0.06 * variance);
    }

    [Theory, InlineData(0.3), InlineData(1), InlineData(7.5)]
    public void Gamma_has_its_mean_variance_and_mean_logarithm(double shape)
    {
        const int Count = 40_000;
        var dice = Dice.For(9);
        var logarithms = new double[Count];
        foreach (ref var value in logarithms.AsSpan())
            value = dice.LogGamma(shape);
        var drawn = logarithms.Select(Math.Exp).ToArray();
        Assert.Equal(shape, drawn.Average(), 5 * Math.Sqrt(shape / Count));
        Assert.Equal(shape, drawn.Average(value => (value - shape) * (value - shape)), 5 * shape * Math.Sqrt((2 + 6 / shape) / Count));
        // E ln X is the digamma function; its variance the trigamma function, at most 1/a² + 1/a.
        Assert.Equal(Digamma(shape), logarithms.Average(), 5 * Math.Sqrt((1 / (shape * shape) + 1 / shape) / Count));
    }

    static double Digamma(double x) =>
        x < 10 ? Digamma(x + 1) - 1 / x : Math.Log(x) - 1 / (2 * x) - 1 / (12 * x * x) + 1 / (120 * Math.Pow(x, 4));

    [Fact]
    public void Probability_and_choice_have_their_frequencies()
    {
        var (batch, mixed, pasted) = (Made(2), 0, 0);
        for (var seed = 0; seed < 2000; seed++)
        {
            var after = Mixed(new MixUpOrCutMix(1, 1, 0.25f, 0.8f), batch, seed);
            if (OwnShare(after, 0) == 1)
                continue;
            mixed++;
            if (after.Pixels.All(value => value == Math.Floor(value)))
                pasted++;
        }
        // A few boxes are empty, and then nothing was mixed.
        Assert.InRange(mixed / 2000.0, 0.74, 0.83);
        Assert.InRange(pasted / (double)mixed, 0.18, 0.29);
    }

    [Fact]
    public void A_sample_of_sample_mode_has_the_same_share_wherever_it_stands()
    {
        var batch = Made(5);
        var moved = batch with { Ids = [batch.Ids[1], batch.Ids[0], .. batch.Ids[2..]] };
        var (one, other) = (Mixed(new MixUp(1, 1, MixingMode.Sample), batch, 2), Mixed(new MixUp(1, 1, MixingMode.Sample), moved, 2));
        Assert.Equal(OwnShare(one, 1), OwnShare(other, 0));
        Assert.NotEqual(OwnShare(one, 0), OwnShare(other, 0));
    }

    [Fact]
    public void What_lies_outside_its_range_is_refused_by_name()
    {
        void Refused(string name, Func<Augmentation> make) =>
            Assert.StartsWith(name + ": got ", Assert.Throws<ArgumentOutOfRangeException>(make).Message);
        Refused("Alpha", () => new MixUp(0));
        Refused("Alpha", () => new CutMix(-1));
        Refused("Probability", () => new MixUp(1, 2));
        Refused("Mode", () => new CutMix(1, 1, (MixingMode)7));
        Refused("CutMixShare", () => new MixUpOrCutMix(1, 1, 2));
        Refused("MixUpAlpha", () => new MixUpOrCutMix(0));
        Refused("CutMixAlpha", () => new MixUpOrCutMix(1, 0));
    }

    [Fact, Trait("Category", "Runtime")]
    public void Training_with_mixed_batches_gives_equal_models_for_any_number_of_workers()
    {
        static byte[] Train(int workers, params Augmentation[] augmentations)
        {
            var ml = new MLContext(3);
            using var model = ml.Transforms.AugmentImages("Image", augmentations)
                .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
                {
                    Network = Patterns.Elaborate(),
                    Epoch = 2,
                    BatchSize = 8,
                    Workers = workers,
                    EarlyStoppingCriteria = null,
                }))
                .Fit(Patterns.View(ml, Patterns.Stripes(30)));
            return model.LastTransformer.Onnx.ToArray();
        }
        Augmentation[] mixed = [new RandAugment(), new MixUpOrCutMix(Mode: MixingMode.Sample), new MixUp()];
        var one = Train(1, mixed);
        Assert.Equal(one, Train(5, mixed));
        Assert.NotEqual(one, Train(1, new RandAugment()));
    }

    [Fact, Trait("Category", "Runtime")]
    public void A_network_still_learns_from_mixed_batches()
    {
        var ml = new MLContext(1);
        using var model = ml.Transforms.AugmentImages("Image", new MixUpOrCutMix())
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
            {
                Network = Patterns.Small(),
                Epoch = 15,
                BatchSize = 8,
                ValidationSetFraction = 0,
                EarlyStoppingCriteria = null,
            }))
            .Fit(Patterns.View(ml, Patterns.Stripes(60)));
        var test = model.Transform(Patterns.View(ml, Patterns.Stripes(40, seed: 77)));
        Assert.InRange(ml.MulticlassClassification.Report(test).MicroAccuracy, 0.9, 1);
    }
}
