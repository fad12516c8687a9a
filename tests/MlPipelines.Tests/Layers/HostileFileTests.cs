using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Graphs.Onnx;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Layers;

/// <summary>Files that are no networks for images, or no networks at all: what is said about each.</summary>
public sealed class HostileFileTests : IDisposable
{
    readonly Folder folder = new();

    string Saved(byte[] bytes)
    {
        var path = Path.Combine(folder.Path, "m.onnx");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    GraphNetwork Read(ModelProto model, string? output = null) => Network.FromOnnx(Saved(model.ToByteArray()), output: output);

    string Refusal<T>(byte[] bytes, string? output = null)
        where T : Exception => Short(Assert.Throws<T>(() => Network.FromOnnx(Saved(bytes), output: output)));

    string Refusal<T>(ModelProto model, string? output = null) where T : Exception => Refusal<T>(model.ToByteArray(), output);

    string Short(Exception exception) => exception.Message.Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    static float[] Spread(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 7 % 11 - 5) / 10f)];

    static ModelProto Small(params int[] input) => Model(13, input.Length == 0 ? [1, 3, 8, 8] : input, ["y"],
        Node("Conv", ["x", "w"], ["c"], Ints("pads", 1, 1, 1, 1)), Node("Relu", ["c"], ["r"]), Node("GlobalAveragePool", ["r"], ["p"]),
        Node("Flatten", ["p"], ["f"]), Node("Gemm", ["f", "v"], ["y"], Int("transB", 1)))
        .With(Numbers("w", [4, 3, 3, 3], Spread(108)), Numbers("v", [5, 4], Spread(20)));

    static ModelProto Behind(ModelProto model, params NodeProto[] nodes)
    {
        model.Graph.Node.RemoveAt(4);
        model.Graph.Node.Add(nodes);
        return model;
    }

    [Theory]
    [InlineData("", "0 bytes that hold no graph, so this is no ONNX model, or one that was cut short. Fetch or export it again.")]
    [InlineData("Not a model.\n", "13 bytes that are no ONNX model but a text, \"Not a model.\". Fetch or export it again.")]
    [InlineData("<!DOCTYPE html>\n<html><head><title>404</title>",
        "46 bytes that are no ONNX model but a text, \"<!DOCTYPE html>\". Fetch or export it again.")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 13\n",
        "67 bytes that are no ONNX model but a note of Git where it lies. Fetch it: git lfs pull.")]
    public void A_file_that_is_no_model_is_said_to_be_what_it_is(string text, string message) =>
        Assert.Equal($"m.onnx: {message}", Refusal<InvalidDataException>(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_folder_is_no_file() =>
        Assert.Equal($"{folder.Path}: is a folder, needs an ONNX file. Name the file in it.",
            Assert.Throws<InvalidDataException>(() => Network.FromOnnx(folder.Path)).Message);

    [Fact]
    public void A_model_cut_anywhere_is_refused_by_its_name()
    {
        var whole = Small().ToByteArray();
        for (var length = 0; length < whole.Length; length++)
            Assert.StartsWith($"m.onnx: {length} bytes that ", Refusal<InvalidDataException>(whole[..length]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_model_is_a_network_or_is_refused()
    {
        var whole = Small().ToByteArray();
        Prop.ForAll(ArbMap.Default.ArbFor<(PositiveInt, byte)>().Generator.NonEmptyListOf().ToArbitrary(), damages =>
        {
            var bytes = (byte[])whole.Clone();
            foreach (var (place, value) in damages)
                bytes[place.Item % bytes.Length] = value;
            try
            {
                var network = Network.FromOnnx(Saved(bytes));
                _ = network.Inspect().ToString();
                _ = network.Build(8, 8, 3);
            }
            catch (Exception exception) when (exception is InvalidDataException or GraphException)
            {
                return exception.Message.Length > 20;
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Fact]
    public void Boxes_of_a_detector_are_no_classes()
    {
        var detector = Behind(Small(), Node("Reshape", ["f", "boxes"], ["y"])).With(Whole("boxes", -1, 2, 2));
        var network = Read(detector);
        Assert.Equal(
            "The network's output 'output' has shape [?,2,2], needs [batch,classes]. Add Flatten or GlobalAveragePooling2D and Dense.",
            Assert.Throws<GraphException>(() =>
                TrainingGraph.Of(network.Build().Initialize(1), 2, new Sgd(), new CategoricalCrossEntropy())).Message);
        Assert.Equal([Shape.Unknown, 4], network.CutAt("the_Flatten").Build()["output"].Shape);
    }

    [Fact]
    public void Features_that_are_tokens_are_not_taken_for_images()
    {
        var tokens = Behind(Small(), Node("Reshape", ["r", "t"], ["s"]), Node("MatMul", ["s", "q"], ["m"]),
            Node("ReduceMean", ["m"], ["y"], Ints("axes", 1), Int("keepdims", 0)))
            .With(Whole("t", -1, 64, 4), Numbers("q", [4, 6], Spread(24)));
        Assert.Equal("the_Reshape (Reshape): the classifier starts from features [?,64,4], needs [batch,features] or "
            + "[batch,channels,height,width]. Cut the network by name: CutAt (--cut).",
            Assert.Throws<GraphException>(() => Read(tokens).CutAtFeatures()).Message);
    }

    [Theory, InlineData("com.microsoft", "FusedMatMul"), InlineData("org.pytorch.aten", "ATen")]
    public void An_operator_of_another_domain_is_named_and_the_part_before_it_can_be_had(string domain, string type)
    {
        var model = Behind(Small(), Node(type, ["f"], ["g"]), Node("Gemm", ["g", "v"], ["y"], Int("transB", 1)));
        model.Graph.Node[4].Domain = domain;
        Assert.Equal($"the_{type} ({type}): m.onnx uses operator '{type}' of the domain '{domain}', which is not read here. Export the "
            + "model in ONNX's own operators, or read it only up to here: output: \"f\", on the command line --network-output f.",
            Refusal<GraphException>(model));
        Assert.Equal([Shape.Unknown, 4], Read(model, output: "f").Build()["output"].Shape);
    }

    [Fact]
    public void An_operator_that_is_not_read_is_named_with_the_value_before_it()
    {
        var message = Refusal<GraphException>(Behind(Small(), Node("NonZero", ["f"], ["y"])));
        Assert.Equal("the_NonZero (NonZero): m.onnx uses operator 'NonZero' (operator set 13), which is not read here. Export the model "
            + "without it, or read it only up to here: output: \"f\", on the command line --network-output f.", message);
    }

    [Theory, InlineData("If"), InlineData("Loop"), InlineData("Scan")]
    public void A_graph_within_a_node_is_named(string type)
    {
        var model = Behind(Small(),
            Node(type, ["f"], ["y"],
                new AttributeProto
                {
                    Name = "body",
                    Type = AttributeProto.Types.AttributeType.Graph,
                    G = new GraphProto { Name = "inner" },
                }));
        Assert.Equal($"the_{type} ({type}): its attribute 'body' is a graph of its own, which m.onnx chooses or repeats when it runs; "
            + "that is not read here. Export the model for one size of image, so that nothing is left to choose, or read it only up to "
            + "here: output: \"f\", on the command line --network-output f.",
            Refusal<GraphException>(model));
    }

    [Theory, InlineData(float.NaN, "NaN"), InlineData(float.PositiveInfinity, "Infinity"), InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_weight_that_is_no_number_is_named(float number, string written)
    {
        var model = Small();
        model.Graph.Initializer[1].FloatData[7] = number;
        Assert.Equal($"m.onnx: weight 'v' [5,4] holds {written} at place 7, needs finite numbers. The file is damaged, or its training "
            + "diverged; take another.", Refusal<InvalidDataException>(model));
    }

    [Fact]
    public void A_constant_that_is_no_number_is_named_but_a_bound_may_be_infinite()
    {
        ModelProto Clipped(float most) => Behind(Small(), Node("Clip", ["f", "", "most"], ["y"])).With(Numbers("most", [], most));
        Assert.Equal("m.onnx: constant 'most' [] holds NaN at place 0, needs numbers. The file is damaged, or its training diverged; take "
            + "another.", Refusal<InvalidDataException>(Clipped(float.NaN)));
        Assert.Equal([Shape.Unknown, 4], Read(Clipped(float.PositiveInfinity)).Build()["output"].Shape);
    }

    [Fact]
    public void A_negative_variance_is_named()
    {
        var model = Behind(Small(), Node("BatchNormalization", ["f", "scale", "bias", "mean", "variance"], ["y"])).With(
            Numbers("scale", [4], 1, 2, 3, 4), Numbers("bias", [4], 1, 2, 3, 4), Numbers("mean", [4], 1, 2, 3, 4),
            Numbers("variance", [4], 1, 2, -3, 4));
        Assert.Equal("m.onnx: variance 'variance' [4] holds -3 at place 2, needs 0 or more. The file is damaged, or its training "
            + "diverged; take another.", Refusal<InvalidDataException>(model));
    }

    [Fact]
    public void Sizes_of_zero_are_refused()
    {
        var filters = Small();
        filters.Graph.Initializer[0] = Numbers("w", [0, 3, 3, 3]);
        Assert.Equal("the_Conv (Conv): weight [0,3,3,3] has an axis of size 0, so there is nothing to compute. Export the model again.",
            Refusal<GraphException>(filters));
        Assert.Equal("m.onnx: takes 'x' Float[?,?,?,?], needs one input of images, Float[batch,channels,height,width], with a number of "
            + "channels that is known. Is it a network for images?",
            Refusal<InvalidDataException>(Model(13, [0, 0, 0, 0], ["y"], Node("GlobalAveragePool", ["x"], ["y"]))));
    }

    [Fact]
    public void Channels_that_the_file_leaves_open_are_those_of_the_first_convolution() =>
    Assert.Equal(3, Read(Small(0, 0, 0, 0)).Build(8, 8, 3).Inputs[0].Shape[1]);

    [Fact]
    public void Strides_of_zero_are_refused()
    {
        var model = Small();
        model.Graph.Node[0].Attribute.Add(Ints("strides", 0, 1));
        Assert.Equal("the_Conv (Conv): has strides 0,1 and dilations 1,1, needs 1 or more.", Refusal<GraphException>(model));
    }

    [Fact]
    public void An_output_that_nothing_computes_is_named()
    {
        var model = Small();
        model.Graph.Output[0].Name = "z";
        Assert.Equal("m.onnx: nothing computes the output 'z'. Export it again.", Refusal<InvalidDataException>(model));
    }

    [Fact]
    public void Sizes_times_stored_numbers_are_sizes()
    {
        // As a file has it that is made for images of any size: half of each, by fractions.
        var model = Model(13, [0, 3, 8, 8], ["y"], Node("Conv", ["x", "w"], ["f"]), Node("Shape", ["f"], ["s"]),
            Node("Slice", ["s", "two", "four"], ["hw"]), Node("Cast", ["hw"], ["r"], Int("to", 1)), Node("Mul", ["r", "half"], ["m"]),
            Node("Cast", ["m"], ["c"], Int("to", 7)), Node("Slice", ["s", "zero", "two"], ["nc"]),
            Node("Concat", ["nc", "c"], ["sizes"], Int("axis", 0)), Node("Resize", ["f", "", "", "sizes"], ["y"]))
            .With(Numbers("w", [4, 3, 1, 1], Spread(12)), Numbers("half", [2], 0.5f, 0.25f), Whole("zero", 0), Whole("two", 2),
                Whole("four", 4));
        Assert.Equal([Shape.Unknown, 4, 4, 2], Read(model).Build()["output"].Shape);
    }

    [Fact]
    public void Groups_of_zero_are_refused()
    {
        var model = Small();
        model.Graph.Node[0].Attribute.Add(Int("group", 0));
        Assert.StartsWith("the_Conv (Conv): ", Refusal<GraphException>(model), StringComparison.Ordinal);
    }

    [Fact]
    public void A_declared_size_beyond_the_file_is_refused_before_it_is_allocated()
    {
        var model = Small();
        model.Graph.Initializer[0] = new TensorProto
        {
            Name = "w",
            DataType = (int)ElementType.Float,
            Dims = { 1 << 30, 3, 3, 3 },
            RawData = ByteString.CopyFrom(new byte[432]),
        };
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("m.onnx: tensor 'w' holds 432 bytes, its shape [1073741824,3,3,3] of Float needs 115964116992.",
            Refusal<InvalidDataException>(model));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 22);
    }

    [Fact]
    public void A_size_that_a_node_declares_is_not_allocated_either()
    {
        var model = Behind(Small(), Node("ConstantOfShape", ["huge"], ["z"], Stored("value", Whole("one", 1))),
            Node("Reshape", ["f", "z"], ["y"])).With(Whole("huge", int.MaxValue));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith("the_Reshape (Reshape): ", Refusal<GraphException>(model), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 22);
    }

    [Theory]
    [InlineData(new[] { 1, 8, 8 }, "Float[1,8,8]"), InlineData(new[] { 1, 3, 4, 8, 8 }, "Float[1,3,4,8,8]"),
    InlineData(new int[] { 0 }, "Float[?]")]
    public void An_input_that_is_no_image_is_named(int[] shape, string found) => Assert.Equal(
        $"m.onnx: takes 'x' {found}, needs one input of images, Float[batch,channels,height,width], with a number of channels that is "
            + "known. Is it a network for images?",
        Refusal<InvalidDataException>(Model(13, shape, ["y"], Node("Relu", ["x"], ["y"]))));

    [Fact]
    public void An_input_of_integers_is_named()
    {
        var model = Small();
        model.Graph.Input[0].Type.TensorType.ElemType = (int)ElementType.Int8;
        model.Graph.Node.Insert(0, Node("Cast", ["x"], ["x.float"], Int("to", 1)));
        model.Graph.Node[1].Input[0] = "x.float";
        Assert.StartsWith("m.onnx: takes 'x' Int8[1,3,8,8], needs one input of images, Float[", Refusal<InvalidDataException>(model),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_inputs_those_count_that_the_value_wanted_depends_on()
    {
        var model = Behind(Small(), Node("Gemm", ["f", "v"], ["g"], Int("transB", 1)), Node("Mul", ["g", "size"], ["y"]));
        model.Graph.Input.Add(Info("size", [1, 1]));
        Assert.StartsWith("m.onnx: takes 'x' Float[1,3,8,8], 'size' Float[1,1], needs one input of images",
            Refusal<InvalidDataException>(model), StringComparison.Ordinal);
        Assert.Equal([Shape.Unknown, 5], Read(model, output: "g").Build()["output"].Shape);
    }

    [Fact]
    public void An_output_that_depends_on_no_image_is_refused() => Assert.StartsWith("m.onnx: takes nothing, needs one input of images",
        Refusal<InvalidDataException>(Behind(Small(), Node("Relu", ["v"], ["y"]))), StringComparison.Ordinal);

    [Fact]
    public void Sizes_that_only_the_image_decides_are_known_once_its_size_is()
    {
        var model = Model(13, [0, 3, 0, 0], ["y"], Node("Conv", ["x", "w"], ["c"], Ints("pads", 1, 1, 1, 1)),
            Node("MaxPool", ["c"], ["p"], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)), Node("Flatten", ["p"], ["f"]),
            Node("Gemm", ["f", "v"], ["y"], Int("transB", 1)))
            .With(Numbers("w", [4, 3, 3, 3], Spread(108)), Numbers("v", [5, 16], Spread(80)));
        var network = Read(model);
        Assert.Null(network.Takes);
        Assert.Equal([Shape.Unknown, 5], network.Build(4, 4, 3)["output"].Shape);
        Assert.Equal("the_Gemm (Gemm): input has 64 features, weight [5,16] takes 16. Is the input size the one the network was made for?",
            Assert.Throws<GraphException>(() => network.Build(8, 8, 3)).Message);
    }

    [Fact]
    public void A_size_that_the_numbers_of_the_image_decide_is_named()
    {
        var model = Behind(Small(), Node("Cast", ["f"], ["i"], Int("to", 7)), Node("Reshape", ["f", "i"], ["y"]));
        Assert.Equal("the_Reshape (Reshape): input 1 ('i') must be known before the graph runs, but comes from 'the_GlobalAveragePool' "
            + "(GlobalAveragePool), which is computed only then.",
            Refusal<GraphException>(model));
    }

    [Fact]
    public void Names_given_twice_are_refused()
    {
        var twice = Small().With(Numbers("w", [4, 3, 3, 3], Spread(108)));
        Assert.Equal("value 'w': is declared twice in m.onnx; names are unique.", Refusal<GraphException>(twice));
        var inputs = Small();
        inputs.Graph.Input.Add(Info("x", [1, 3, 8, 8]));
        Assert.Equal("value 'x': is declared twice in m.onnx; names are unique.", Refusal<GraphException>(inputs));
    }

    [Fact]
    public void A_loop_of_nodes_is_named() => Assert.Equal("the_Relu (Relu): depends on its own output 'b'; a graph has no cycles.",
        Refusal<GraphException>(Behind(Small(), Node("Add", ["f", "b"], ["a"]), Node("Relu", ["a"], ["b"]),
            Node("Gemm", ["b", "v"], ["y"], Int("transB", 1)))));

    public void Dispose() => folder.Dispose();
}
