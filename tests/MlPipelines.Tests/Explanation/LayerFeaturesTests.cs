using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Explanation;

/// <summary>What layers give, as numbers, as pictures and as columns.</summary>
[Trait("Category", "Runtime")]
public sealed class LayerFeaturesTests
{
    /// <summary>Caffe's cifar10_quick for two classes, as the fifth of the published systems has it.</summary>
    static Sequential CifarQuick() => new(
        new Input(32, 32, 3) { Name = "data" },
        Convolution("conv1", 32), new MaxPooling2D(3, 2) { Name = "pool1", Ceil = true }, Activation.Relu with { Name = "relu1" },
        Convolution("conv2", 32), Activation.Relu with { Name = "relu2" }, new AveragePooling2D(3, 2) { Name = "pool2", Ceil = true },
        Convolution("conv3", 64), Activation.Relu with { Name = "relu3" }, new AveragePooling2D(3, 2) { Name = "pool3", Ceil = true },
        new Flatten(), new Dense(64) { Name = "ip1" }, new Dense(2) { Name = "ip2" }, Activation.Softmax with { Name = "prob" });

    static Conv2D Convolution(string name, int filters) => new(filters, 5, Padding.Same) { Name = name };

    [Fact]
    public void The_list_of_cifar10_quick_is_caffes()
    {
        using var explainer = new NetworkExplainer(CifarQuick());
        string[] expected =
        [
            "image (1, 3, 32, 32)", "conv1 (1, 32, 32, 32)", "pool1 (1, 32, 16, 16), then relu1", "conv2 (1, 32, 16, 16), then relu2",
            "pool2 (1, 32, 8, 8)", "conv3 (1, 64, 8, 8), then relu3", "pool3 (1, 64, 4, 4)", "flatten (1, 1024)", "ip1 (1, 64)",
            "ip2 (1, 2)", "prob (1, 2)",
        ];
        Assert.Equal(expected, explainer.Layers.Select(layer => layer.ToString()));
        Assert.Equal(145_578 - 8 * 65, CifarQuick().Summary().Total);
    }

    [Fact]
    public void A_value_is_asked_for_before_and_behind_its_activation()
    {
        var network = new Sequential(new Input(6, 6, 3), new Conv2D(4, 3, activation: Activation.Relu) { Name = "inside" },
            new Conv2D(4, 3) { Name = "apart" }, Activation.Relu with { Name = "behind" }, new GlobalAveragePooling2D());
        using var explainer = new NetworkExplainer(network);
        Assert.Equal("inside (1, 4, 4, 4), before its activation inside/conv", explainer.Layers[1].ToString());
        var features = explainer.Features(Gradient(6), "inside/conv", "inside", "apart", "behind", "image");
        Assert.Equal(Clipped(features[0]), features[1].Values.Elements<float>().ToArray());
        Assert.Equal(Clipped(features[2]), features[3].Values.Elements<float>().ToArray());
        Assert.Contains(features[0].Values.Elements<float>().ToArray(), value => value < 0);
        Assert.Equal([3, 6, 6], features[4].Values.Shape);
        Assert.Equal([4, 4, 4], features[1].Values.Shape);
        Assert.Contains("it has image, inside, apart, behind, global_average_pooling2d",
            Assert.Throws<ArgumentException>(() => explainer.Features(Gradient(6), "conv")).Message);
    }

    [Fact]
    public void Layers_may_be_asked_for_one_after_the_other_in_any_order()
    {
        using var explainer = new NetworkExplainer(CifarQuick());
        string[] layers = [.. explainer.Layers.Select(layer => layer.Name)];
        float[][] Pass() => [.. layers.Select(layer => explainer.Features(Gradient(32), layer).Values.Elements<float>().ToArray())];
        Assert.Equal(Pass(), Pass());
        Assert.Equal(Pass(), explainer.Features(Gradient(32), layers).Select(layer => layer.Values.Elements<float>().ToArray()));
    }

    [Fact]
    public void A_column_holds_what_a_layer_gives()
    {
        var ml = new MLContext(1);
        var network = CifarQuick();
        Image[] images = [Gradient(32), Gradient(40)];
        var view = MadeUp.Pictures(images);
        var step = ml.Transforms.ExtractLayer("Pool1", "Image", network, "pool1");
        var shape = step.Fit(view).Transform(view).Schema["Pool1"].Type;
        Assert.Equal([32, 16, 16], ((VectorDataViewType)shape).Dimensions);
        var rows = step.Fit(view).Transform(view).GetColumn<float[]>("Pool1").ToArray();
        using var explainer = new NetworkExplainer(network);
        // Weights that are drawn differ by the seed; both are drawn from that of the context here.
        Assert.Equal(2, rows.Length);
        Assert.All(rows, row => Assert.Equal(32 * 16 * 16, row.Length));
        Assert.Contains("'pool9' is not in the network",
            Assert.Throws<ArgumentException>(() => ml.Transforms.ExtractLayer("X", "Image", network, "pool9")).Message);
    }

    [Fact]
    public void Maps_are_scaled_over_the_layer_with_a_white_line_between()
    {
        var features = new LayerFeatures("conv", Tensor.Of<float>([3, 1, 2], [0, 1, 2, 3, 4, 5]));
        var mosaic = features.Mosaic();
        Assert.Equal((5, 3, 3), (mosaic.Width, mosaic.Height, mosaic.Channels));
        byte[][] rows =
        [
            [0, 51, 255, 102, 153],
            [255, 255, 255, 255, 255],
            [204, 255, 255, 255, 255],
        ];
        Assert.Equal(rows.SelectMany(row => row), mosaic.ToGrayscale().Pixels.ToArray());
        Assert.Equal([0, 255, 255, 0, 255], features.Mosaic(new() { ScalesEach = true, Columns = 3 }).ToGrayscale().Pixels[..5].ToArray());
        Assert.Equal((2, 1), features.Mosaic(new() { Count = 1 }) is var one ? (one.Width, one.Height) : default);
    }

