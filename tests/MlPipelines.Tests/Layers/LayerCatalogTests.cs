using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Graphs;

namespace MlPipelines.Tests.Layers;

/// <summary>Every layer there is: its shape, its file, its JSON, and what ONNX Runtime makes of it.</summary>
public class LayerCatalogTests
{
    static readonly int[] Image = [3, 9, 8];

    /// <summary>Layer, input without the batch, output without the batch, number of parameters.</summary>
    static readonly (Layer Layer, int[] Input, int[] Output, int Parameters)[] Samples =
    [
        (new Activation("relu"), Image, Image, 0),
        (Activation.Softmax, Image, Image, 0),
        (Activation.Softmax, [5], [5], 0),
        (Activation.Sigmoid, Image, Image, 0),
        (Activation.Tanh, Image, Image, 0),
        (Activation.Elu, Image, Image, 0),
        (Activation.LeakyRelu, Image, Image, 0),
        (Activation.Gelu, Image, Image, 0),
        (Activation.Swish, Image, Image, 0),
        (Activation.HardSigmoid, Image, Image, 0),
        (Activation.HardSwish, Image, Image, 0),
        (Activation.Softplus, Image, Image, 0),
        (Activation.Linear, Image, Image, 0),
        (new LeakyReLU(), Image, Image, 0),
        (new Conv2D(4, 3), Image, [4, 7, 6], 3 * 9 * 4 + 4),
        (new Conv2D(4, (3, 2), Padding.Same, Activation.Relu), Image, [4, 9, 8], 3 * 6 * 4 + 4),
        (new Conv2D(4, 3, Padding.Same, strides: 2, useBias: false), Image, [4, 5, 4], 3 * 9 * 4),
        (new Conv2D(6, 3) { Dilation = 2, Groups = 3, KernelInitializer = new HeNormal(), BiasInitializer = new Constant(0.5f) }, Image,
            [6, 5, 4],
            9 * 6 + 6),
        (new DepthwiseConv2D(3, Padding.Same) { DepthMultiplier = 2 }, Image, [6, 9, 8], 9 * 6 + 6),
        (new SeparableConv2D(5, 3, activation: Activation.Elu), Image, [5, 7, 6], 9 * 3 + 3 * 5 + 5),
        (new MaxPooling2D(), Image, [3, 4, 4], 0),
        (new MaxPooling2D(3, 2, Padding.Same), Image, [3, 5, 4], 0),
        (new MaxPooling2D(3, 2) { Ceil = true }, Image, [3, 4, 4], 0),
        (new AveragePooling2D((3, 2)), Image, [3, 3, 4], 0),
        (new AveragePooling2D(2, 2) { Ceil = true }, Image, [3, 5, 4], 0),
        (new AveragePooling2D(3, 1, Padding.Same), Image, [3, 9, 8], 0),
        (new GlobalAveragePooling2D(), Image, [3], 0),
        (new GlobalMaxPooling2D(), Image, [3], 0),
        (new Dense(7, Activation.Softmax), [5], [7], 5 * 7 + 7),
        (new Dense(7, useBias: false) { KernelInitializer = new RandomNormal(0.1) }, [5], [7], 5 * 7),
        (new Dense(7), Image, [7, 9, 8], 3 * 7 + 7),
        (new Flatten(), Image, [3 * 9 * 8], 0),
        (new Reshape(9, 3, 8), Image, [9, 3, 8], 0),
        (new Reshape(5, 2, 2), [20], [5, 2, 2], 0),
        (new Dropout(0.25f), Image, Image, 0),
        (new BatchNormalization(), Image, Image, 12),
        (new BatchNormalization(0.9f, 1e-5f), [5], [5], 20),
        (new ZeroPadding2D(), Image, [3, 11, 10], 0),
        (new ZeroPadding2D(1, 2, 3, 4), Image, [3, 12, 15], 0),
        (new Rescaling(1 / 255f, -0.5f), Image, Image, 0),
        (new Normalization([1, 2, 3], [4, 5, 6]), Image, Image, 0),
        (new MeanSubtraction(Image[1], Image[2], [.. Enumerable.Range(0, Image[0] * Image[1] * Image[2]).Select(i => i / 7f)]), Image,
            Image, 0),
        (new Input(9, 8, 3), Image, Image, 0),
        (new Residual([new Conv2D(3, 3, Padding.Same), new BatchNormalization(), Activation.Relu]), Image, Image, 3 * 9 * 3 + 3 + 12),
    ];

