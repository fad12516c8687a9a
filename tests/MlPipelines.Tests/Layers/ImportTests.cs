using Google.Protobuf;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Graphs.Onnx;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Layers;

public sealed class ImportTests : IDisposable
{
    readonly Folder folder = new();

    string Saved(ModelProto model)
    {
        var path = Path.Combine(folder.Path, "m.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    GraphNetwork Read(ModelProto model, string? output = null) => Network.FromOnnx(Saved(model), output: output);

    string Refusal<T>(ModelProto model, string? output = null)
        where T : Exception =>
        Assert.Throws<T>(() => Read(model, output)).Message.Replace(folder.Path + Path.DirectorySeparatorChar, "",
            StringComparison.Ordinal);

    static float[] Spread(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 7 % 11 - 5) / 10f)];

    static ModelProto Chain(int opset, params NodeProto[] end) => Model(opset, [1, 3, 4, 4], ["y"],
        [Node("Conv", ["x", "w"], ["c"]), Node("GlobalAveragePool", ["c"], ["p"]), .. end])
        .With(Numbers("w", [2, 3, 3, 3], Spread(54)), Numbers("v", [5, 2], Spread(10)));

    static readonly NodeProto[] ByShape =
    [
        Node("Shape", ["p"], ["s"]), Node("Gather", ["s", "zero"], ["n"]), Node("Unsqueeze", ["n"], ["m"], Ints("axes", 0)),
        Node("Concat", ["m", "rest"], ["t"], Int("axis", 0)),
        Node("Reshape", ["p", "t"], ["f"]), Node("Gemm", ["f", "v"], ["y"], Int("transB", 1)),
    ];

    static TensorProto Scalar(string name, long value) => new() { Name = name, DataType = (int)ElementType.Int64, Int64Data = { value } };

    [Fact]
    public void A_fixed_batch_is_freed_where_the_file_computes_it()
    {
        var network = Read(Chain(9, ByShape).With(Scalar("zero", 0), Whole("rest", -1)));
        Assert.Equal([Shape.Unknown, 5], network.Build()["output"].Shape);
        Assert.Equal([7, 5], network.Build().WithBatch(7)["output"].Shape);
        Assert.Equal(["Conv", "GlobalAveragePool", "Reshape", "Gemm"], network.Build().Nodes.Select(node => node.Operator.Type));
    }

    [Theory, InlineData(1L, 2L), InlineData(1L, -1L)]
    public void A_fixed_batch_is_freed_where_the_file_repeats_it(long rows, long columns)
    {
        var network = Read(Chain(13, Node("Reshape", ["p", "t"], ["f"]), Node("Gemm", ["f", "v"], ["y"], Int("transB", 1)))
            .With(Whole("t", rows, columns)));
        Assert.Equal([7, 5], network.Build().WithBatch(7)["output"].Shape);
        Assert.Equal([Shape.Unknown, 5], network.Build(9, 6, 3)["output"].Shape);
    }

    [Theory, InlineData("Resize", 7), InlineData("Expand", 7), InlineData("Reshape", 3)]
    public void A_fixed_batch_is_freed_in_stored_sizes(string type, int places)
    {
        NodeProto sized = type == "Resize" ? Node(type, ["p", "", "", "t"], ["e"]) : Node(type, ["p", "t"], ["e"]);
        var size = type == "Reshape" ? 1 : 6;
        var network = Read(Chain(13, sized, Node("Sigmoid", ["e"], ["y"])).With(Whole("t", 1, 2, size, size)));
        Assert.Equal([places, 2, size, size], network.Build().WithBatch(places)["output"].Shape);
        Assert.Equal([2, 2, size, size], Run(OnnxFile.Write(network.Build()), [2, 3, 4, 4]).Shape);
    }

