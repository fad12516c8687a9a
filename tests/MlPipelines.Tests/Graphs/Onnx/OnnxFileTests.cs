using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Graphs.Onnx;

public class OnnxFileTests
{
    static readonly Value X = Value.Input("image", [Shape.Unknown, 3, 8, 8]);

    static Value W(string name, Shape shape, bool trainable = true) => Value.Parameter(name, shape, Initializer.Fixed(
        Tensor.Of<float>(shape, [.. Enumerable.Range(0, (int)shape.Length).Select(i => i * 0.25f + 1)])), trainable);

    static Graph Network()
    {
        var x = Op.Conv(X * (1 / 255f), W("conv/kernel", [4, 3, 3, 3]), W("conv/bias", [4]),
            new() { Strides = [2, 2], Pads = [0, 0, 1, 1] }, name: "conv");
        x = Op.BatchNormalization(x, W("bn/gamma", [4]), W("bn/beta", [4]), W("bn/moving_mean", [4], false),
            W("bn/moving_variance", [4], false), 1e-3f, 0.99f, "bn");
        x = Op.Dropout(Op.MaxPool(Op.Clip(x, 0, 6), [2, 2], new() { Strides = [2, 2] }, name: "pool"), 0.25f, "dropout");
        x = Op.Gemm(Op.Flatten(x), W("dense/kernel", [5, 16]), W("dense/bias", [5]), transB: true, name: "dense");
        var parts = Op.Split(x, 1, 2, 3);
        return new Graph([X], ("scores", Op.Softmax(Op.Concat(1, parts[1], parts[0]))), ("logits", x));
    }

    [Fact]
    public void What_is_written_reads_back_equal()
    {
        var graph = Network();
        var metadata = new Dictionary<string, string> { ["mlpipelines.labels"] = """["cat","dog ☂"]""", ["empty"] = "" };
        var model = OnnxFile.Read(OnnxFile.Write(graph, metadata));
        Assert.Equal(GraphText.Of(graph), GraphText.Of(model.Graph));
        Assert.Equal(metadata, model.Metadata);
    }

    [Fact]
    public void Layer_names_survive_where_the_output_has_another_name()
    {
        var graph = OnnxFile.Read(OnnxFile.Write(Network())).Graph;
        Assert.Equal("dense", graph["logits"].Node!.Name);
        Assert.Equal("logits", graph["logits"].Name);
    }

    [Fact]
    public void The_file_says_its_version_producer_and_symbolic_axes()
    {
        var free = Value.Input("map", [Shape.Unknown, 3, Shape.Unknown, Shape.Unknown]);
        var model = ModelProto.Parser.ParseFrom(OnnxFile.Write(new Graph([free], ("y", Op.Relu(free)))));
        Assert.Equal((8, "mlpipelines"), (model.IrVersion, model.ProducerName));
        Assert.Equal([("", 17L)], model.OpsetImport.Select(import => (import.Domain, import.Version)));
        Assert.Equal(["N", "", "map.2", "map.3"], model.Graph.Input[0].Type.TensorType.Shape.Dim.Select(size => size.DimParam));
        Assert.Equal(3, model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue);
    }

    [Fact]
    public void Our_own_domain_is_named_only_where_it_is_used()
    {
        var graph = new Graph([X], ("sum", Op.ChannelSum(X)));
        var model = ModelProto.Parser.ParseFrom(OnnxFile.Write(graph));
        Assert.Contains(model.OpsetImport, import => import is { Domain: "mlpipelines", Version: 1 });
        Assert.Equal("mlpipelines", model.Graph.Node[0].Domain);
        Assert.Equal(GraphText.Of(graph), GraphText.Of(OnnxFile.Read(OnnxFile.Write(graph)).Graph));
    }

    [Fact]
    public void Parameters_can_be_written_as_inputs()
    {
        var model = ModelProto.Parser.ParseFrom(OnnxFile.Write(new Graph([X], ("y", Op.Conv(X, Drawn))), parametersAsInputs: true));
        Assert.Equal(["image", "w"], model.Graph.Input.Select(input => input.Name));
        Assert.Empty(model.Graph.Initializer);
    }

