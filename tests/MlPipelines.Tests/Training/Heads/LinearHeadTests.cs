using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Training.Heads;

[Trait("Category", "Runtime")]
public sealed class LinearHeadTests
{
    static Sequential Backbone() =>
        new Sequential(new Input(Patterns.Size, Patterns.Size, 3), new Rescaling(1 / 127.5f, -1),
            new Conv2D(16, 3, Padding.Same, Activation.Relu), new MaxPooling2D(4), new Flatten(), new Dense(7));

    public static TheoryData<int> LogisticCases => [.. Enumerable.Range(0, GoldenHeads.Numbers.Logistic.Length)];

    [Theory, MemberData(nameof(LogisticCases))]
    public void Weights_and_probabilities_are_those_of_scikit_learn(int number)
    {
        var expected = GoldenHeads.Numbers.Logistic[number];
        var table = expected.SampleWeights is { Length: > 0 } weights ? GoldenHeads.Weighted(weights) : GoldenHeads.Table;
        var trained = GoldenHeads.Fitted(new LinearHead(expected.Penalty, OptimizationTolerance: 1e-7f),
            expected.Balanced ? table.Balanced() : table, new(0, [.. expected.ClassWeights]));
        var (kernel, bias) = (trained.Parameters[0].Initializer!.Content!, trained.Parameters[1].Initializer!.Content!);
        var shift = bias.Elements<float>().ToArray().Average();
        AssertClose(expected.Kernel, kernel.Elements<float>(), 0, 1e-3);
        AssertClose(expected.Bias, bias.Elements<float>(), shift, 1e-3);
        AssertClose(expected.Probabilities, GoldenHeads.Scores(trained, GoldenHeads.Numbers.Features), 0, 2e-4);
    }