    static readonly MergingLayer[] Merging = [new Add(), new Multiply(), new Concatenate()];

    public static TheoryData<int> Places => [.. Enumerable.Range(0, Samples.Length)];

    static Graph Build(Layer layer, int[] input)
    {
        var x = Value.Input("x", [Shape.Unknown, .. input]);
        return new Graph([x], ("y", layer.On(x)));
    }

    [Fact]
    public void Every_layer_has_a_sample() =>
        Assert.Empty(Catalog<Layer>.Members.Values.Where(type => type.IsPublic).Except(Samples.Select(sample => sample.Layer.GetType()))
            .Except(Merging.Select(layer => layer.GetType())));

    [Theory, MemberData(nameof(Places))]
    public void Shape_and_number_of_parameters_are_those_of_keras(int place)
    {
        var (layer, input, output, parameters) = Samples[place];
        var graph = Build(layer, input);
        Assert.Equal(Shape.Create([Shape.Unknown, .. output]), graph["y"].Shape);
        Assert.Equal(parameters, graph.Parameters.Sum(parameter => parameter.Shape.Length));
    }

    [Theory, MemberData(nameof(Places))]
    public void Is_written_and_read_back(int place)
    {
        var graph = Build(Samples[place].Layer, Samples[place].Input).Initialize(1);
        Assert.Equal(GraphText.Of(graph), GraphText.Of(OnnxFile.Read(OnnxFile.Write(graph)).Graph));
    }

    [Theory, MemberData(nameof(Places))]
    public void Survives_json(int place)
    {
        var network = new Sequential(Samples[place].Layer);
        var again = Assert.IsType<Sequential>(Network.FromJson(network.ToJson()));
        Assert.Equal(network.Layers, again.Layers);
    }

    [Theory, MemberData(nameof(Places)), Trait("Category", "Runtime")]
    public void Runs_and_gives_the_shape_it_promised(int place)
    {
        var (layer, input, output, _) = Samples[place];
        using var session = new Session(OnnxFile.Write(Build(layer, input).Initialize(1)));
        Shape shape = [2, .. input];
        var y = session.Run(new Dictionary<string, Tensor>
        {
            ["x"] = Tensor.Of<float>(shape, [.. Enumerable.Range(0, (int)shape.Length).Select(i => MathF.Sin(i))]),
        })[0];
        Assert.Equal(Shape.Create([2, .. output]), y.Shape);
        Assert.All(y.Elements<float>().ToArray(), number => Assert.True(float.IsFinite(number)));
    }

    [Fact]
    public void Merging_layers_take_several_values()
    {
        var (a, b) = (Value.Input("a", [Shape.Unknown, 3, 4, 4]), Value.Input("b", [Shape.Unknown, 3, 4, 4]));
        Assert.Equal([[Shape.Unknown, 3, 4, 4], [Shape.Unknown, 3, 4, 4], [Shape.Unknown, 6, 4, 4]],
            Merging.Select(layer => layer.On(a, b).Shape));
        Assert.Equal([Shape.Unknown, 9, 4, 4], new Concatenate().On(a, b, a).Shape);
        Assert.Equal(Merging,
            ((Sequential)Network.FromJson(new Sequential(Merging).ToJson())).Layers.Select(layer => layer with { Name = null }));
    }

    [Fact]
    public void A_merging_layer_of_one_value_is_refused() =>
        Assert.Equal("add (Add): got one input, needs two or more. Use it in a functional network.",
            Assert.Throws<GraphException>(() => new Sequential(new Add()).Build(4, 4, 3)).Message);
}