    static readonly Dictionary<string, NodeProto[]> squeezed = new()
    {
        ["PyTorch's squeeze()"] = [Node("Squeeze", ["p"], ["f"]), Node("MatMul", ["f", "u"], ["y"])],
        ["and its Softmax"] =
            [Node("Squeeze", ["p"], ["f"]), Node("MatMul", ["f", "u"], ["g"]), Node("Softmax", ["g"], ["y"], Int("axis", 0))],
        ["squeezed by name"] = [Node("Squeeze", ["p"], ["f"], Ints("axes", 0, 2, 3)), Node("MatMul", ["f", "u"], ["y"])],
        ["and brought back"] =
            [Node("Squeeze", ["p"], ["f"]), Node("Unsqueeze", ["f"], ["e"], Ints("axes", 0)), Node("MatMul", ["e", "u"], ["y"])],
    };

    public static TheoryData<string> Squeezed => [.. squeezed.Keys];

    [Theory, MemberData(nameof(Squeezed))]
    public void The_axis_of_a_single_image_is_kept_where_the_file_drops_it(string how)
    {
        var model = Chain(11, squeezed[how]).With(Numbers("u", [2, 5], Spread(10)));
        var network = Read(model);
        Assert.Equal<int>([Shape.Unknown, 5], [.. network.Build()["output"].Shape]);
        var image = Tensor.Of<float>([2, 3, 4, 4], Spread(96));
        using Session whole = new(OnnxFile.Write(network.Build())), file = new(model.ToByteArray());
        var scores = whole.Run(new Dictionary<string, Tensor> { [whole.Inputs[0].Name] = image })[0];
        Assert.Equal<int>([2, 5], [.. scores.Shape]);
        var first = Tensor.Of<float>([1, 3, 4, 4], Spread(48));
        Assert.Equal(file.Run(new Dictionary<string, Tensor> { ["x"] = first })[0].Elements<float>().ToArray(),
            scores.Elements<float>()[..5].ToArray());
    }

    [Fact]
    public void An_output_that_is_listed_twice_is_one()
    {
        var file = Chain(13, Node("Flatten", ["p"], ["y"]));
        file.Graph.Output.Add(Info("y", null));
        Assert.Equal([Shape.Unknown, 2], Read(file).Build()["output"].Shape);
    }

    [Fact]
    public void A_size_that_does_not_fit_is_told_of_one_image_and_not_of_a_batch_that_nobody_asked_for()
    {
        var network = Read(Model(13, [1, 3, 4, 4], ["y"], Node("Conv", ["x", "w"], ["c"]), Node("Shape", ["c"], ["s"]),
            Node("Gather", ["s", "zero"], ["n"]), Node("Concat", ["n", "rest"], ["t"], Int("axis", 0)), Node("Reshape", ["c", "t"], ["f"]),
            Node("Gemm", ["f", "v"], ["y"], Int("transB", 1)))
            .With(Numbers("w", [2, 3, 3, 3], Spread(54)), Numbers("v", [5, 8], Spread(40)), Whole("zero", 0), Whole("rest", 8)));
        Assert.Equal([Shape.Unknown, 5], network.Build()["output"].Shape);
        Assert.Equal("the_Reshape (Reshape): input [?,2,3,3] has 18 elements for each image, which do not fit [?,8]. Is the input size the "
            + "one the network was made for? The network was made for images of 4×4 pixels, got 5×5.",
            Assert.Throws<GraphException>(() => network.Build(5, 5, 3)).Message);
    }

    [Theory, InlineData(ElementType.Int32), InlineData(ElementType.Int64)]
    public void A_whole_exponent_is_trained_through(ElementType type)
    {
        var exponent = type == ElementType.Int64 ? Scalar("two", 2)
            : new TensorProto { Name = "two", DataType = (int)type, Int32Data = { 2 } };
        var network = Read(Model(13, [1, 3, 4, 4], ["y"], Node("Conv", ["x", "w"], ["c"]), Node("Pow", ["c", "two"], ["q"]),
            Node("GlobalAveragePool", ["q"], ["p"]), Node("Flatten", ["p"], ["y"])).With(Numbers("w", [2, 3, 1, 1], Spread(6)), exponent));
        Assert.Equal(["w"], Training(network).States.Where(state => state.Parameter is not null).Select(state => state.Name));
    }

