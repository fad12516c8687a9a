using MlPipelines.Graphs;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Golden;

namespace MlPipelines.Tests.Explanation;

/// <summary>Which places of an image speak for a class, against PyTorch and against what can be told by hand.</summary>
[Trait("Category", "Runtime")]
public sealed class HeatMapTests
{
    static readonly GoldenExplanation golden = GoldenFile.Read<GoldenExplanation>("explanation.json");

    static readonly Dictionary<string, Attribution> methods = new()
    {
        ["grad_cam"] = new GradCam(),
        ["grad_cam_plus_plus"] = new GradCamPlusPlus(),
        ["layer_cam"] = new LayerCam(),
        ["cam"] = new ClassActivationMapping(),
        ["integrated_gradients"] = new IntegratedGradients(golden.Steps),
        ["gradient"] = new SmoothGrad(1, 0),
    };

    public static TheoryData<int, string> Maps =>
        [.. golden.Cases.Index().SelectMany(one => one.Item.Maps.Keys.Select(method => new TheoryDataRow<int, string>(one.Index, method)))];

    [Theory, MemberData(nameof(Maps))]
    public void Maps_are_those_of_pytorch(int number, string method)
    {
        var one = golden.Cases[number];
        using var explainer = Explainer(one.Network);
        var map = explainer.HeatMap(GoldenExplanation.Image(golden.Size, one.Image), methods[method], $"class {one.Class}");
        Assert.Equal((golden.Size, golden.Size, $"class {one.Class}"), (map.Width, map.Height, map.Class));
        Assert.Equal(one.Probabilities[one.Class], map.Score, 1e-5);
        var expected = one.Maps[method].Values;
        var tolerance = 2e-5 * expected.Max(Math.Abs);
        Assert.All(expected.Zip(map.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Fact]
    public void The_most_probable_class_is_explained_unless_another_is_named()
    {
        var one = golden.Cases[0];
        using var explainer = Explainer(one.Network);
        var image = GoldenExplanation.Image(golden.Size, one.Image);
        var best = explainer.HeatMap(image);
        Assert.Equal($"class {Array.IndexOf(one.Probabilities, one.Probabilities.Max())}", best.Class);
        Assert.Equal(best.Values.ToArray(), explainer.HeatMap(image, new GradCam(), best.Class).Values.ToArray());
    }

    [Theory]
    [InlineData("pooled")]
    [InlineData("flattened")]
    public void What_pixels_add_comes_to_the_difference_of_the_scores(string network)
    {
        using var explainer = Explainer(network);
        foreach (var one in golden.Cases.Where(one => one.Network == network))
        {
            var map = explainer.HeatMap(GoldenExplanation.Image(golden.Size, one.Image), new IntegratedGradients(512),
                $"class {one.Class}");
            Assert.Equal(one.LogitDifference, map.Values.ToArray().Sum(value => (double)value), 0.01 * (1 + Math.Abs(one.LogitDifference)));
        }
    }

    public static TheoryData<Attribution> Ways =>
        [new GradCam(), new GradCamPlusPlus(), new LayerCam(), new ClassActivationMapping(), new IntegratedGradients(4), new SmoothGrad(3),
            new Occlusion()];

    [Theory, MemberData(nameof(Ways))]
    public void A_batch_gives_what_single_images_give(Attribution method)
    {
        using var explainer = Explainer("pooled");
        Image[] images = [.. Enumerable.Range(0, 19).Select(number => GoldenExplanation.Image(golden.Size, number))];
        Assert.All(images.Zip(explainer.HeatMaps(images, method)), pair =>
        {
            var alone = explainer.HeatMap(pair.First, method);
            Assert.Equal(alone.Class, pair.Second.Class);
            Assert.All(alone.Values.ToArray().Zip(pair.Second.Values.ToArray()), values => Assert.Equal(values.First, values.Second, 1e-4));
        });
    }

    [Fact]
    public void Covering_a_place_that_is_not_looked_at_changes_nothing()
    {
        // The score is the mean of the left upper quarter.
        const int size = 8;
        var image = new float[size * size];
        Array.Fill(image, 200f);
        var map = new Occlusion(0.25f, 1, 0).Of(Quarter, image, [1, 1, size, size], 0);
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                // A square of 4 of the 16 pixels that are looked at takes a quarter of the score.
                Assert.Equal(y < size / 2 && x < size / 2 ? 50 : 0, map[y * size + x], 1e-3);

        static Tensor Quarter(Tensor images)
        {
            var (numbers, sums) = (images.Elements<float>().ToArray(), new float[images.Shape[0]]);
            for (var i = 0; i < sums.Length; i++)
                for (var place = 0; place < size * size; place++)
                    if (place / size < size / 2 && place % size < size / 2)
                        sums[i] += numbers[i * size * size + place] / (size * size / 4);
            return Tensor.Of<float>([sums.Length, 1], sums);
        }
    }

    [Theory]
    [InlineData(0.3f, 0.4f)]
    [InlineData(1, 1)]
    [InlineData(0.01f, 1)]
    public void Every_place_is_covered_by_some_square(float window, float stride)
    {
        var map = new Occlusion(window, stride).Of(images => Tensor.Of<float>([images.Shape[0], 1], new float[images.Shape[0]]),
            new float[7 * 11], [1, 1, 7, 11], 0);
        Assert.All(map, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Noise_is_drawn_from_the_seed()
    {
        using var explainer = Explainer("pooled");
        var image = GoldenExplanation.Image(golden.Size, 0);
        float[] Map(int seed) => explainer.HeatMap(image, new SmoothGrad(4, 0.2f, seed)).Values.ToArray();
        Assert.Equal(Map(1), Map(1));
        Assert.NotEqual(Map(1), Map(2));
    }

    [Fact]
    public void A_map_that_names_the_right_places_is_the_more_faithful()
    {
        // Red where the network looks: the mean of the first channel decides.
        var explainer = new NetworkExplainer(new Sequential(new Input(8, 8, 3), new Rescaling(1 / 32f), new GlobalAveragePooling2D(),
            Activation.Softmax), ["red", "green", "blue"]);
        var pixels = new byte[8 * 8 * 3];
        for (var place = 0; place < 24; place++)
            pixels[3 * place] = 255;
        var image = Image.FromPixels(8, 8, 3, pixels);
        var right = new float[64];
        Array.Fill(right, 1, 0, 24);
        HeatMap Of(float[] values) => new(8, 8, values, "red", 1);
        var (good, bad) = (explainer.FaithfulnessOf(image, Of(right), 8),
            explainer.FaithfulnessOf(image, Of([.. right.Select(value => 1 - value)]), 8));
        Assert.True(good.DeletionArea < bad.DeletionArea, $"{good.DeletionArea} {bad.DeletionArea}");
        Assert.True(good.InsertionArea > bad.InsertionArea, $"{good.InsertionArea} {bad.InsertionArea}");
        Assert.Equal(9, good.Deletion.Length);
        // Both begin with the image or its blur and end where nothing or all of it is left.
        Assert.Equal(explainer.Probabilities(image)[0], good.Deletion[0], 1e-6);
        Assert.Equal(explainer.Probabilities(image)[0], good.Insertion[^1], 1e-6);
        Assert.Equal(1 / 3.0, good.Deletion[^1], 1e-6);
        explainer.Dispose();
    }

    [Fact]
    public void What_cannot_be_explained_is_said()
    {
        using var flattened = Explainer("flattened");
        var image = GoldenExplanation.Image(golden.Size, 0);
        Assert.Contains("Take GradCam",
            Assert.Throws<GraphException>(() => flattened.HeatMap(image, new ClassActivationMapping())).Message);
        Assert.Contains("'nothing' is not in the network; it has image",
            Assert.Throws<ArgumentException>(() => flattened.HeatMap(image, new GradCam("nothing"))).Message);
        Assert.Contains("maps [batch,channels,height,width] are needed",
            Assert.Throws<ArgumentException>(() => flattened.HeatMap(image, new GradCam(flattened.Layers[^1].Name))).Message);
        Assert.Contains("got 'cat', the network knows 'class 0'",
            Assert.Throws<ArgumentException>(() => flattened.HeatMap(image, null, "cat")).Message);
        using var dense = new NetworkExplainer(new Sequential(new Input(4, 4, 3), new Flatten(), new Dense(2, Activation.Softmax)));
        Assert.Contains("Take IntegratedGradients", Assert.Throws<GraphException>(() => dense.HeatMap(image)).Message);
        using var features = new NetworkExplainer(new Sequential(new Input(4, 4, 3), new Conv2D(4, 3, activation: Activation.Relu)));
        Assert.Contains("features and no classes", Assert.Throws<InvalidOperationException>(() => features.HeatMap(image)).Message);
        Assert.Empty(features.Labels);
    }

    [Fact]
    public void Probabilities_of_single_places_are_explained_by_what_stands_before_softmax()
    {
        // As SqueezeNet ends: a convolution of single places, their mean, Softmax, and only then a vector.
        var image = Network.Input(6, 6, 3);
        var maps = Op.Relu(Op.Conv(image, Value.Constant(Tensor.Of<float>([2, 3, 1, 1], [1, 0, 0, 0, 1, 0]), "kernel"), name: "conv"));
        var scores = Op.Flatten(Op.Softmax(Op.GlobalAveragePool(maps / 64f), 1));
        var classifier = new ImageClassifier(Onnx(new Graph([image], ("Score", scores))), ["red", "green"], "Image");
        using var explainer = new MLContext(1).Model.Explain(new TransformerChain<ITransformer>(classifier));
        var pixels = new byte[6 * 6 * 3];
        for (var place = 0; place < 6; place++)
            pixels[3 * place] = 240;
        var map = explainer.HeatMap(Image.FromPixels(6, 6, 3, pixels), new GradCam(), "red");
        Assert.Equal(explainer.Probabilities(Image.FromPixels(6, 6, 3, pixels))[0], map.Score);
        // Each of the 36 places of the last maps adds its 36th to the score, whatever the probability is.
        for (var place = 0; place < 36; place++)
            Assert.Equal(place < 6 ? 240 / 64f / 36 : 0, map.Values.Span[place], 1e-6);
    }

    static byte[] Onnx(Graph graph) => MlPipelines.Graphs.Onnx.OnnxFile.Write(graph);

    [Fact]
    public void Grey_networks_are_explained_too()
    {
        using var explainer = new NetworkExplainer(new Sequential(new Input(12, 10, 1), new Conv2D(4, 3, activation: Activation.Relu),
            new MaxPooling2D(), new Flatten(), new Dense(3, Activation.Softmax)));
        foreach (var method in (Attribution[])[new GradCam(), new IntegratedGradients(4), new SmoothGrad(2), new Occlusion()])
        {
            var map = explainer.HeatMap(GoldenExplanation.Image(golden.Size, 0), method);
            Assert.Equal((10, 12, 120), (map.Width, map.Height, map.Values.Length));
            Assert.All(map.Normalized(), value => Assert.InRange(value, 0, 1));
            Assert.Equal((10, 12, 3),
                map.Overlay(GoldenExplanation.Image(golden.Size, 0)) is var over ? (over.Width, over.Height, over.Channels)
                : default);
        }
    }

    [Fact]
    public void An_overlay_mixes_image_and_colours()
    {
        var map = new HeatMap(2, 1, new float[] { -1, 3 }, "a", 1);
        var image = Image.FromPixels(2, 1, 3, [100, 100, 100, 200, 0, 50]);
        Assert.Equal([0f, 1f], map.Normalized());
        // Jet begins with a dark blue and ends with a dark red.
        Assert.Equal([0, 0, 128, 128, 0, 0], map.ToImage().Pixels.ToArray());
        Assert.Equal([50, 50, 114, 164, 0, 25], map.Overlay(image).Pixels.ToArray());
        Assert.Equal(image.Pixels.ToArray(), map.Overlay(image, weight: 0).Pixels.ToArray());
    }

    static NetworkExplainer Explainer(string network) => new(Network.FromOnnx(GoldenExplanation.File(network)));
}
