using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Training;

/// <summary>Fine-tuning starts from the head that is solved on the features, and falls back on it.</summary>
[Trait("Category", "Runtime")]
public sealed class FineTuningStartTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly MLContext ml = new(2);
    readonly Network network;

    public FineTuningStartTests()
    {
        var path = Path.Combine(folder.Path, "learnt.onnx");
        File.WriteAllBytes(path, OnnxFile.Write(Patterns.Elaborate().Build(Patterns.Size, Patterns.Size, 3).Initialize(1)));
        network = Network.FromOnnx(path);
    }

    public void Dispose() => folder.Dispose();

    IDataView Stripes(int count, int seed) => Patterns.View(ml, Patterns.Stripes(count, seed));

    ImageClassifier Fit(ImageClassificationTrainer.Options options, List<EpochMetrics> epochs, int count = 40) =>
        Patterns.Fit(ml, Stripes(count, 5), options with { EpochCallback = epochs.Add });

    ImageClassificationTrainer.Options Tuned => new() { Network = network.WithClassifier(new Dense(2)), FineTuning = new(), Epoch = 2 };

    static Dictionary<string, float[]> WeightsOf(ReadOnlyMemory<byte> onnx) => Of(OnnxFile.Read(onnx).Graph);

    static Dictionary<string, float[]> Of(Graph graph) => graph.Parameters.Concat(graph.Constants)
        .Where(value => (value.Known ?? value.Initializer!.Content!).Type == MlPipelines.Tensors.ElementType.Float)
        .ToDictionary(graph.NameOf, value => (value.Known ?? value.Initializer!.Content!).Elements<float>().ToArray());

    [Fact]
    public void Its_first_epoch_is_the_linear_head_on_the_same_features()
    {
        var (alone, tuned) = (new List<EpochMetrics>(), new List<EpochMetrics>());
        var watched = Stripes(20, 9);
        Fit(new() { Network = network, Head = new LinearHead(), ValidationSet = watched }, alone).Dispose();
        Fit(Tuned with { ValidationSet = watched }, tuned).Dispose();
        var (head, first) = (Assert.Single(alone), tuned[0]);
        Assert.Equal(["head", "network", "network"], tuned.Select(epoch => epoch.Phase));
        Assert.Equal((head.Accuracy, head.ValidationAccuracy, head.Samples), (first.Accuracy, first.ValidationAccuracy, first.Samples));
        Assert.Equal(head.ValidationLoss!.Value, first.ValidationLoss!.Value, 1e-3);
    }

    [Fact]
    public void Where_nothing_is_gained_the_head_is_kept_and_learns_from_what_was_watched_too()
    {
        using var model = Fit(Tuned with { LearningRate = 0 }, []);
        using var head = Fit(new() { Network = network, Head = new LinearHead() }, []);
        Assert.StartsWith("epoch 1 of 3 (the head alone), solved again from all images: ", model.Kept, StringComparison.Ordinal);
        Assert.Equal((1, 40), (model.KeptEpoch, model.LearntFrom!.Count));
        Assert.Equal(model.Kept, ((IOnnxModel)model).Metadata[ImageClassifier.KeptKey]);
        var learnt = WeightsOf(model.Onnx);
        Assert.All(Of(((GraphNetwork)network).Build(Patterns.Size, Patterns.Size, 3)).Where(weight => weight.Value.Length > 50
            && learnt.ContainsKey(weight.Key)), weight => Assert.Equal(weight.Value, learnt[weight.Key]));
        var test = Stripes(30, 11);
        foreach (var (one, other) in head.Transform(test).GetColumn<float[]>("Score")
            .Zip(model.Transform(test).GetColumn<float[]>("Score")))
            Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 0.05f));
    }

    [Theory]
    [InlineData(40, 8, true)]
    [InlineData(400, 25, true)]
    [InlineData(6400, 32, false)]
    public void Batches_rates_and_normalisations_follow_the_number_of_images(long samples, int batch, bool keepsNormalization)
    {
        var options = TrainingPlanner.ForSamples(Tuned with { Epoch = 3 }, samples);
        var plan = TrainingPlanner.PlanOf(options.Learning, network.WithClassifier(new Dense(2)).Build(Patterns.Size, Patterns.Size, 3),
            samples);
        Assert.Equal((batch, keepsNormalization, true), (options.BatchSize, !plan.Kept.IsEmpty, plan.SolvesHead));
        var steps = 3 * ((samples + batch - 1) / batch);
        Assert.Equal(Math.Max(6e-5, 2e-3 * Math.Pow(Math.Min(1, steps / 288.0), 2)) / 2, plan.Phases[1].Rate, 1e-8);
    }
}
