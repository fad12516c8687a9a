using MlPipelines.Graphs;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Layers;

public class NetworkTests
{
    static readonly Sequential Small = new(new Conv2D(4, 3, activation: Activation.Relu), new Conv2D(8, 3),
        new Conv2D(4, 1) { Name = "squeeze" }, new GlobalAveragePooling2D(), new Dense(2, Activation.Softmax));

    static Value Block(Value x) => Activation.Relu.On(new BatchNormalization().On(new Conv2D(4, 3, Padding.Same).On(x)));

    static Functional Branching()
    {
        var image = Network.Input(8, 8, 3);
        var trunk = Block(image);
        var joined = new Add().On(Block(Block(trunk)), new Conv2D(4, 1).On(trunk));
        return new Functional(image, new Dense(2, Activation.Softmax).On(new GlobalAveragePooling2D().On(joined)));
    }

    [Fact]
    public void Weights_are_named_after_their_layer() => Assert.Equal(
        ["conv2d/kernel", "conv2d/bias", "conv2d_1/kernel", "conv2d_1/bias", "squeeze/kernel", "squeeze/bias", "dense/kernel",
            "dense/bias"],
        Names(Small.Build(8, 8, 3)));

    [Fact]
    public void The_graph_has_one_input_and_one_output()
    {
        var graph = Small.Build(8, 9, 3);
        Assert.Equal(("image", Shape.Create([Shape.Unknown, 3, 8, 9])), (graph.NameOf(graph.Inputs.Single()), graph.Inputs[0].Shape));
        Assert.Equal(("output", Shape.Create([Shape.Unknown, 2])), (graph.Outputs.Single().Name, graph["output"].Shape));
        Assert.Equal("Softmax", graph["output"].Node!.Operator.Type);
    }

