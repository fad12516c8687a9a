using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Training.Heads;

[Trait("Category", "Runtime")]
public sealed class NearestNeighboursTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, GoldenHeads.Numbers.Neighbours.Length)];

    static NearestNeighbours HeadOf(GoldenHeads.Neighbours golden) => new(golden.Count,
        golden.Metric == "cosine" ? NeighbourMetric.Cosine : NeighbourMetric.Euclidean,
        golden.Weights == "distance" ? NeighbourWeighting.Distance : NeighbourWeighting.Uniform);

    static float[] Scores(NearestNeighbours head, FeatureTable table, float[][] rows, CategoricalCrossEntropy? loss = null) =>
        GoldenHeads.Scores(GoldenHeads.Fitted(head, table, loss), rows);

    static FeatureTable Table(int classes, params (float[] Features, int Class)[] samples) =>
        new([.. samples.Select((each, i) => new Sample(each.Features, each.Class, i))], classes);

    static float[] Point(params float[] numbers) => [.. numbers, .. new float[GoldenHeads.Numbers.Features[0].Length - numbers.Length]];

    [Theory, MemberData(nameof(Cases))]
    public void Probabilities_are_those_of_scikit_learn(int number)
    {
        var golden = GoldenHeads.Numbers.Neighbours[number];
        var scores = Scores(HeadOf(golden), GoldenHeads.Table, GoldenHeads.Numbers.Queries);
        Assert.Equal(golden.Probabilities.Length, scores.Length);
        foreach (var (expected, score) in golden.Probabilities.Zip(scores))
            Assert.Equal(expected, score, 2e-5);
    }

    [Theory]
    [InlineData(NeighbourWeighting.Uniform)]
    [InlineData(NeighbourWeighting.Distance)]
    public void A_sample_of_weight_two_votes_as_two(NeighbourWeighting weighting)
    {
        // Of all samples, so that both vote with the same neighbours.
        var (weighted, repeated) = GoldenHeads.WeightedAndRepeated();
        NearestNeighbours All(int count) => new(count, NeighbourMetric.Euclidean, weighting);
        var expected = Scores(All(repeated.Count), repeated, GoldenHeads.Numbers.Queries[..30]);
        foreach (var (one, other) in expected.Zip(
            Scores(All(weighted.Samples.Count(sample => sample.Weight > 0)), weighted, GoldenHeads.Numbers.Queries[..30])))
            Assert.Equal(one, other, 1e-5);
    }

    [Fact]
    public void Class_weights_multiply_votes()
    {
        var table = Table(2, (Point(1), 0), (Point(2), 0), (Point(3), 1));
        var scores = Scores(new(3, NeighbourMetric.Euclidean), table, [Point(0)], new(0, 1, 3));
        Assert.Equal(2f / 5, scores[0], 1e-6);
        Assert.Equal(3f / 5, scores[1], 1e-6);
    }

    [Fact]
    public void Of_images_equally_near_the_first_vote()
    {
        var table = Table(3, (Point(2), 2), (Point(0, 1), 1), (Point(1), 0), (Point(-1), 2));
        Assert.Equal([0.5f, 0.5f, 0], Scores(new(2, NeighbourMetric.Euclidean), table, [Point(0)]),
            (one, other) => Math.Abs(one - other) < 1e-6);
    }

    [Theory]
    [InlineData(NeighbourMetric.Cosine)]
    [InlineData(NeighbourMetric.Euclidean)]
    public void Small_distances_far_from_the_origin_keep_their_digits(NeighbourMetric metric)
    {
        var table = Table(2, (Point(1000, 1), 0), (Point(1000, 4), 1));
        var scores = Scores(new(2, metric, NeighbourWeighting.Distance), table, [Point(1000, 2)]);
        var share = metric == NeighbourMetric.Euclidean ? 2 / 3.0 : 0.8;
        Assert.Equal(share, scores[0], 1e-3);
    }

    [Fact]
    public void Features_without_a_direction_are_scored()
    {
        var table = Table(2, (Point(0), 0), (Point(1), 1));
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], Scores(new(2), table, [Point(0), Point(0, 1)]),
            (one, other) => Math.Abs(one - other) < 1e-6);
        Assert.Equal(1, Scores(new(2, Weighting: NeighbourWeighting.Distance), table, [Point(0)])[0], 1e-6);
    }

    [Fact]
    public void More_neighbours_than_images_are_refused() => Assert.Equal(
        "Head: NearestNeighbours got 3 neighbours, there are 2 training images that can be read and have a weight. Take at most 2 "
            + "neighbours, or more images.",
        Assert.Throws<ArgumentException>(() =>
            GoldenHeads.Fitted(new NearestNeighbours(3), Table(2, (Point(1), 0), (Point(2), 1)))).Message);

    [Fact]
    public void Label_smoothing_is_refused() => Assert.Equal(
        "Head: NearestNeighbours got LabelSmoothing 0.1, which changes no neighbour. Leave it out.",
        Assert.Throws<ArgumentException>(() => GoldenHeads.Fitted(new NearestNeighbours(1), GoldenHeads.Table, new(0.1f))).Message);

    [Fact]
    public void More_largest_numbers_than_there_are_are_refused() => Assert.Equal(
        "TopK (TopK): takes 4 of axis 1 of input [2,3], needs a single number from 1 to the axis's size.",
        Assert.Throws<GraphException>(() => Op.TopK(Value.Input("x", [2, 3]), 4)).Message);

    static Sequential Backbone() =>
        new(new Input(12, 12, 3), new Rescaling(1 / 127.5f, -1), new Conv2D(16, 3, Padding.Same, Activation.Relu), new MaxPooling2D(4),
            new Flatten(), new Dense(7));

    static ImageClassificationTrainer.Options Options =>
        new()
        {
            Network = Backbone(),
            Head = new NearestNeighbours(3, Weighting: NeighbourWeighting.Distance),
            ValidationSetFraction = 0,
        };

    [Fact]
    public void It_is_one_onnx_from_pixels_to_probabilities()
    {
        var ml = new MLContext(2);
        var (view, epochs) = (Patterns.View(ml, Patterns.Stripes(60)), new List<EpochMetrics>());
        using var model = Patterns.Fit(ml, view, Options with { EpochCallback = epochs.Add });
        Assert.Equal(1, Assert.Single(epochs).Accuracy);
        Assert.InRange(ml.MulticlassClassification.Report(model.Transform(Patterns.View(ml, Patterns.Stripes(40, seed: 9)))).MicroAccuracy,
            0.8, 1);
        foreach (var scores in model.Transform(view).GetColumn<float[]>("Score"))
            Assert.Equal(1, scores.Sum(), 1e-5);
        var read = OnnxFile.Read(model.Onnx).Graph;
        Assert.Equal([Shape.Unknown, 3, 12, 12], read.Inputs[0].Shape);
        Assert.Contains("TopK", read.Nodes.Select(node => node.Operator.Type));
    }

    [Fact]
    public void A_warm_start_adds_images_and_classes()
    {
        var ml = new MLContext(2);
        var (stripes, grey) = (Patterns.Stripes(40),
            Enumerable.Range(0, 6)
            .Select(number =>
                new Patterns.Picture
                {
                    Label = "a third",
                    Image = Image.FromPixels(12, 12, 3, [.. Enumerable.Repeat((byte)(60 + number), 432)]),
                }).ToArray());
        using var first = Patterns.Fit(ml, Patterns.View(ml, stripes), Options);
        // Ten of the images are there already.
        using var more = Patterns.Fit(ml, Patterns.View(ml, [.. stripes[..10], .. grey]),
            Options with { WarmStart = first, Head = new NearestNeighbours(2, NeighbourMetric.Euclidean) });
        Assert.Equal(["across", "down", "a third"], more.Labels);
        Assert.Equal([46, 144], HeldBy(more).Shape);
        Assert.All(Predicted(ml, more, grey), label => Assert.Equal(2, label));
        Assert.Equal(Enumerable.Range(0, 40).Select(number => number % 2), Predicted(ml, more, stripes));
    }

    static Value HeldBy(ImageClassifier model) =>
        OnnxFile.Read(model.Onnx).Graph.Find(NeighbourVotes.NameOf(NeighbourVotes.Samples));

    static IEnumerable<int> Predicted(MLContext ml, ImageClassifier model, Patterns.Picture[] pictures) =>
        model.Transform(Patterns.View(ml, pictures)).GetColumn<float[]>("Score").Select(scores => Array.IndexOf(scores, scores.Max()));
}
