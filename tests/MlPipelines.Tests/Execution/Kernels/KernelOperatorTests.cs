using Google.Protobuf;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Execution.Kernels;

/// <summary>The kernels as nodes of a model; ONNX Runtime's own nodes are the reference where it has them.</summary>
[Trait("Category", "Runtime")]
public class KernelOperatorTests
{
    static readonly Tensor X = Tensor.Of([2, 6, 9, 8], Trial.Numbers(864, 1));

    [Theory]
    [InlineData("")]
    [InlineData("Relu")]
    public void Conv_agrees_with_the_runtimes_own(string activation)
    {
        var (w, b) = (Tensor.Of([9, 2, 3, 2], Trial.Numbers(108, 2)), Tensor.Vector(Trial.Numbers(9, 3)));
        AttributeProto[] attributes = [Ints("strides", 2, 1), Ints("pads", 1, 0, 2, 1), Ints("dilations", 1, 2), Int("group", 3)];
        NodeProto[] nodes =
        [
            Models.Node("Conv", ["x", "w", "b"], [activation == "" ? "expected" : "sum"], "", attributes),
            Models.Node("DirectConv", ["x", "w", "b"], ["actual"], "mlpipelines", [.. attributes, Text("activation", activation)]),
        ];
        if (activation != "")
            nodes = [.. nodes, Models.Node("Relu", ["sum"], ["expected"])];
        var results = Run(nodes, ["expected", "actual"], ("x", X), ("w", w), ("b", b));
        Assert.True(results[0].Shape == results[1].Shape);
        Near(results[0], results[1]);
    }

    [Fact]
    public void Gradients_of_Conv_fulfil_the_dot_product_identity()
    {
        var (w, dy) = (Tensor.Of([9, 2, 3, 3], Trial.Numbers(162, 2)), Tensor.Of([2, 9, 5, 8], Trial.Numbers(720, 3)));
        AttributeProto[] attributes = [Ints("strides", 2, 1), Ints("pads", 1, 1, 1, 1), Int("group", 3)];
        var results = Run(
            [
                Models.Node("DirectConv", ["x", "w"], ["y"], "mlpipelines", attributes),
                Models.Node("ConvInputGradient", ["dy", "w"], ["dx"], "mlpipelines", [.. attributes, Ints("input_shape", 6, 9, 8)]),
                Models.Node("ConvWeightGradient", ["x", "dy"], ["dw"], "mlpipelines", [.. attributes, Ints("kernel_shape", 3, 3)]),
            ], ["y", "dx", "dw"], ("x", X), ("w", w), ("dy", dy));
        var expected = Dot(results[0], dy);
        Assert.Equal(expected, Dot(results[1], X), 1e-3);
        Assert.Equal(expected, Dot(results[2], w), 1e-3);
        Assert.True(results[1].Shape == X.Shape && results[2].Shape == w.Shape);
    }

