using Google.Protobuf;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Graphs.Onnx;
using MlPipelines.Tests.Training;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Layers;

/// <summary>Imported networks on images of more or fewer channels than they were made for, through the whole trainer.</summary>
[Trait("Category", "Runtime")]
public sealed class ImportedChannelsTests : IDisposable
{
    readonly Folder folder = new();

    sealed class Planes
    {
        [VectorType(4, Patterns.Size, Patterns.Size)]
        public float[] Features { get; set; } = [];
        public string Label { get; set; } = "";
    }

    GraphNetwork Imported(int channels, Preprocessing? preprocessing = null)
    {
        var path = Path.Combine(folder.Path, $"{channels}.onnx");
        OnnxFile.Save(Patterns.Small(7).Build(Patterns.Size, Patterns.Size, channels).Initialize(3), path);
        return Network.FromOnnx(path, preprocessing);
    }

    static float[] Scores(Graph graph, int channels, Func<int, int, float> pixel)
    {
        using var session = new Session(OnnxFile.Write(graph));
        var places = Patterns.Size * Patterns.Size;
        return session.Run(new Dictionary<string, Tensor>
        {
            [Network.InputName] = Tensor.Of<float>([1, channels, Patterns.Size, Patterns.Size],
                [.. Enumerable.Range(0, channels * places).Select(i => pixel(i / places, i % places))]),
        })[0].Elements<float>().ToArray();
    }

    static float Pixel(int channel, int place) => channel > 2 ? 250 - place : 128 + 100 * MathF.Sin(channel + 0.3f * place);

