using Google.Protobuf;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Graphs.Onnx;

/// <summary>ONNX Runtime runs the quantised file as it is; ours differs by no more than half a step of each rounding.</summary>
[Trait("Category", "Runtime")]
public class QuantisationTests
{
    static readonly int[] Image = [2, 3, 4, 4];

    static TensorProto Integers(string name, ElementType type, long[] shape, params int[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        tensor.Dims.Add(shape);
        tensor.Int32Data.Add(values);
        return tensor;
    }

    static int[] Spread(int count, int from, int to) => [.. Enumerable.Range(0, count).Select(i => from + i * 37 % (to - from + 1))];

    static NodeProto Named(string name, NodeProto node) => new(node) { Name = name };

    static ModelProto Weights(ElementType type, bool perChannel) => Model(13, Image, ["y"],
        Named("weight", Node("DequantizeLinear", ["q", "s", "z"], ["w"], Int("axis", 0))),
        Named("bias", Node("DequantizeLinear", ["qb", "sb"], ["b"])), Node("Conv", ["x", "w", "b"], ["y"])).With(
        Integers("q", type, [2, 3, 2, 2], type == ElementType.Int8 ? Spread(24, -128, 127) : Spread(24, 0, 255)),
        perChannel ? Numbers("s", [2], 0.01f, 0.03f) : Numbers("s", [], 0.02f),
        perChannel ? Integers("z", type, [2], 3, 7) : Integers("z", type, [], 5),
        Integers("qb", ElementType.Int32, [2], -1000, 70000), Numbers("sb", [], 0.001f));

    [Theory, MemberData(nameof(Kinds))]
    public void Weights_become_what_they_stand_for(ElementType type, bool perChannel)
    {
        var file = Weights(type, perChannel).ToByteArray();
        var model = OnnxFile.Read(file, "m.onnx");
        Assert.Equal(["w", "b"], model.Graph.Parameters.Where(weight => weight.IsTrainable).Select(weight => weight.Name));
        Assert.Equal("m.onnx is quantised: 2 stored tensors of integers were widened to float32, and 0 roundings of activations were left "
            + "out but for their clipping. Scores differ a little from the file's.", Assert.Single(model.Warnings));
        AssertNear(Run(file, Image), Run(OnnxFile.Write(model.Graph), Image), 1e-4f);
    }

    public static TheoryData<ElementType, bool> Kinds =>
        new() { { ElementType.Int8, false }, { ElementType.Int8, true }, { ElementType.UInt8, false }, { ElementType.UInt8, true } };

    [Theory, InlineData(ElementType.UInt8, 100), InlineData(ElementType.Int8, -128)]
    public void Activations_keep_the_clipping_and_lose_the_rounding(ElementType type, int zero)
    {
        const float Step = 0.02f;
        var file = Model(13, Image, ["y"], Node("QuantizeLinear", ["x", "s", "z"], ["q"]), Node("DequantizeLinear", ["q", "s", "z"], ["y"]))
            .With(Numbers("s", [], Step), Integers("z", type, [], zero)).ToByteArray();
        var model = OnnxFile.Read(file, "m.onnx");
        Assert.Equal(["Clip"], model.Graph.Nodes.Select(node => node.Operator.Type));
        Assert.Contains("1 roundings of activations", Assert.Single(model.Warnings), StringComparison.Ordinal);
        AssertNear(Run(file, Image), Run(OnnxFile.Write(model.Graph), Image), Step / 2 + 1e-5f);
    }

    [Fact]
    public void Weights_that_are_rounded_while_running_stay_weights()
    {
        var model = OnnxFile.Read(Model(13, Image, ["y"], Node("QuantizeLinear", ["w", "s", "z"], ["q"]),
            Node("DequantizeLinear", ["q", "s", "z"], ["v"]), Node("Conv", ["x", "v"], ["y"]))
            .With(Numbers("w", [1, 3, 1, 1], 1, 2, 3), Numbers("s", [], 0.1f), Integers("z", ElementType.Int8, [], 0)).ToByteArray());
        Assert.Equal("w", Assert.Single(model.Graph.Parameters).Name);
    }

    [Fact]
    public void Files_that_are_not_quantised_warn_of_nothing() =>
    Assert.Empty(OnnxFile.Read(Model(13, [2], ["y"], Node("Relu", ["x"], ["y"])).ToByteArray()).Warnings);

    [Fact]
    public void Other_kinds_of_quantisation_are_named()
    {
        static string Refusal(ModelProto model) =>
            Assert.Throws<GraphException>(() => OnnxFile.Read(model.ToByteArray(), "m.onnx")).Message;
        var unequal = Model(13, [2], ["y"], Node("QuantizeLinear", ["x", "s"], ["q"]), Node("DequantizeLinear", ["q", "t"], ["y"]))
            .With(Numbers("s", [], 0.1f), Numbers("t", [], 0.2f));
        Assert.Equal("the_DequantizeLinear (DequantizeLinear): undoes 'the_QuantizeLinear' (QuantizeLinear) with another scale or zero "
            + "point, needs the same; in m.onnx.", Refusal(unequal));
        var blocks = Model(21, [2], ["y"], Node("DequantizeLinear", ["q", "s"], ["y"], Int("block_size", 2)))
            .With(Integers("q", ElementType.Int8, [4], 1, 2, 3, 4), Numbers("s", [2], 1, 2));
        Assert.Equal("the_DequantizeLinear (DequantizeLinear): is quantised in blocks, needs one scale, or one per channel. Export it "
            + "that way, or in float; in m.onnx.", Refusal(blocks));
        var count = Model(13, [2], ["y"], Node("DequantizeLinear", ["q", "s"], ["y"], Int("axis", 0)))
            .With(Integers("q", ElementType.Int8, [4], 1, 2, 3, 4), Numbers("s", [3], 1, 2, 3));
        Assert.Equal("the_DequantizeLinear (DequantizeLinear): has 3 scales and 0 zero points for axis 0 of [4]; needs one, or one for "
            + "each; in m.onnx.", Refusal(count));
        Assert.Equal("the_QLinearConv (QLinearConv): m.onnx uses operator 'QLinearConv' (operator set 13), which is not read here. It is "
            + "quantised to compute with integers: export it as it was before, or in the QDQ format, with QuantizeLinear and "
            + "DequantizeLinear around other operators.", Refusal(Model(13, [2], ["y"], Node("QLinearConv", ["x"], ["y"]))));
    }

    static void AssertNear(Tensor expected, Tensor found, float tolerance)
    {
        Assert.Equal(expected.Shape, found.Shape);
        var (all, ours) = (expected.Elements<float>().ToArray(), found.Elements<float>().ToArray());
        for (var i = 0; i < all.Length; i++)
            Assert.InRange(ours[i], all[i] - tolerance, all[i] + tolerance);
    }
}