    [Fact]
    public void Pooling_and_elementwise_nodes_run()
    {
        var results = Run(
            [
                Models.Node("MaxPool", ["x"], ["y"], "", Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)),
                Models.Node("MaxPoolGradient", ["x", "y", "y"], ["max"], "mlpipelines", Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)),
                Models.Node("AveragePoolGradient", ["y"], ["average"], "mlpipelines", Ints("kernel_shape", 2, 2), Ints("strides", 2, 2),
                    Ints("input_shape", 6, 9, 8)),
                Models.Node("GlobalAveragePool", ["x"], ["means"]),
                Models.Node("GlobalAveragePoolGradient", ["means"], ["global"], "mlpipelines", Ints("input_shape", 6, 9, 8)),
                Models.Node("Relu", ["x"], ["r"]),
                Models.Node("ReluGradient", ["r", "x"], ["relu"], "mlpipelines"),
                Models.Node("ChannelSum", ["x"], ["sums"], "mlpipelines"),
                Models.Node("BatchNormalizationTraining", ["x", "one", "one"], ["normal", "mean", "variance"], "mlpipelines"),
                Models.Node("BatchNormalizationGradient", ["x", "x", "one", "mean", "variance"], ["dx", "dscale", "dbias"], "mlpipelines"),
            ], ["y", "max", "average", "means", "global", "r", "relu", "sums", "normal", "dbias"], ("x", X),
            ("one", Tensor.Vector(1f, 1, 1, 1, 1, 1)));
        var sum = Sum(results[0]);
        Assert.Equal(sum, Sum(results[1]), 1e-3);
        Assert.Equal(sum, Sum(results[2]), 1e-3);
        Assert.Equal(Sum(results[3]), Sum(results[4]), 1e-3);
        Near(results[5], results[6]);
        Assert.Equal(Sum(X), Sum(results[7]), 1e-3);
        Assert.Equal(X.Elements<float>().Length, Sum(results[8]), 1e-2);
        Near(results[7], results[9]);
    }

    [Fact]
    public void Optimizer_nodes_step()
    {
        var (one, zero, rate) = (Tensor.Vector(1f, 1, 1), Tensor.Vector(0f, 0, 0), Tensor.Vector(.5f));
        var results = Run(
            [
                Models.Node("SgdUpdate", ["one", "one", "zero", "rate", "inertia"], ["w", "v"], "mlpipelines"),
                Models.Node("RMSpropUpdate", ["one", "one", "one", "rate"], ["rw", "ra"], "mlpipelines"),
                Models.Node("AdamUpdate", ["one", "one", "one", "one", "rate", "inertia", "rate"], ["mw", "mm", "mv"], "mlpipelines"),
                Models.Node("AdamUpdate", ["one", "one", "one", "one", "rate", "inertia"], ["pw", "pm", "pv"], "mlpipelines"),
                Models.Node("AdadeltaUpdate", ["one", "one", "one", "one", "rate"], ["dw", "da", "dd"], "mlpipelines"),
            ], ["w", "v", "rw", "mw", "pw", "dw"], ("one", one), ("zero", zero), ("rate", rate), ("inertia", Tensor.Vector(.9f)));
        foreach (var (at, expected) in new[] { .5f, -.5f, .5f, 0, .5f, .5f }.Index())
            Assert.All(results[at].Elements<float>().ToArray(), value => Assert.Equal(expected, value, 1e-5f));
    }

    [Fact]
    public void A_shape_that_does_not_fit_ends_the_run_with_its_message()
    {
        var error = Assert.Throws<NativeException>(() =>
            Run([Models.Node("DirectConv", ["x", "w"], ["y"], "mlpipelines")], ["y"], ("x", X),
                ("w", Tensor.Zeros(ElementType.Float, [4, 5, 3, 3]))));
        Assert.Contains("got 6 channels", error.Message);
    }

    static Tensor[] Run(NodeProto[] nodes, string[] outputs, params (string Name, Tensor Value)[] inputs)
    {
        var model = ModelProto.Parser.ParseFrom(Models.Of(nodes, [.. inputs.Select(i => i.Name)], outputs));
        foreach (var (name, value) in inputs)
            model.Graph.Input.Single(i => i.Name == name).Type.TensorType.ElemType = (int)value.Type;
        using var session = new Session(model.ToByteArray(), new SessionSettings { Operators = KernelOperators.All, IntraOpThreads = 2 });
        return session.Run(inputs.ToDictionary(i => i.Name, i => i.Value), outputs);
    }

    static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };
    static AttributeProto Float(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };
    static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };
    static double Sum(Tensor x) => x.Elements<float>().ToArray().Sum(v => (double)v);
    static double Dot(Tensor x, Tensor y) =>
        x.Elements<float>().ToArray().Zip(y.Elements<float>().ToArray(), (a, b) => (double)a * b).Sum();
    static void Near(Tensor expected, Tensor actual) =>
        Trial.Near([.. expected.Elements<float>().ToArray()], actual.Elements<float>().ToArray(), "node");
}