    static void AssertSame(float[] expected, float[] found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

    [Fact]
    public void A_fourth_channel_changes_nothing_before_training()
    {
        var network = Imported(3, Preprocessing.ImageNetCaffe);
        AssertSame(Scores(network.Build(), 3, Pixel), Scores(network.Build(Patterns.Size, Patterns.Size, 4), 4, Pixel));
    }

    [Fact]
    public void A_grey_image_gives_what_its_copy_in_colour_gives()
    {
        var network = Imported(3, Preprocessing.ImageNetTorch);
        AssertSame(Scores(network.Build(), 3, (_, place) => Pixel(0, place)),
            Scores(network.Build(Patterns.Size, Patterns.Size, 1), 1, Pixel));
    }

    [Theory, InlineData(3), InlineData(4)]
    public void A_grey_network_gives_on_colours_what_it_gives_on_their_mean(int channels)
    {
        var network = Imported(1);
        AssertSame(Scores(network.Build(), 1, (_, place) => (Pixel(0, place) + Pixel(1, place) + Pixel(2, place)) / 3),
            Scores(network.Build(Patterns.Size, Patterns.Size, channels), channels, Pixel));
    }

    static readonly Dictionary<string, NodeProto[]> beginnings = new()
    {
        ["a shape that is asked for"] = [Node("Shape", ["x"], ["s"], Int("end", 1)), Node("Conv", ["x", "w"], ["c"])],
        ["a Reshape that changes nothing"] = [Node("Reshape", ["x", "same"], ["r"]), Node("Conv", ["r", "w"], ["c"])],
        ["sizes of its own that change nothing"] =
            [Node("Shape", ["x"], ["s"], Int("end", 1)), Node("Concat", ["s", "rest"], ["t"], Int("axis", 0)),
            Node("Reshape", ["x", "t"], ["r"]), Node("Conv", ["r", "w"], ["c"])],
        ["colours last"] = [Node("Transpose", ["x"], ["r"], Ints("perm", 0, 3, 1, 2)), Node("Conv", ["r", "w"], ["c"])],
        ["colours last, brought forward by a Reshape"] = [Node("Reshape", ["x", "planes"], ["r"]), Node("Conv", ["r", "w"], ["c"])],
        ["arithmetic with the colours last"] =
            [Node("Sub", ["x", "mean"], ["d"]), Node("Transpose", ["d"], ["r"], Ints("perm", 0, 3, 1, 2)),
            Node("Conv", ["r", "w"], ["c"])],
    };

    public static TheoryData<string> Beginnings => [.. beginnings.Keys];

    [Theory, MemberData(nameof(Beginnings))]
    public void A_grey_network_takes_colours_however_it_begins(string beginning)
    {
        var isLast = beginning.Contains("last", StringComparison.Ordinal);
        var model = Model(13, isLast ? [1, 8, 8, 1] : [1, 1, 8, 8], ["y"],
            [.. beginnings[beginning], Node("GlobalAveragePool", ["c"], ["p"]), Node("Flatten", ["p"], ["y"])])
            .With(Numbers("w", [2, 1, 2, 2], 1, -2, 3, 4, 5, -6, 7, 8), Numbers("mean", [1], 5), Whole("same", -1, 1, 8, 8),
                Whole("rest", 1, 8, 8), Whole("planes", -1, 1, 8, 8));
        var path = Path.Combine(folder.Path, "grey.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        var network = Network.FromOnnx(path);
        float[] Of(int channels, Func<int, int, float> pixel)
        {
            using var session = new Session(OnnxFile.Write(network.Build(8, 8, channels)));
            return session.Run(new Dictionary<string, Tensor>
            {
                [Network.InputName] =
                    Tensor.Of<float>([1, channels, 8, 8], [.. Enumerable.Range(0, channels * 64).Select(i => pixel(i / 64, i % 64))]),
            })[0].Elements<float>().ToArray();
        }
        Assert.All(Of(1, (_, place) => (Pixel(0, place) + Pixel(1, place) + Pixel(2, place)) / 3).Zip(Of(3, Pixel)),
            pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void Means_of_colours_that_come_last_are_continued()
    {
        var model = Model(13, [1, 8, 8, 3], ["y"], Node("Sub", ["x", "mean"], ["d"]),
            Node("Transpose", ["d"], ["r"], Ints("perm", 0, 3, 1, 2)), Node("Conv", ["r", "w"], ["c"]),
            Node("GlobalAveragePool", ["c"], ["p"]), Node("Flatten", ["p"], ["y"]))
            .With(Numbers("w", [2, 3, 1, 1], 1, -2, 3, 4, 5, -6), Numbers("mean", [3], 5, 6, 7));
        var path = Path.Combine(folder.Path, "last.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        var graph = Network.FromOnnx(path).Build(8, 8, 4);
        Assert.Contains(graph.Constants.Concat(graph.Parameters),
            value => (value.Known ?? value.Initializer!.Content!) is { Shape: [4] } mean
                && mean.Elements<float>().ToArray() is [5, 6, 7, 0]);
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused()
    {
        Assert.Equal("The network takes images of 3 channels, got 2.",
            Assert.Throws<GraphException>(() => Imported(3).Build(Patterns.Size, Patterns.Size, 2)).Message);
        Assert.Equal("preprocessing is for three colours (ImageNetTorch), the network takes images of 1 channel. Take None or ZeroToOne, "
            + "or give it one mean and one deviation: new Preprocessing(1 / 255f, [0.5f], [0.5f]).",
            Assert.Throws<GraphException>(() => Imported(1, Preprocessing.ImageNetTorch).Build()).Message);
    }

    [Fact]
    public void Grey_images_and_vectors_of_four_channels_train_a_network_of_three()
    {
        var ml = new MLContext(2);
        var options = new ImageClassificationTrainer.Options
        {
            Network = Imported(3).WithClassifier(new Dense(2)),
            Optimizer = new Adam(0.01f),
            Epoch = 6,
            BatchSize = 8,
            ValidationSetFraction = 0.2f,
        };
        double Accuracy(IDataView data, ImageClassificationTrainer.Options given)
        {
            var accuracy = 0.0;
            using var model = Patterns.Fit(ml, data, given with { EpochCallback = epoch => accuracy = epoch.ValidationAccuracy!.Value });
            return accuracy;
        }
        Assert.InRange(Accuracy(Patterns.View(ml, Patterns.Stripes(60, channels: 1)), options), 0.9, 1);
        var planes = Patterns.Stripes(60).Select(picture => new Planes
        {
            Label = picture.Label,
            Features = [.. Enumerable.Range(0, 4)
                .SelectMany(channel =>
                    Enumerable.Range(0, Patterns.Size * Patterns.Size)
                    .Select(place => channel == 3 ? 255f : picture.Image!.Pixels[3 * place + channel]))],
        });
        Assert.InRange(Accuracy(ml.Data.LoadFromEnumerable(planes), options), 0.9, 1);
        Assert.InRange(Accuracy(ml.Data.LoadFromEnumerable(planes), options with { FineTuning = new(), LearningRate = 0.02f }), 0.8, 1);
    }

    public void Dispose() => folder.Dispose();
}
