using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Training;

/// <summary>A weight of n is a sample n times, up to the rate: a step divides by the number of samples.</summary>
[Trait("Category", "Runtime")]
public sealed class ExampleWeightTests
{
    readonly MLContext ml = new(7);

    static readonly Patterns.Picture[] pictures = Patterns.Stripes(12);

    static SourceView View(params (int Picture, float Weight)[] rows) => new(rows.Length,
        SourceColumn.Pictures("Image", new(), row => pictures[rows[row].Picture].Image!),
        SourceColumn.Text("Label", row => pictures[rows[row].Picture].Label),
        new("Weight", NumberDataViewType.Single, row => (ValueGetter<float>)((ref float weight) => weight = rows[row()].Weight)));

    // One step over all samples, with Sgd, so that its weights are the start less rate · gradient.
    float[] Step(IDataView data, float rate, string? weights = "Weight", int accumulation = 1)
    {
        using var model = Patterns.Fit(ml, data, new()
        {
            Network = Patterns.Small(),
            Optimizer = new Sgd(rate),
            Epoch = 1,
            BatchSize = accumulation == 1 ? 100 : 2,
            GradientAccumulation = accumulation,
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
            ExampleWeightColumnName = weights,
        });
        return Numbers(model);
    }

    static float[] Numbers(ImageClassifier model)
    {
        var graph = OnnxFile.Read(model.Onnx).Graph;
        return [.. graph.Parameters.Concat(graph.Constants).OrderBy(graph.NameOf, StringComparer.Ordinal)
            .Select(value => value.Known ?? value.Initializer!.Content!)
            .Where(tensor => tensor.Type == MlPipelines.Tensors.ElementType.Float)
            .SelectMany(tensor => tensor.Elements<float>().ToArray())];
    }