    [Fact]
    public void A_batch_that_cannot_be_freed_is_named() => Assert.Equal(
        "m.onnx: its batch is fixed at 1 and cannot be freed: the_Reshape (Reshape): its result has shape [2] for every batch, needs one "
            + "row for each image. Export the network with a symbolic batch.",
        Refusal<GraphException>(Chain(13, Node("Reshape", ["p", "t"], ["y"])).With(Whole("t", 2))));

    [Fact]
    public void A_weight_that_is_not_a_number_is_named() => Assert.Equal(
        "m.onnx: weight 'w' [2,3,3,3] holds NaN at place 4, needs finite numbers. The file is damaged, or its training diverged; take "
            + "another.",
        Refusal<InvalidDataException>(Model(13, [1, 3, 4, 4], ["y"], Node("Conv", ["x", "w"], ["y"]))
            .With(Numbers("w", [2, 3, 3, 3], [0, 0, 0, 0, float.NaN, .. new float[49]]))));

    [Fact]
    public void A_detection_network_is_refused_by_its_outputs() => Assert.Equal(
        "m.onnx: has 2 outputs (boxes, y), one is needed. Is it a network for detection? Name the value to use, an inner one if need be: "
            + "output: \"boxes\", on the command line --network-output boxes.",
        Refusal<InvalidDataException>(Detector()));

    [Fact]
    public void What_lies_behind_the_value_wanted_may_be_anything()
    {
        Assert.Equal([Shape.Unknown, 2, 1, 1], Read(Detector(), output: "p").Build()["output"].Shape);
        Assert.StartsWith("the_NonMaxSuppression (NonMaxSuppression): ", Refusal<GraphException>(Detector(), output: "y"),
            StringComparison.Ordinal);
        Assert.StartsWith("m.onnx: has no value 'nowhere', its outputs are ", Refusal<InvalidDataException>(Detector(), output: "nowhere"),
            StringComparison.Ordinal);
    }

    static ModelProto Detector()
    {
        var model = Chain(13, Node("Flatten", ["p"], ["boxes"]), Node("NonMaxSuppression", ["boxes", "p"], ["y"]));
        model.Graph.Output.Insert(0, Info("boxes", null));
        return model;
    }

    [Fact]
    public void An_operator_of_another_domain_is_named_with_the_file()
    {
        var model = Chain(13, Node("FancyHead", ["p"], ["y"]));
        model.Graph.Node[2].Domain = "com.microsoft";
        Assert.StartsWith("the_FancyHead (FancyHead): ", Refusal<GraphException>(model), StringComparison.Ordinal);
        Assert.Contains("m.onnx uses operator 'FancyHead' of the domain 'com.microsoft'", Refusal<GraphException>(model),
            StringComparison.Ordinal);
    }