    [Fact]
    public void A_layers_result_has_the_layers_name_and_what_is_inside_it_lies_below()
    {
        var graph = Small.Build(8, 8, 3);
        Assert.Equal(["conv2d/conv", "conv2d", "conv2d_1", "squeeze", "global_average_pooling2d/globalaveragepool",
            "global_average_pooling2d", "dense/gemm", "dense"],
            graph.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void Branches_share_no_names()
    {
        var names = Names(Branching().Build());
        Assert.Equal(["conv2d/kernel", "conv2d_1/kernel", "conv2d_2/kernel", "conv2d_3/kernel", "dense/kernel"],
            names.Where(name => name.EndsWith("kernel", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(["activation", "activation_1", "activation_2", "add"],
            Branching().Build().Nodes.Select(node => node.Name).Where(name => name.StartsWith('a')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_functional_network_can_be_cut_and_summed_up()
    {
        var cut = Branching().CutAt("add");
        Assert.Equal([Shape.Unknown, 4, 8, 8], cut.Build()["output"].Shape);
        Assert.Equal(("add", "Add"), (cut.Summary().Rows[^1].Layer, cut.Summary().Rows[^1].Operators));
    }

    [Fact]
    public void A_sequential_network_can_be_cut_at_a_layer()
    {
        Assert.Equal([Shape.Unknown, 8, 4, 4], Small.CutAt("conv2d_1").Build(8, 8, 3)["output"].Shape);
        Assert.Equal(
            "Layer 'conv9' is not in the network; it has conv2d, conv2d_1, squeeze, global_average_pooling2d, dense. (Parameter 'layer')",
            Assert.Throws<ArgumentException>(() => Small.CutAt("conv9")).Message);
    }

    [Fact]
    public void Of_many_layers_the_last_are_named()
    {
        var deep = new Sequential([.. Enumerable.Range(0, 30).Select(_ => (Layer)Activation.Relu), new Flatten(), new Dense(2)]);
        var message = Assert.Throws<ArgumentException>(() => deep.CutAt("x")).Message;
        Assert.StartsWith("Layer 'x' is not in the network; it has 32 layers, at the end activation_12, ", message);
        Assert.EndsWith(", activation_29, flatten, dense. (Parameter 'layer')", message);
    }

    [Fact]
    public void Default_names_leave_room_for_names_given_by_hand() =>
        Assert.Equal(["conv2d_1", "conv2d", "flatten", "activation", "activation_1"],
            new Sequential(new Conv2D(1, 1), new Conv2D(1, 1) { Name = "conv2d" }, new Flatten(), Activation.Relu,
                Activation.Relu).Layers.Select(layer => layer.Name));

    [Fact]
    public void A_layer_that_is_used_twice_has_weights_of_its_own_each_time()
    {
        var layer = new Conv2D(3, 1);
        Assert.Equal(["conv2d/kernel", "conv2d/bias", "conv2d_1/kernel", "conv2d_1/bias"],
            Names(new Sequential(layer, layer).Build(4, 4, 3)));
    }

    [Fact]
    public void An_image_too_small_is_refused_where_it_runs_out() => Assert.Equal(
        "max_pooling2d_1 (MaxPooling2D): input [?,64,1,1] with padding [0,0,0,0] is smaller than the kernel [2,2]. Pad more, or leave "
            + "this layer out for images of this size.",
        Assert.Throws<GraphException>(() => Architectures.CifarCnn().Build(8, 8, 3)).Message);

    [Fact]
    public void A_second_flatten_too_many_is_named() => Assert.Equal(
        "conv2d (Conv2D): input has shape [?,48], needs 4 axes: [batch,channels,height,width]. Is a Flatten or a global pooling before it "
            + "one too many?",
        Assert.Throws<GraphException>(() => new Sequential(new Flatten(), new Conv2D(1, 1)).Build(4, 4, 3)).Message);

    [Fact]
    public void Dense_needs_a_number_of_features_that_is_known()
    {
        var x = new Flatten().On(Value.Input("x", [Shape.Unknown, 3, Shape.Unknown, 4]));
        Assert.Equal("dense (Dense): input has shape [?,?], needs [batch,features] with a number of features that is known. Give the "
            + "network a fixed input size.",
            Assert.Throws<GraphException>(() => new Dense(3).On(x)).Message);
    }

    [Fact]
    public void Images_of_another_size_than_promised_are_refused()
    {
        const string Needed =
            "images have shape [?,3,16,16], the network was made for [?,3,8,8]. Resize them to 8×8, or give the network another input.";
        var sequential = new Sequential(new Input(8, 8, 3), new Flatten());
        Assert.Equal("input (Input): " + Needed, Assert.Throws<GraphException>(() => sequential.Build(16, 16, 3)).Message);
        Assert.Equal("input (Input): " + Needed, Assert.Throws<GraphException>(() => Branching().Build(16, 16, 3)).Message);
        Assert.Equal([Shape.Unknown, 192], sequential.Build()["output"].Shape);
    }

    [Fact]
    public void A_network_of_any_size_must_be_told_one() =>
        Assert.StartsWith("The network takes images of any size", Assert.Throws<InvalidOperationException>(() => Small.Build()).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Two_layers_of_one_name_are_refused()
    {
        Assert.Equal("Layer name 'a' is used 2 times; each layer needs its own. (Parameter 'layers')",
            Assert.Throws<ArgumentException>(() => new Sequential(new Flatten() { Name = "a" }, new Flatten() { Name = "a" })).Message);
        Assert.Equal("layer 'a': a layer before it has the same name. Give one of them another.",
            Assert.Throws<GraphException>(() =>
                new Flatten() { Name = "a" }.On(new Flatten() { Name = "a" }.On(Network.Input(4, 4, 3)))).Message);
    }

    [Fact]
    public void Values_out_of_range_are_refused_by_name()
    {
        Assert.StartsWith("filters: got 0, needs at least 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(0, 3)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("rate: got 1, needs a value from 0 up to, without, 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Activation: got 'rulu', needs one of elu, gelu,",
            Assert.Throws<ArgumentException>(() => new Activation("rulu")).Message, StringComparison.Ordinal);
        Assert.StartsWith("Layer name: got 'a/b'", Assert.Throws<ArgumentException>(() => new Flatten() { Name = "a/b" }).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Json_reads_as_it_is_written() => Assert.Equal(
        """
        {
          "network": "Sequential",
          "layers": [
            {
              "layer": "Conv2D",
              "filters": 32,
              "groups": 1,
              "kernel": {
                "height": 3,
                "width": 3
              },
              "padding": "Same",
              "activation": {
                "function": "relu"
              },
              "useBias": true,
              "kernelInitializer": {
                "initializer": "HeNormal"
              },
              "name": "conv2d"
            }
          ]
        }
        """.ReplaceLineEndings("\n"),
        new Sequential(new Conv2D(32, 3, Padding.Same, Activation.Relu) { KernelInitializer = new HeNormal() }).ToJson()
        .ReplaceLineEndings("\n"));

    [Theory]
    [InlineData("", "network: ")]
    [InlineData("{}", "network: ")]
    [InlineData("""{"network":"Sequential"}""", "network: got 'Sequential' with 0 layers, needs 'Sequential' with its layers.")]
    [InlineData("""{"network":"Sequential","layers":[{"layer":"Conv9D"}]}""", "network: ")]
    [InlineData("""{"network":"Sequential","layers":[{"layer":"Dropout","rate":2}]}""",
        "network: rate: got 2, needs a value from 0 up to, without, 1.")]
    [InlineData("""{"network":"Sequential","layers":[{"layer":"Dropout","rate":0.5,"speed":2}]}""", "network: ")]
    [InlineData("""{"network":"Functional"}""",
        "network: describes a functional network, needs a sequential one. Read its ONNX file instead.")]
    public void Json_of_no_network_is_refused(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => Network.FromJson(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_functional_network_is_described_by_its_layers()
    {
        var json = Branching().ToJson();
        Assert.Contains("\"layer\": \"conv2d_3\"", json, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Network.FromJson(json));
    }

    static string[] Names(Graph graph) =>
        [.. graph.Parameters.Where(parameter => parameter.IsTrainable && !parameter.Name.Contains("batch", StringComparison.Ordinal))
            .Select(graph.NameOf)];
}
