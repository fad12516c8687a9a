using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Training.Heads;

/// <summary>What the trainer's options mean to heads that learn from all features at once.</summary>
[Trait("Category", "Runtime")]
public sealed class HeadOptionsTests
{
    // Three pictures across to one down, hard to tell apart.
    static readonly Patterns.Picture[] uneven =
        [.. Patterns.Stripes(80, noise: 130).Where((_, number) => number % 2 == 0 || number % 6 == 1)];

    static readonly Patterns.Picture[] others = Patterns.Stripes(20, seed: 9, noise: 130);

    static float[][] Scores(Head head, Func<ImageClassificationTrainer.Options, ImageClassificationTrainer.Options> with)
    {
        var ml = new MLContext(2);
        var network = new Sequential(new Input(Patterns.Size, Patterns.Size, 3), new Rescaling(1 / 127.5f, -1),
            new Conv2D(8, 3, Padding.Same, Activation.Relu), new GlobalAveragePooling2D(), new Dense(7));
        using var model =
            Patterns.Fit(ml, Patterns.View(ml, uneven), with(new() { Network = network, Head = head, ValidationSetFraction = 0 }));
        return [.. model.Transform(Patterns.View(ml, others)).GetColumn<float[]>("Score")];
    }

    static double MeanOfSmallClass(float[][] scores) => scores.Average(score => score[1]);

    static void AssertClose(float[][] expected, float[][] scores)
    {
        foreach (var (one, other) in expected.Zip(scores))
            Assert.Equal(one[0], other[0], 2e-3);
    }

    public static TheoryData<Head> Weighable =>
        [new LinearHead(0.01f, OptimizationTolerance: 1e-6f), new NearestNeighbours(9),
            new NearestNeighbours(9, Weighting: NeighbourWeighting.Distance)];

    [Theory, MemberData(nameof(Weighable))]
    public void Class_weights_computed_or_given_and_balanced_sampling_are_the_same(Head head)
    {
        var plain = Scores(head, options => options);
        var balanced = Scores(head, options => options with { ClassWeighting = ClassWeighting.Balanced });
        Assert.True(MeanOfSmallClass(balanced) > MeanOfSmallClass(plain) + 0.02,
            $"{MeanOfSmallClass(balanced)} after {MeanOfSmallClass(plain)}");
        AssertClose(balanced, Scores(head, options => options with { Sampling = BatchSampling.ClassBalanced }));
        var (across, down) = (uneven.Count(picture => picture.Label == "across"), uneven.Count(picture => picture.Label == "down"));
        AssertClose(balanced,
            Scores(head, options => options with { ClassWeights = [uneven.Length / (2f * across), uneven.Length / (2f * down)] }));
    }

    [Fact]
    public void Label_smoothing_draws_a_linear_head_to_the_middle()
    {
        var (plain, smooth) = (Scores(new LinearHead(0.1f), options => options),
            Scores(new LinearHead(0.1f), options => options with { LabelSmoothing = 0.4f }));
        Assert.True(smooth.Average(score => score.Max()) < plain.Average(score => score.Max()) - 0.05);
    }

    [Fact]
    public void Perceptrons_are_equal_and_named_by_their_units()
    {
        Assert.Equal(new MultilayerPerceptron(0.25f, 64, 32), new MultilayerPerceptron(0.25f, 64, 32));
        Assert.NotEqual(new MultilayerPerceptron(0.25f, 64, 32), new MultilayerPerceptron(0.25f, 64, 33));
        Assert.Equal("MultilayerPerceptron { Dropout = 0.25, Units = [64, 32] }", new MultilayerPerceptron(0.25f, 64, 32).ToString());
    }

    [Fact]
    public void Images_whose_features_are_no_numbers_are_named_and_left_out()
    {
        var (ml, skipped) = (new MLContext(2), new List<SkippedRow>());
        var network = new Sequential(new Input(Patterns.Size, Patterns.Size, 3),
            new Conv2D(4, 3) { KernelInitializer = new Constant(1e37f) },
            new GlobalAveragePooling2D(), new Dense(7));
        Patterns.Picture[] pictures = [.. uneven[..10],
            .. new[]
            {
                "across",
                "down",
            }.Select(label =>
                new Patterns.Picture { Image = Image.FromPixels(Patterns.Size, Patterns.Size, 3, new byte[432]), Label = label })];
        foreach (var head in new Head[] { new LinearHead(), new NearestClassMean(), new NearestNeighbours(2), new MultilayerPerceptron() })
        {
            skipped.Clear();
            Patterns.Fit(ml, Patterns.View(ml, pictures),
                new() { Network = network, Head = head, ValidationSetFraction = 0, Skipped = skipped.Add }).Dispose();
            Assert.Equal(10, skipped.Count);
            Assert.Equal("the network gives features of it that are no finite numbers. Is the preprocessing the one that the network was "
                + "trained with?", skipped[0].Reason);
        }
        Assert.Contains("no finite numbers",
            Assert.Throws<InvalidDataException>(() =>
                Patterns.Fit(ml, Patterns.View(ml, pictures),
                    new() { Network = network, Head = new LinearHead(), FailOnBadImages = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_changes_no_neighbour_and_no_mean_is_refused()
    {
        Assert.Contains("LabelSmoothing",
            Assert.Throws<ArgumentException>(() =>
                Scores(new NearestNeighbours(), options => options with { LabelSmoothing = 0.1f })).Message, StringComparison.Ordinal);
        Assert.Contains("label smoothing",
            Assert.Throws<ArgumentException>(() =>
                Scores(new NearestClassMean(), options => options with { LabelSmoothing = 0.1f })).Message, StringComparison.Ordinal);
        Assert.Contains("class weights",
            Assert.Throws<ArgumentException>(() =>
                Scores(new NearestClassMean(), options => options with { ClassWeighting = ClassWeighting.Balanced })).Message,
                StringComparison.Ordinal);
    }
}
