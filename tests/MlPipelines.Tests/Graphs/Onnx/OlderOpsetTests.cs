using Google.Protobuf;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Graphs.Onnx;

/// <summary>ONNX Runtime computes the same for a file of any operator set as it is, and read and written again in opset 17.</summary>
[Trait("Category", "Runtime")]
public class OlderOpsetTests
{
    static readonly int[] Image = [2, 3, 4, 6];

    static ModelProto One(int opset, string type, string[] inputs, params AttributeProto[] attributes) =>
        Model(opset, Image, ["y"], Node(type, inputs, ["y"], attributes));

    static readonly Dictionary<string, Func<ModelProto>> Models = new()
    {
        ["Clip-6"] = () => One(7, "Clip", ["x"], Float("min", -1), Float("max", 2)),
        ["Clip-6 of one side"] = () => One(9, "Clip", ["x"], Float("max", 0.5f)),
        ["Clip-13"] = () => One(13, "Clip", ["x", "", "most"]).With(Numbers("most", [], 1)),
        ["Slice-1"] = () => One(9, "Slice", ["x"], Ints("starts", 1, -3), Ints("ends", 3, 100), Ints("axes", 1, 3)),
        ["Pad-2"] = () => One(7, "Pad", ["x"], Ints("pads", 0, 0, 1, 2, 0, 0, 3, 0), Float("value", 7), Text("mode", "constant")),
        ["Pad-2 reflect"] = () => One(7, "Pad", ["x"], Ints("pads", 0, 0, 1, 2, 0, 0, 1, 0), Text("mode", "reflect")),
        ["Pad-18 with axes"] = () => One(18, "Pad", ["x", "pads", "", "axes"]).With(Whole("pads", 1, 2, 0, 1), Whole("axes", -1, 2)),
        ["Squeeze-1 of Unsqueeze-1"] = () =>
            Model(8, Image, ["y"], Node("Unsqueeze", ["x"], ["u"], Ints("axes", 0, 3)), Node("Squeeze", ["u"], ["y"], Ints("axes", 0))),
        ["ReduceSum-1"] = () => One(11, "ReduceSum", ["x"], Ints("axes", 2, 3), Int("keepdims", 0)),
        ["ReduceMean-18"] = () => One(18, "ReduceMean", ["x", "axes"], Int("keepdims", 0)).With(Whole("axes", -1, -2)),
        ["ReduceMax-18"] = () => One(18, "ReduceMax", ["x", "axes"]).With(Whole("axes", 1)),
        ["ReduceMean-18 of nothing"] = () => One(18, "ReduceMean", ["x"], Int("noop_with_empty_axes", 1)),
        ["Dropout-7"] = () => One(7, "Dropout", ["x"], Float("ratio", 0.3f)),
        ["Dropout-12 with a mask"] = () =>
            Model(12, Image, ["y"], Node("Dropout", ["x", "ratio"], ["y", "mask"])).With(Numbers("ratio", [], 0.3f)),
        ["Split-2"] = () => Model(7, Image, ["b"], Node("Split", ["x"], ["a", "b"], Int("axis", 1), Ints("split", 1, 2))),
        ["Split-13 without sizes"] = () => Model(13, Image, ["b"], Node("Split", ["x"], ["a", "b"], Int("axis", 2))),
        ["Split-18"] = () => Model(18, Image, ["b"], Node("Split", ["x"], ["a", "b"], Int("axis", -3), Int("num_outputs", 2))),
        ["Softmax-1 over several axes"] = () => One(7, "Softmax", ["x"]),
        ["Softmax-11 over the last axis"] = () => One(11, "Softmax", ["x"], Int("axis", -1)),
        ["LogSoftmax-1"] = () => One(9, "LogSoftmax", ["x"], Int("axis", 2)),
        ["Softmax-13"] = () => One(13, "Softmax", ["x"], Int("axis", 1)),
        ["Upsample-7"] = () => One(8, "Upsample", ["x"], Text("mode", "nearest"), Floats("scales", 1, 1, 2, 3)),
        ["Upsample-9"] = () => One(9, "Upsample", ["x", "scales"], Text("mode", "linear")).With(Numbers("scales", [4], 1, 1, 2, 2)),
        ["Resize-10"] = () => One(10, "Resize", ["x", "scales"], Text("mode", "nearest")).With(Numbers("scales", [4], 1, 1, 2, 1.5f)),
        ["Resize-11"] = () =>
            One(11, "Resize", ["x", "roi", "scales"], Text("mode", "linear"), Text("coordinate_transformation_mode", "align_corners"))
            .With(Numbers("roi", [0]), Numbers("scales", [4], 1, 1, 2, 2)),
        ["Resize-13 by sizes"] = () => One(13, "Resize", ["x", "", "", "sizes"], Text("mode", "nearest")).With(Whole("sizes", 2, 3, 8, 9)),
        ["Resize-18 with axes"] = () =>
            One(18, "Resize", ["x", "", "", "sizes"], Text("mode", "linear"), Ints("axes", 2, 3)).With(Whole("sizes", 8, 9)),
        ["Resize-19 of a part with axes"] = () =>
            One(19, "Resize", ["x", "roi", "", "sizes"], Text("mode", "linear"),
                Text("coordinate_transformation_mode", "tf_crop_and_resize"), Ints("axes", 3, 2))
            .With(Numbers("roi", [4], 0.2f, 0.4f, 0.6f, 0.8f), Whole("sizes", 8, 9)),
        ["Pow-15 of a whole exponent"] = () => Model(15, Image, ["y"], Node("Cast", ["x"], ["i"], Int("to", 6)), Node("Abs", ["i"], ["e"]),
            Node("Pow", ["x", "e"], ["y"])),
        ["Tile-13"] = () => One(13, "Tile", ["x", "repeats"]).With(Whole("repeats", 2, 1, 3, 2)),
        ["Tile-13 of single places"] = () =>
            Model(13, Image, ["y"], Node("GlobalAveragePool", ["x"], ["p"]), Node("Tile", ["p", "repeats"], ["y"]))
            .With(Whole("repeats", 1, 1, 3, 2)),
        ["ReduceMax-20 of truth"] = () =>
            Model(20, Image, ["y"], Node("Greater", ["x", "one"], ["g"]), Node("ReduceMax", ["g", "axes"], ["m"]),
                Node("Cast", ["m"], ["y"], Int("to", 1))).With(Numbers("one", [], 1), Whole("axes", 1)),
        ["ReduceMin-20 of truth"] = () =>
            Model(20, Image, ["y"], Node("Greater", ["x", "one"], ["g"]), Node("ReduceMin", ["g", "axes"], ["m"], Int("keepdims", 0)),
                Node("Cast", ["m"], ["y"], Int("to", 1))).With(Numbers("one", [], -2), Whole("axes", 2)),
        ["BatchNormalization-15 in training"] = () =>
            Model(15, Image, ["y"], Node("BatchNormalization", ["x", "s", "b", "m", "v"], ["y", "n", "w"], Int("training_mode", 1)))
            .With(Numbers("s", [3], 1, 2, 3), Numbers("b", [3], 0, 1, 2), Numbers("m", [3], 1, 0, 1), Numbers("v", [3], 1, 2, 3)),
        ["Gelu-20"] = () => One(20, "Gelu", ["x"]),
        ["Gelu-20 by tanh"] = () => One(20, "Gelu", ["x"], Text("approximate", "tanh")),
        ["Mish-18"] = () => One(18, "Mish", ["x"]),
        ["AveragePool-19"] = () =>
            One(19, "AveragePool", ["x"], Ints("kernel_shape", 2, 2), Ints("dilations", 1, 1), Ints("pads", 1, 0, 0, 1)),
        ["BatchNormalization-7"] = () =>
            One(7, "BatchNormalization", ["x", "s", "b", "m", "v"], Float("epsilon", 0.01f))
            .With(Numbers("s", [3], 1, 2, 3), Numbers("b", [3], 0, 1, 2), Numbers("m", [3], 1, 0, 1), Numbers("v", [3], 1, 2, 3)),
        ["Constant and Identity"] = () =>
            Model(13, Image, ["y"], Node("Constant", [], ["c"], Floats("value_floats", 1, 2, 3, 4, 5, 6)), Node("Identity", ["c"], ["d"]),
                Node("Mul", ["x", "d"], ["y"])),
        ["Shape-15"] = () =>
            Model(15, Image, ["y"], Node("Shape", ["x"], ["s"], Int("end", 2)), Node("Concat", ["s", "rest"], ["t"], Int("axis", 0)),
                Node("Reshape", ["x", "t"], ["y"])).With(Whole("rest", -1)),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Computes_what_the_file_computed(string model)
    {
        var bytes = Models[model]().ToByteArray();
        var written = OnnxFile.Write(OnnxFile.Read(bytes).Graph);
        var (before, after) = (Run(bytes, Image), Run(written, Image));
        Assert.Equal(before.Shape, after.Shape);
        Assert.Equal(before.Elements<float>().ToArray(), after.Elements<float>().ToArray(), (x, y) => Math.Abs(x - y) <= 1e-5);
    }

    [Theory, MemberData(nameof(Names))]
    public void Is_read_again_as_it_was_written(string model)
    {
        var graph = OnnxFile.Read(Models[model]().ToByteArray()).Graph;
        Assert.Equal(GraphText.Of(graph), GraphText.Of(OnnxFile.Read(OnnxFile.Write(graph)).Graph));
    }

    [Fact]
    public void Half_precision_models_are_read_in_single_precision()
    {
        var model = One(13, "Mul", ["h", "w"]);
        var half = new TensorProto { Name = "w", DataType = (int)ElementType.Float16 };
        half.Int32Data.Add(BitConverter.HalfToUInt16Bits((Half)1.5f));
        half.Dims.Add(1);
        model.Graph.Node.Insert(0, Node("Cast", ["x"], ["h"], Int("to", (long)ElementType.Float16)));
        var graph = OnnxFile.Read(model.With(half).ToByteArray()).Graph;
        Assert.Equal(["Mul"], graph.Nodes.Select(node => node.Operator.Type));
        Assert.Equal([1.5f], graph.Parameters[0].Initializer!.Content!.Elements<float>().ToArray());
        Assert.Equal(ElementType.Float, graph["y"].Type);
    }
}