    [Theory, InlineData(0), InlineData(30), InlineData(90)]
    public void A_text_file_and_a_truncated_model_are_named(int percent)
    {
        var bytes = percent == 0 ? "This is a text.\n"u8.ToArray() : Chain(13, Node("Flatten", ["p"], ["y"])).ToByteArray();
        var path = Path.Combine(folder.Path, "cut.onnx");
        File.WriteAllBytes(path, percent == 0 ? bytes : bytes[..(bytes.Length * percent / 100)]);
        Assert.StartsWith($"{path}: ", Assert.Throws<InvalidDataException>(() => Network.FromOnnx(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_takes_no_images_is_named() => Assert.Equal(
        "m.onnx: takes 'x' Float[1,3], needs one input of images, Float[batch,channels,height,width], with a number of channels that is "
            + "known. Is it a network for images?",
        Refusal<InvalidDataException>(Model(13, [1, 3], ["y"], Node("Relu", ["x"], ["y"]))));

    [Fact]
    public void Weights_behind_a_linked_folder_are_refused()
    {
        using var elsewhere = new Folder();
        File.WriteAllBytes(Path.Combine(elsewhere.Path, "w.bin"), new byte[54 * 4]);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "weights"), elsewhere.Path);
        var model = Chain(13, Node("Flatten", ["p"], ["y"]));
        var weight = model.Graph.Initializer[0];
        weight.FloatData.Clear();
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights/w.bin" });
        Assert.Equal("m.onnx: tensor 'w' lies in 'weights/w.bin', a link that leaves the model's folder; needs a file inside it.",
            Refusal<InvalidDataException>(model));
    }

    static ModelProto Undifferentiable() => Model(13, [1, 3, 4, 4], ["y"],
        Node("Conv", ["x", "w"], ["c"]), Node("Relu", ["c"], ["r"]), Node("Hardmax", ["r"], ["h"], Int("axis", 1)),
        Node("GlobalAveragePool", ["h"], ["p"]), Node("Flatten", ["p"], ["f"]), Node("Gemm", ["f", "v"], ["y"], Int("transB", 1)))
        .With(Numbers("w", [2, 3, 3, 3], Spread(54)), Numbers("v", [5, 2], Spread(10)));

    static TrainingGraph Training(Network network) =>
        TrainingGraph.Of(network.Build().Initialize(1), 2, new Adam(), new CategoricalCrossEntropy());

    [Fact]
    public void What_cannot_be_differentiated_is_named_with_the_way_from_the_loss_to_the_weight()
    {
        var message = Assert.Throws<GraphException>(() => Training(Read(Undifferentiable()))).Message;
        Assert.StartsWith("the_Hardmax (Hardmax): no gradient rule, met on the way from ReduceMean (ReduceMean) ← Neg (Neg) ← ", message,
            StringComparison.Ordinal);
        Assert.EndsWith(" ← the_Gemm (Gemm) ← the_Flatten (Flatten) ← the_GlobalAveragePool (GlobalAveragePool) ← the_Hardmax (Hardmax) ← "
            + "the_Relu (Relu) ← the_Conv (Conv) ← 'w'. Freeze the part up to it: Freeze(upTo: \"the_Hardmax\"), on the command line "
            + "--freeze the_Hardmax.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_differentiated_serves_as_a_frozen_part() =>
        Assert.Contains(Training(Read(Undifferentiable()).Freeze(upTo: "the_Hardmax")).Graph.Nodes,
            node => node.Operator.Type == "Hardmax");

    static ModelProto Rounded(string type, params AttributeProto[] attributes) => Model(13, [1, 3, 4, 4], ["y"],
        Node("Conv", ["x", "w"], ["c"]), Node("Conv", ["c", "u"], ["d"]), Node(type, ["d"], ["h"], attributes),
        Node("Cast", ["h"], ["i"], Int("to", 1)), Node("GlobalAveragePool", ["i"], ["p"]), Node("Flatten", ["p"], ["f"]),
        Node("Gemm", ["f", "v"], ["y"], Int("transB", 1)))
        .With(Numbers("w", [2, 3, 1, 1], Spread(6)), Numbers("u", [2, 2, 1, 1], Spread(4)),
            Numbers("v", [5, type == "ArgMax" ? 1 : 2], Spread(type == "ArgMax" ? 5 : 10)));

    [Theory, InlineData("Round"), InlineData("Floor"), InlineData("Ceil"), InlineData("Sign"), InlineData("ArgMax")]
    public void What_cuts_weights_off_from_the_loss_is_named_and_serves_as_a_frozen_part(string type)
    {
        var network = Read(Rounded(type, type == "ArgMax" ? [Int("axis", 1)] : []));
        var message = Assert.Throws<GraphException>(() => Training(network)).Message;
        Assert.StartsWith($"the_{type} ({type}): its derivative is zero wherever it has one, so that nothing is learnt about 'w', 'u', "
            + "met on the way from ReduceMean (ReduceMean) ← Neg (Neg) ← ", message, StringComparison.Ordinal);
        Assert.EndsWith($" ← the_{type} ({type}) ← the_Conv (Conv) ← the_Conv (Conv) ← 'w'. Freeze the part up to it: Freeze(upTo: "
            + $"\"the_{type}\"), on the command line --freeze the_{type}.", message, StringComparison.Ordinal);
        Assert.Equal(["v"],
            Training(network.Freeze(upTo: $"the_{type}")).States.Where(state => state.Parameter is not null).Select(state => state.Name));
    }

    [Fact]
    public void A_rounding_beside_which_the_gradient_flows_cuts_nothing_off()
    {
        var straightThrough = Model(13, [1, 3, 4, 4], ["y"], Node("Conv", ["x", "w"], ["c"]), Node("Round", ["c"], ["r"]),
            Node("Sub", ["c", "r"], ["s"]), Node("GlobalAveragePool", ["s"], ["p"]),
            Node("Flatten", ["p"], ["y"])).With(Numbers("w", [2, 3, 1, 1], Spread(6)));
        Assert.Equal(["w"], Training(Read(straightThrough)).States.Where(state => state.Parameter is not null).Select(state => state.Name));
    }

    [Theory, InlineData(false), InlineData(true), Trait("Category", "Runtime")]
    public void A_network_that_takes_colours_last_takes_them_first(bool known)
    {
        var file = Model(13, [1, 8, 8, 3], ["y"], Node("Transpose", ["x"], ["t"], Ints("perm", 0, 3, 1, 2)),
            Node("Conv", ["t", "w"], ["c"]), Node("GlobalAveragePool", ["c"], ["p"]),
            Node("Flatten", ["p"], ["y"])).With(Numbers("w", [2, 3, 3, 3], Spread(54)));
        using var theirs = new Session(file.ToByteArray());
        if (!known)
            foreach (var axis in Enumerable.Range(0, 3))
                file.Graph.Input[0].Type.TensorType.Shape.Dim[axis].DimParam = $"size{axis}";
        var network = Read(file);
        Assert.Equal(known ? new Input(8, 8, 3) : null, network.Takes);
        Assert.Equal(["Conv", "GlobalAveragePool", "Flatten"], network.Build(8, 8, 3).Nodes.Select(node => node.Operator.Type));
        var image = Enumerable.Range(0, 192).Select(i => MathF.Sin(i)).ToArray();
        using var ours = new Session(OnnxFile.Write(network.Build(8, 8, 3)));
        var last = Tensor.Of<float>([1, 8, 8, 3], image);
        var first = Tensor.Of<float>([1, 3, 8, 8], [.. Enumerable.Range(0, 192).Select(i => image[i % 64 * 3 + i / 64])]);
        var (expected, found) = (theirs.Run(new Dictionary<string, Tensor> { ["x"] = last })[0].Elements<float>().ToArray(),
            ours.Run(new Dictionary<string, Tensor> { ["image"] = first })[0].Elements<float>().ToArray());
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void A_network_that_looks_at_colours_last_keeps_looking_at_them_so()
    {
        var file = Model(13, [1, 8, 8, 3], ["y"], Node("Sub", ["x", "mean"], ["z"]),
            Node("Transpose", ["z"], ["t"], Ints("perm", 0, 3, 1, 2)), Node("GlobalAveragePool", ["t"], ["p"]),
            Node("Flatten", ["p"], ["y"])).With(Numbers("mean", [3], 1, 2, 3));
        Assert.Equal(["Transpose", "Sub", "Transpose", "GlobalAveragePool", "Flatten"],
            Read(file).Build().Nodes.Select(node => node.Operator.Type));
        Assert.Equal([Shape.Unknown, 3], Read(file).Build()["output"].Shape);
    }

    [Fact]
    public void Tensors_that_an_exporter_merged_are_parted()
    {
        var file = Model(13, [1, 3, 4, 4], ["y"], Node("Identity", ["zeros"], ["again"]), Node("Conv", ["x", "w", "zeros"], ["c"]),
            Node("BatchNormalization", ["c", "ones", "again", "zeros", "ones"], ["n"]), Node("Conv", ["n", "u", "spread"], ["d"]),
            Node("Conv", ["d", "u", "spread"], ["y"]))
            .With(Numbers("w", [2, 3, 1, 1], Spread(6)), Numbers("u", [2, 2, 1, 1], Spread(4)), Numbers("zeros", [2], 0, 0),
                Numbers("ones", [2], 1, 1), Numbers("spread", [2], 1, 2));
        var graph = Read(file).Build();
        Assert.Equal(["ones", "spread", "the_BatchNormalization/mean", "the_BatchNormalization/variance", "the_Conv/bias", "u", "w",
            "zeros"], graph.Parameters.Select(graph.NameOf).Order(StringComparer.Ordinal));
        Assert.Equal(["ones", "spread", "the_Conv/bias", "u", "w", "zeros"],
            graph.Parameters.Where(parameter => parameter.IsTrainable).Select(graph.NameOf).Order(StringComparer.Ordinal));
    }

    static ModelProto Small(int opset)
    {
        NodeProto Reducing(string type, string from, string to, params long[] axes) => opset >= (type == "ReduceMean" ? 18 : 13)
            ? Node(type, [from, $"{to}.axes"], [to]) : Node(type, [from], [to], Ints("axes", axes));
        var model = Model(opset, [1, 3, 8, 8], ["y"],
            Node("Conv", ["x", "w", "b"], ["c"], Ints("pads", 1, 1, 1, 1)),
            Node("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], ["n"]),
            opset >= 11 ? Node("Clip", ["n", "least", "most"], ["r"]) : Node("Clip", ["n"], ["r"], Float("min", 0), Float("max", 1)),
            Node("MaxPool", ["r"], ["m"], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)), Node("Dropout", ["m"], ["d"]),
            Reducing("ReduceMean", "d", "p", 2, 3), Reducing("Squeeze", "p", "f", 2, 3),
            Node("Gemm", ["f", "v", "o"], ["g"], Int("transB", 1)), Node("Softmax", ["g"], ["y"], Int("axis", 1)))
            .With(Numbers("w", [4, 3, 3, 3], Spread(108)), Numbers("b", [4], Spread(4)), Numbers("scale", [4], 1, 2, 1, 2),
                Numbers("shift", [4], 0, 1, 0, 1), Numbers("mean", [4], Spread(4)), Numbers("variance", [4], 1, 2, 3, 4),
                Numbers("least", [], 0), Numbers("most", [], 1), Whole("p.axes", 2, 3), Whole("f.axes", 2, 3),
                Numbers("v", [5, 4], Spread(20)), Numbers("o", [5], Spread(5)));
        model.Graph.Input.Add(Info("w", [4, 3, 3, 3]));
        return model;
    }

    public static TheoryData<int> Opsets => [.. Enumerable.Range(7, 15)];

    [Theory, MemberData(nameof(Opsets)), Trait("Category", "Runtime")]
    public void A_network_of_any_operator_set_computes_what_its_file_computes_and_can_be_trained(int opset)
    {
        var file = Small(opset);
        var network = Read(file);
        file.Graph.Input.RemoveAt(1);
        var (expected, found) = (Run(file.ToByteArray(), [1, 3, 8, 8]).Elements<float>().ToArray(),
            Run(OnnxFile.Write(network.Build()), [1, 3, 8, 8]).Elements<float>().ToArray());
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(["b", "o", "scale", "shift", "v", "w"],
            Training(network).States.Where(state => state.Parameter is { IsTrainable: true }).Select(state => state.Name)
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_quantised_network_warns_also_when_it_has_been_changed()
    {
        var file = Model(13, [1, 3, 4, 4], ["y"], Node("DequantizeLinear", ["q", "s"], ["w"]), Node("Conv", ["x", "w"], ["c"]),
            Node("GlobalAveragePool", ["c"], ["p"]), Node("Flatten", ["p"], ["y"])).With(
            new TensorProto { Name = "q", DataType = (int)ElementType.Int8, Dims = { 2, 3, 1, 1 }, Int32Data = { 1, 2, 3, -4, 5, 6 } },
            Numbers("s", [], 0.5f));
        var network = Read(file).Freeze().CutAt("the_GlobalAveragePool");
        Assert.Contains("m.onnx is quantised: 1 stored tensors", Assert.Single(network.Warnings), StringComparison.Ordinal);
        Assert.Contains("warning: ", network.Inspect().ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