    [Fact]
    public void Numbers_that_are_none_leave_the_scale_alone()
    {
        var features = new LayerFeatures("conv", Tensor.Of<float>([1, 1, 4], [0, float.NaN, float.PositiveInfinity, 2]));
        Assert.Equal([0, 0, 255, 255], features.Mosaic().ToGrayscale().Pixels.ToArray());
        Assert.Equal([0, 0], new LayerFeatures("flat", Tensor.Of<float>([1, 1, 2], [7, 7])).Mosaic().ToGrayscale().Pixels.ToArray());
    }

    [Fact]
    public void Filters_of_the_first_layer_are_in_colour()
    {
        var kernel = new float[2 * 3 * 1 * 2];
        // The first filter is red at its left place, the second has all its numbers equal.
        kernel[0] = 1;
        Array.Fill(kernel, 0.5f, 6, 6);
        var mosaic = new LayerFilters("conv", Tensor.Of<float>([2, 3, 1, 2], kernel)).Mosaic();
        Assert.Equal((2, 3), (mosaic.Width, mosaic.Height));
        Assert.Equal([255, 0, 0, 0, 0, 0], mosaic.Pixels[..6].ToArray());
        Assert.Equal([0, 0, 0, 0, 0, 0], mosaic.Pixels[12..].ToArray());
        using var explainer = new NetworkExplainer(CifarQuick());
        Assert.Equal([32, 3, 5, 5], explainer.Filters().Kernel.Shape);
        var deeper = explainer.Filters("conv2");
        Assert.Equal("conv2", deeper.Layer);
        Assert.Equal((32 * 6 - 1, 4 * 6 - 1), deeper.Mosaic(new() { Count = 4, ScalesEach = true }) is var grey ? (grey.Width, grey.Height)
            : default);
        Assert.Contains("is no convolution of this network, which has conv1, conv2, conv3",
            Assert.Throws<ArgumentException>(() => explainer.Filters("ip1")).Message);
    }

    [Fact]
    public void Layers_of_foreign_files_are_their_nodes()
    {
        var network = Network.FromOnnx(Golden.GoldenFile.PathOf("explanation/flattened.onnx"));
        var layers = network.LayersFor(20, 20, 3);
        Assert.Equal(["image", "Div", "Conv", "MaxPool", "Flatten", "Gemm", "Gemm"],
            layers.Select(layer => layer.Operators == "Input" ? "image" : layer.Operators));
        Assert.Equal(layers.Length, layers.Select(layer => layer.Name).Distinct().Count());
    }

    [Theory]
    [InlineData(0, 68, 1, 84)]
    [InlineData(0.5, 33, 145, 140)]
    [InlineData(1, 253, 231, 37)]
    public void Viridis_is_matplotlibs(float number, int red, int green, int blue)
    {
        var colour = ColourMap.Viridis.Of(number);
        Assert.InRange(colour.Red, red - 2, red + 2);
        Assert.InRange(colour.Green, green - 2, green + 2);
        Assert.InRange(colour.Blue, blue - 2, blue + 2);
    }

    [Fact]
    public void Heat_maps_are_a_column_that_a_saved_model_keeps()
    {
        var ml = new MLContext(1);
        Image[] images = [Gradient(32), Gradient(20)];
        var view = MadeUp.Pictures(images);
        var classifier = ImageClassifier.FromNetwork(Finished(CifarQuick()), ["yes", "no"]);
        var model = new TransformerChain<ITransformer>(classifier);
        var chain = model.Append(ml.Transforms.HeatMap("Heat", model, new LayerCam("conv2")).Fit(view));
        using var explainer = ml.Model.Explain(chain);
        var expected = explainer.HeatMaps(images, new LayerCam("conv2")).Select(map => map.Normalized()).ToArray();
        using var folder = new TemporaryFolder();
        ml.Model.Save(chain, null, folder.File("model.zip"));
        foreach (var maps in (IEnumerable<ITransformer>)[chain, ml.Model.Load(folder.File("model.zip"), out _)])
        {
            var scored = maps.Transform(view);
            Assert.Equal([32, 32], ((VectorDataViewType)scored.Schema["Heat"].Type).Dimensions);
            Assert.All(scored.GetColumn<float[]>("Heat").Zip(expected), pair =>
                Assert.All(pair.First.Zip(pair.Second), values => Assert.Equal(values.Second, values.First, 1e-4)));
        }
        Assert.Contains("got 'perhaps'",
            Assert.Throws<ArgumentException>(() => ml.Transforms.HeatMap("Heat", model, null, "perhaps")).Message);
    }

    // With its weights drawn, so that they are the same wherever it is built.
    static GraphNetwork Finished(Sequential network)
    {
        using var folder = new TemporaryFolder();
        MlPipelines.Graphs.Onnx.OnnxFile.Save(network.Build().Initialize(3), folder.File("net.onnx"));
        return Network.FromOnnx(folder.File("net.onnx"));
    }

    static float[] Clipped(LayerFeatures features) => [.. features.Values.Elements<float>().ToArray().Select(value => Math.Max(value, 0))];

    static Image Gradient(int size)
    {
        var pixels = new byte[size * size * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 37 % 251);
        return Image.FromPixels(size, size, 3, pixels);
    }
}
