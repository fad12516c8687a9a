using System.Text.Json;
using Microsoft.ML.Transforms;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Training;

[Trait("Category", "Runtime")]
public sealed class TrainedModelTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly MLContext ml = new(4);
    readonly Patterns.Picture[] pictures = Patterns.Stripes(24);
    readonly TransformerChain<KeyToValueMappingTransformer> model;

    public TrainedModelTests() =>
        model = ml.MulticlassClassification.Trainers.ImageClassification(new()
        {
            Network = Patterns.Elaborate(),
            LearningRate = 0.02f,
            Epoch = 3,
            BatchSize = 8,
        })
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(View);

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }

    IDataView View => Patterns.View(ml, pictures);

    string Saved()
    {
        var path = Path.Combine(folder.Path, "model.onnx");
        ml.Model.SaveAsOnnx(model, path, View.Schema);
        return path;
    }

    static Tensor Pixels(IReadOnlyList<Image> images)
    {
        var (height, width) = (images[0].Height, images[0].Width);
        var values = new float[images.Count * 3 * height * width];
        foreach (var (n, image) in images.Index())
            for (var i = 0; i < image.Pixels.Length; i++)
                values[(n * 3 + i % 3) * height * width + i / 3] = image.Pixels[i];
        return Tensor.Of<float>([images.Count, 3, height, width], values);
    }

    [Fact]
    public void What_is_untrained_scores_as_a_training_that_changes_nothing()
    {
        var trainer = ml.MulticlassClassification.Trainers.ImageClassification(new()
        {
            Network = new Sequential(new Rescaling(1 / 255f), new Conv2D(4, 3, activation: Activation.Relu), new GlobalAveragePooling2D(),
                new Dense(2)),
            LearningRate = 1e-30f,
            Epoch = 1,
            ValidationSet = View,
        });
        using var untrained = trainer.Untrained(View);
        using var trained = trainer.Fit(View);
        var scores = untrained.Transform(View).GetColumn<float[]>("Score").ToArray();
        Assert.Equal(trained.Transform(View).GetColumn<float[]>("Score"), scores);
        Assert.NotEqual(scores[0][0], scores[1][0]);
        Assert.Equal(ml.MulticlassClassification.Report(trained.Transform(View)).LogLoss,
            ml.MulticlassClassification.Report(untrained.Transform(View)).LogLoss);
    }

    [Fact]
    public void The_file_run_on_raw_pixels_gives_the_scores_of_transform()
    {
        var expected = model.Transform(View).GetColumn<float[]>("Score").ToArray();
        using var session = Session.Load(Saved());
        var input = Assert.Single(session.Inputs);
        foreach (var count in new[] { 1, 24 })
        {
            var scores = session.Run(new Dictionary<string, Tensor>
            {
                [input.Name] = Pixels([.. pictures[..count].Select(picture => picture.Image!)]),
            }, "Score")[0];
            Assert.Equal([count, 2], scores.Shape);
            foreach (var (one, other) in expected.Take(count).SelectMany(row => row).Zip(scores.Elements<float>().ToArray()))
                Assert.Equal(one, other, 1e-5f);
        }
    }

    [Fact]
    public void The_file_needs_no_operators_of_ours_and_carries_labels_colours_and_resizing()
    {
        var file = OnnxFile.Read(Saved());
        Assert.All(file.Graph.Nodes, node => Assert.Equal("", node.Operator.Domain));
        Assert.Equal(["across", "down"], JsonSerializer.Deserialize<string[]>(file.Metadata["mlpipelines.labels"])!);
        Assert.Equal(("RGB", "IsoCrop"), (file.Metadata["mlpipelines.colours"], file.Metadata["mlpipelines.resize"]));
        Assert.Equal([-1, 3, Patterns.Size, Patterns.Size], file.Graph.Inputs[0].Shape);
    }

    [Fact]
    public void A_network_of_logits_is_saved_with_probabilities()
    {
        var network = new Sequential(new Rescaling(1 / 127.5f, -1), new Flatten(), new Dense(2));
        using var trained = Patterns.Fit(ml, View, new() { Network = network, Epoch = 1 });
        Assert.Equal("Softmax", OnnxFile.Read(trained.Onnx).Graph.Outputs[0].Value.Node!.Operator.Type);
        Assert.All(trained.Transform(View).GetColumn<float[]>("Score"), scores => Assert.Equal(1, scores.Sum(), 1e-5f));
    }

    [Fact]
    public void Saved_and_loaded_it_predicts_the_same()
    {
        var zip = Path.Combine(folder.Path, "model.zip");
        ml.Model.Save(model, View.Schema, zip);
        foreach (var path in new[] { Saved(), zip })
        {
            var loaded = ml.Model.LoadModel(path, out var schema);
            // ML.NET keeps no columns of pictures in the schema of a file.
            Assert.Equal(["Label"], schema!.Select(column => column.Name));
            Assert.Equal(model.Transform(View).GetColumn<float[]>("Score"), loaded.Transform(View).GetColumn<float[]>("Score"));
            Assert.Equal(model.Transform(View).GetColumn<string>("PredictedLabel"),
                loaded.Transform(View).GetColumn<string>("PredictedLabel"));
        }
    }

    [Fact]
    public void An_engine_for_each_thread_predicts_with_the_one_model()
    {
        var expected = model.Transform(View).GetColumn<float[]>("Score").ToArray();
        var shown = Patterns.Show(pictures);
        var predictions = new Patterns.Prediction[120];
        Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = TestContext.Current.CancellationToken },
            part =>
        {
            using var engine = ml.Model.CreatePredictionEngine<Patterns.Shown, Patterns.Prediction>(model,
                new PredictionEngineOptions { OwnsTransformer = false });
            for (var i = part; i < predictions.Length; i += 6)
                predictions[i] = engine.Predict(shown[i % shown.Length]);
        });
        foreach (var (i, prediction) in predictions.Index())
        {
            var scores = expected[i % pictures.Length];
            Assert.Equal(scores[0], prediction.Score[0], 1e-5f);
            Assert.Equal(scores[0] > scores[1] ? "across" : "down", prediction.PredictedLabel);
        }
    }

    [Fact]
    public void Without_a_network_the_small_one_is_taken()
    {
        using var trained = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(4, size: 16)), new() { Epoch = 1 });
        static IEnumerable<string> Filters(Graph graph) =>
            graph.Nodes.Where(node => node.Operator.Type == "Conv").Select(node => node.Input(1).Shape.ToString());
        Assert.Equal(Filters(Architectures.SmallCnn(2).Build(16, 16, 3)), Filters(OnnxFile.Read(trained.Onnx).Graph));
    }
}