    static void AssertClose(double[] expected, ReadOnlySpan<float> actual, double shift, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i] - shift, tolerance);
    }

    [Fact]
    public void Nearest_means_are_those_of_scikit_learn()
    {
        var scores = GoldenHeads.Scores(GoldenHeads.Fitted(new NearestClassMean(), GoldenHeads.Table), GoldenHeads.Numbers.Features);
        Assert.Equal(GoldenHeads.Numbers.NearestCentroid,
            scores.Chunk(GoldenHeads.Numbers.Classes).Select(row => Array.IndexOf(row, row.Max())));
    }

    [Fact]
    public void A_sample_of_weight_two_moves_a_mean_as_two_samples()
    {
        var (table, repeated) = GoldenHeads.WeightedAndRepeated();
        Assert.Equal(GoldenHeads.Scores(GoldenHeads.Fitted(new NearestClassMean(), repeated), GoldenHeads.Numbers.Queries),
            GoldenHeads.Scores(GoldenHeads.Fitted(new NearestClassMean(), table), GoldenHeads.Numbers.Queries),
            (one, other) => Math.Abs(one - other) < 1e-4);
    }

    [Fact]
    public void An_optimum_that_was_not_reached_is_told_of()
    {
        var warnings = new List<string>();
        GoldenHeads.Fitted(new LinearHead(1, MaximumNumberOfIterations: 2), GoldenHeads.Table, warn: warnings.Add);
        Assert.Equal("LinearHead: the optimum was not reached in 2 iterations. Raise MaximumNumberOfIterations or L2Regularization.",
            Assert.Single(warnings));
        GoldenHeads.Fitted(new LinearHead(1), GoldenHeads.Table, warn: warnings.Add);
        Assert.Single(warnings);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(1000f)]
    public void The_penalty_chosen_is_the_best_on_samples_held_out_whatever_the_scale_of_the_features(float scale)
    {
        var dice = new Random(4);
        float Noise() => scale * (float)(Enumerable.Range(0, 12).Sum(_ => dice.NextDouble()) - 6);
        Sample[] Drawn(int count) => [.. Enumerable.Range(0, count).Select(i =>
            new Sample(Enumerable.Range(0, 30).Select(j => Noise() + (j == i % 2 ? scale : 0)).ToArray(), i % 2, i))];
        var (learnt, others) = (new FeatureTable(Drawn(60), 2), Drawn(2000));
        double Loss(LinearHead head)
        {
            var scores = GoldenHeads.Scores(GoldenHeads.Fitted(head, learnt), [.. others.Select(sample => (float[])sample.Content)]);
            return others.Select((sample, i) => -Math.Log(Math.Max(1e-30, scores[i * 2 + sample.Label]))).Average();
        }
        var chosen = Loss(new());
        float[] penalties = [.. Enumerable.Range(-3, 9).Select(power => scale * scale * MathF.Pow(10, power))];

        Assert.InRange(chosen, 0, penalties.Min(penalty => Loss(new(penalty))) + 0.05);
        Assert.True(chosen < Loss(new(0.001f * scale * scale)) - 0.1);
    }

    [Fact]
    public void Lbfgs_finds_the_minimum_of_a_curved_valley()
    {
        var found = new Lbfgs(1e-10, 200).Minimum([-1.2, 1], (x, g) =>
        {
            (g[0], g[1]) = (-400 * x[0] * (x[1] - x[0] * x[0]) - 2 * (1 - x[0]), 200 * (x[1] - x[0] * x[0]));
            return 100 * Math.Pow(x[1] - x[0] * x[0], 2) + Math.Pow(1 - x[0], 2);
        });
        Assert.Equal(1, found[0], 1e-8);
        Assert.Equal(1, found[1], 1e-8);
    }

    [Fact]
    public void A_linear_head_on_a_network_is_one_onnx_from_pixels_to_probabilities()
    {
        var ml = new MLContext(2);
        var view = Patterns.View(ml, Patterns.Stripes(60));
        var epochs = new List<EpochMetrics>();
        using var model = Patterns.Fit(ml, view, new() { Network = Backbone(), Head = new LinearHead(0.01f), EpochCallback = epochs.Add });
        var epoch = Assert.Single(epochs);
        Assert.InRange(epoch.Accuracy, 0.9, 1);
        Assert.Equal((60, null), (epoch.Samples, epoch.ValidationAccuracy));
        var metrics = ml.MulticlassClassification.Report(model.Transform(Patterns.View(ml, Patterns.Stripes(40, seed: 9))));
        Assert.InRange(metrics.MicroAccuracy, 0.8, 1);
        Assert.Equal([Shape.Unknown, 3, 12, 12], OnnxFile.Read(model.Onnx).Graph.Inputs[0].Shape);
    }

    [Fact]
    public void A_perceptron_learns_in_steps_on_the_same_features()
    {
        var ml = new MLContext(2);
        var log = new List<string>();
        ml.Log += (_, line) => log.Add(line.RawMessage);
        var epochs = new List<EpochMetrics>();
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(60)),
            new()
            {
                Network = Backbone(),
                Head = new MultilayerPerceptron(0.2f, 24),
                Epoch = 30,
                BatchSize = 8,
                LearningRate = 0.01f,
                EarlyStoppingCriteria = null,
                EpochCallback = epochs.Add,
            });
        Assert.Equal(30, epochs.Count);
        Assert.True(epochs[^1].ValidationAccuracy > 0.8, $"{epochs[^1]}");
        Assert.Contains(log, line => line.Contains("54 computed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_head_needs_a_network() =>
        Assert.Contains("Set Network",
            Assert.Throws<ArgumentException>(() =>
                Patterns.Fit(new MLContext(1), Patterns.View(new MLContext(1), Patterns.Stripes(10)),
                    new() { Head = new LinearHead() })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_linear_head_cannot_learn_from_images_that_change() =>
        Assert.Contains("FeatureVariants",
            Assert.Throws<ArgumentException>(() =>
                Patterns.Fit(new MLContext(1), Patterns.View(new MLContext(1), Patterns.Stripes(10)),
                    new() { Network = Backbone(), Head = new LinearHead(), FeatureVariants = 0 })).Message, StringComparison.Ordinal);
}