    [Fact]
    public void A_parameter_without_a_value_is_refused()
    {
        var error = Assert.Throws<GraphException>(() => OnnxFile.Write(new Graph([X], ("y", Op.Conv(X, Drawn)))));
        Assert.Equal("parameter 'w': has no value yet. Call Initialize on the graph first, or write its parameters as inputs.",
            error.Message);
    }

    [Fact]
    public void Outputs_that_no_node_computes_and_outputs_given_twice_are_written()
    {
        var y = Op.Relu(X);
        var graph = new Graph([X], ("a", y), ("b", y), ("c", X), ("d", W("w", [2])));
        var model = ModelProto.Parser.ParseFrom(OnnxFile.Write(graph));
        Assert.Equal(["Relu", "Identity", "Identity", "Identity"], model.Graph.Node.Select(node => node.OpType));
        Assert.Equal(GraphText.Of(graph), GraphText.Of(OnnxFile.Read(OnnxFile.Write(graph)).Graph));
    }

    [Fact]
    public void Node_names_are_unique()
    {
        var model = ModelProto.Parser.ParseFrom(OnnxFile.Write(new Graph([X], ("y", Op.Relu(Op.Relu(Op.Relu(X)))))));
        Assert.Equal(["Relu", "Relu_1", "Relu_2"], model.Graph.Node.Select(node => node.Name));
    }

    [Fact]
    public void Attributes_of_every_kind_survive()
    {
        var attributes = new Attributes
        {
            { "int", 3 }, { "float", 0.5f }, { "text", "half_pixel" }, { "ints", new[] { 1, 2 } },
            { "floats", new[] { 1.5f, 2 } }, { "texts", new[] { "a", "b" } }, { "tensor", Tensor.Vector(1f, 2) },
        };
        var graph = new Graph([X], ("y", Op.Apply("Relu", [X], attributes)));
        Assert.Equal(GraphText.Of(graph), GraphText.Of(OnnxFile.Read(OnnxFile.Write(graph)).Graph));
    }

    [Fact]
    public void Saving_replaces_a_file_whole_and_leaves_nothing_beside_it()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllText(path, "something older and longer than nothing");
        OnnxFile.Save(Network(), path);
        Assert.Equal(GraphText.Of(Network()), GraphText.Of(OnnxFile.Read(path).Graph));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(40), InlineData(50), InlineData(90)]
    public void A_file_cut_short_is_named(int percent)
    {
        var bytes = OnnxFile.Write(Network());
        var error = Assert.Throws<InvalidDataException>(() => OnnxFile.Read(bytes.AsMemory(..(bytes.Length * percent / 100)), "cut.onnx"));
        Assert.StartsWith("cut.onnx: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("cut short. Fetch or export it again.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_model_are_refused()
    {
        var picture = Enumerable.Range(0, 2000).Select(i => (byte)(i * 37)).ToArray();
        Assert.Throws<InvalidDataException>(() => OnnxFile.Read(picture, "photo.jpg"));
        Assert.Throws<InvalidDataException>(() => OnnxFile.Read("just some text\n"u8.ToArray(), "notes.txt"));
    }

    [Fact]
    public void A_damaged_file_gives_a_graph_or_a_refusal_and_nothing_else()
    {
        var whole = OnnxFile.Write(Network());
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var dice = Dice.For(5, i);
            var damaged = (byte[])whole.Clone();
            for (var hits = 1 + dice.Below(4); hits > 0; hits--)
                damaged[dice.Below(damaged.Length)] = (byte)dice.Below(256);
            try
            {
                OnnxFile.Read(damaged);
            }
            catch (Exception exception) when (exception is InvalidDataException or GraphException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 60, 300);
    }

    static Value Drawn { get; } = Value.Parameter("w", [4, 3, 3, 3], new Undrawn());

    sealed record Undrawn : Initializer
    {
        public override Tensor Draw(Shape shape, Dice dice) => Tensor.Zeros(ElementType.Float, shape);
    }
}