    static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 2e-6f);
    }

    [Fact]
    public void A_weight_of_two_is_the_sample_twice()
    {
        var weighted = Step(View((0, 1), (1, 2), (2, 1), (3, 1)), 0.5f);
        var twice = Step(View((0, 1), (1, 1), (1, 1), (2, 1), (3, 1)), 0.5f * 5 / 4, weights: null);
        AssertClose(twice, weighted);
        Assert.NotEqual(Step(View((0, 1), (1, 1), (2, 1), (3, 1)), 0.5f), weighted);
    }

    [Fact]
    public void A_weight_of_zero_leaves_the_sample_out() =>
        AssertClose(Step(View((0, 1), (2, 1), (3, 1)), 0.4f * 3 / 5, weights: null),
            Step(View((0, 1), (1, 0), (2, 1), (3, 1), (4, 0)), 0.4f));

    [Fact]
    public void Weights_of_one_change_nothing() =>
    AssertClose(Step(View((0, 1), (1, 1), (2, 1)), 0.5f, weights: null), Step(View((0, 1), (1, 1), (2, 1)), 0.5f));

    [Fact]
    public void Doubling_all_weights_doubles_the_rate() =>
    AssertClose(Step(View((0, 1), (1, 3), (2, 0.5f)), 0.5f), Step(View((0, 2), (1, 6), (2, 1)), 0.25f));

    [Fact]
    public void Accumulated_batches_weigh_as_one() =>
    AssertClose(Step(View((0, 1), (1, 3), (2, 0.5f), (3, 2)), 0.5f), Step(View((0, 1), (1, 3), (2, 0.5f), (3, 2)), 0.5f, accumulation: 2));

    [Fact]
    public void The_weighted_loss_is_told_and_the_watched_one_is_not_weighted()
    {
        var epochs = new List<EpochMetrics>();
        ImageClassificationTrainer.Options options = new()
        {
            Network = Patterns.Small(),
            LearningRate = 0,
            Epoch = 1,
            ValidationSet = View((0, 1), (1, 1)),
            EpochCallback = epochs.Add,
            ExampleWeightColumnName = "Weight",
        };
        Patterns.Fit(ml, View((0, 1), (1, 1)), options).Dispose();
        Patterns.Fit(ml, View((0, 3), (1, 3)), options).Dispose();
        Assert.Equal(3 * epochs[0].Loss, epochs[1].Loss, 1e-5);
        Assert.Equal(epochs[0].ValidationLoss, epochs[1].ValidationLoss);
        Assert.Equal(epochs[0].Loss, epochs[0].ValidationLoss!.Value, 1e-5);
    }

    static Sequential Backbone() =>
        new Sequential(new Input(Patterns.Size, Patterns.Size, 3), new Rescaling(1 / 127.5f, -1),
            new Conv2D(4, 3, Padding.Same, Activation.Relu), new MaxPooling2D(4), new Flatten(), new Dense(7));

    float[] Head(Head head, string? weights, params (int Picture, float Weight)[] rows)
    {
        using var model = Patterns.Fit(ml, View(rows),
            new() { Network = Backbone(), Head = head, ValidationSetFraction = 0, ExampleWeightColumnName = weights });
        return [.. model.Transform(View([.. Enumerable.Range(0, 12).Select(picture => (picture, 1f))])).GetColumn<float[]>("Score")
            .SelectMany(scores => scores)];
    }

    public static TheoryData<Head> Heads => [new LinearHead(0.5f, 1e-7f), new NearestClassMean()];

    [Theory, MemberData(nameof(Heads), DisableDiscoveryEnumeration = true)]
    public void For_heads_a_weight_of_two_is_the_sample_twice_and_of_zero_none(Head head)
    {
        var weighted = Head(head, "Weight", (0, 1), (1, 2), (2, 1), (3, 1), (5, 0), (6, 3));
        var repeated = Head(head, null, (0, 1), (1, 1), (1, 1), (2, 1), (3, 1), (6, 1), (6, 1), (6, 1));
        Assert.All(repeated.Zip(weighted), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.NotEqual(Head(head, null, (0, 1), (1, 1), (2, 1), (3, 1), (6, 1)), weighted);
    }

    [Fact]
    public void A_perceptron_on_cached_features_honours_weights()
    {
        float[] Scores(params (int, float)[] rows) => Head(new MultilayerPerceptron(), "Weight", rows);
        Assert.NotEqual(Scores((0, 1), (1, 1), (2, 1), (3, 1)), Scores((0, 1), (1, 0), (2, 1), (3, 0)));
        Assert.All(Scores((0, 1), (1, 0), (2, 1), (3, 0)).Chunk(2).Take(1),
            scores => Assert.True(scores[0] > 0.5, "only pictures of the first class weigh"));
    }

    [Theory]
    [InlineData(-1f, "row 1: its weight is -1, needs a number from 0 on.")]
    [InlineData(float.NaN, "row 1: its weight is NaN, needs a number from 0 on.")]
    [InlineData(float.PositiveInfinity, "row 1: its weight is Infinity, needs a number from 0 on.")]
    public void A_weight_that_is_none_leaves_its_row_out_and_says_so(float weight, string reason)
    {
        var skipped = new List<SkippedRow>();
        Patterns.Fit(ml, View((0, 1), (1, weight), (2, 1), (3, 1)),
            new()
            {
                Network = Patterns.Small(),
                Epoch = 1,
                ValidationSetFraction = 0,
                ExampleWeightColumnName = "Weight",
                Skipped = skipped.Add,
            }).Dispose();
        Assert.Equal(reason, Assert.Single(skipped).Reason);
    }

    [Fact]
    public void Columns_that_are_no_weights_and_mixings_are_refused()
    {
        string Refused(IDataView data, string column) =>
            Assert.Throws<ArgumentException>(() =>
                Patterns.Fit(ml, data, new() { Network = Patterns.Small(), Epoch = 1, ExampleWeightColumnName = column })).Message;
        var view = View((0, 1), (1, 1), (2, 1), (3, 1));
        Assert.StartsWith("Column 'Mass': not found", Refused(view, "Mass"), StringComparison.Ordinal);
        Assert.Equal("Column 'Label': holds text, numbers are needed as weights of the samples.", Refused(view, "Label"));
        var mixed = ml.Transforms.AugmentImages("Image", new MixUp()).Fit(view).TransformForTraining(view);
        Assert.Equal("ExampleWeightColumnName: got 'Weight' beside MixUp, which mixes samples of different weights. Leave out one of the "
            + "two.", Refused(mixed, "Weight"));
    }

    [Fact]
    public void Other_weights_are_another_training()
    {
        using var workspace = new Data.TemporaryFolder();
        ImageClassificationTrainer.Options options = new()
        {
            Network = Patterns.Small(),
            Epoch = 1,
            ValidationSetFraction = 0,
            ExampleWeightColumnName = "Weight",
            WorkspacePath = workspace.Path,
        };
        Patterns.Fit(ml, View((0, 1), (1, 1)), options).Dispose();
        Assert.Contains("another training",
            Assert.Throws<InvalidDataException>(() => Patterns.Fit(ml, View((0, 1), (1, 2)), options)).Message, StringComparison.Ordinal);
    }
}
