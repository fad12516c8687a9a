using Google.Protobuf;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Graphs.Onnx;

public class ForeignFileTests
{
    static Graph Read(ModelProto model) => OnnxFile.Read(model.ToByteArray(), "m.onnx").Graph;

    static string Refusal<T>(ModelProto model) where T : Exception => Assert.Throws<T>(() => Read(model)).Message;

    [Fact]
    public void Weights_are_parameters_and_all_else_is_constant()
    {
        var graph = Read(Model(13, [1, 3, 4, 4], ["y"],
            Node("Sub", ["x", "mean"], ["a"]),
            Node("Conv", ["a", "w", "b"], ["c"]),
            Node("BatchNormalization", ["c", "scale", "shift", "average", "variance"], ["d"]),
            Node("Clip", ["d", "", "six"], ["e"]),
            Node("Flatten", ["e"], ["f"]),
            Node("Transpose", ["table"], ["turned"]),
            Node("MatMul", ["f", "turned"], ["g"]),
            Node("Mul", ["g", "half"], ["h"]),
            Node("Reshape", ["h", "target"], ["y"])).With(
            Numbers("mean", [3, 1, 1], 1, 2, 3), Numbers("w", [1, 3, 1, 1], 1, 2, 3), Numbers("b", [1], 1), Numbers("scale", [1], 1),
            Numbers("shift", [1], 1),
            Numbers("average", [1], 1), Numbers("variance", [1], 1), Numbers("six", [], 6), Numbers("table", [1, 16], new float[16]),
            Numbers("half", [], 0.5f), Whole("target", -1)));
        Assert.Equal(["w", "b", "scale", "shift", "table"], graph.Parameters.Where(value => value.IsTrainable).Select(value => value.Name));
        Assert.Equal(["average", "variance"], graph.Parameters.Where(value => !value.IsTrainable).Select(value => value.Name));
        Assert.Equal(["mean", "six", "half", "target"], graph.Constants.Select(value => value.Name));
    }

    [Fact]
    public void Elements_that_are_not_read_are_named()
    {
        var model = Model(19, [1, 2], ["y"], Node("Cast", ["x"], ["y"], Int("to", 17)));
        Assert.Equal("the_Cast (Cast): gives element type 17, which is not read here; needs numbers of 8 bits or more.",
            Refusal<GraphException>(model));
        model.Graph.Input[0].Type.TensorType.ElemType = 17;
        Assert.Equal("input 'x': has element type 17 in m.onnx, which is not read here; needs numbers of 8 bits or more.",
            Refusal<GraphException>(model));
    }

    [Fact]
    public void An_exponent_of_a_type_that_the_runtime_does_not_raise_to_is_turned() => Assert.Equal(["Cast", "Pow"],
        Read(Model(15, [1, 2], ["y"], Node("Pow", ["x", "e"], ["y"])).With(
            new TensorProto { Name = "e", DataType = (int)ElementType.UInt32, Uint64Data = { 2 } })).Nodes
        .Select(node => node.Operator.Type));

    [Fact]
    public void Constants_of_our_own_files_stay_constants()
    {
        var x = Value.Input("x", [1, 3]);
        var graph = new Graph([x], ("y", x * Value.Constant(Tensor.Vector(1f, 2, 3), "scale")));
        Assert.Equal(["scale"], OnnxFile.Read(OnnxFile.Write(graph)).Graph.Constants.Select(value => value.Name));
    }

    [Fact]
    public void Stored_weights_may_be_listed_among_the_inputs()
    {
        var model = Model(8, [1, 2], ["y"], Node("Add", ["x", "w"], ["y"])).With(Numbers("w", [2], 1, 2));
        model.Graph.Input.Add(Info("w", [2]));
        Assert.Equal(["x"], Read(model).Inputs.Select(value => value.Name));
    }

    [Fact]
    public void Symbolic_axes_are_unknown()
    {
        var model = Model(13, [1, 3], ["y"], Node("Relu", ["x"], ["y"]));
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimParam = "batch" };
        Assert.Equal([Shape.Unknown, 3], Read(model)["y"].Shape);
    }

    [Fact]
    public void Nodes_may_stand_in_any_order_and_those_no_output_needs_are_left_out() =>
        Assert.Equal(["Relu", "Exp"],
            Read(Model(13, [2], ["y"], Node("Exp", ["a"], ["y"]), Node("FancyUnused", ["x"], ["z"]), Node("Relu", ["x"], ["a"])))
            .Nodes.Select(node => node.Operator.Type));

    [Fact]
    public void Names_of_nodes_and_values_are_kept()
    {
        var graph = Read(
            Model(13, [2], ["y"], Node("Relu", ["x"], ["/features/0/Relu_output_0"]), Node("Exp", ["/features/0/Relu_output_0"], ["y"])));
        Assert.Equal("the_Relu", graph.Find("/features/0/Relu_output_0").Node!.Name);
    }

    [Fact]
    public void An_unknown_operator_is_named_with_its_node() => Assert.Equal(
        "the_NonMaxSuppression (NonMaxSuppression): m.onnx uses operator 'NonMaxSuppression' (operator set 13), which is not read here. "
            + "Export the model without it.",
        Refusal<GraphException>(Model(13, [2], ["y"], Node("NonMaxSuppression", ["x"], ["y"]))));

    [Fact]
    public void An_operator_of_another_domain_is_named()
    {
        var model = Model(13, [2], ["y"], Node("FusedConv", ["x"], ["y"]));
        model.Graph.Node[0].Domain = "com.microsoft";
        Assert.Equal("the_FusedConv (FusedConv): m.onnx uses operator 'FusedConv' of the domain 'com.microsoft', which is not read here. "
            + "Export the model in ONNX's own operators.", Refusal<GraphException>(model));
    }

    [Fact]
    public void A_cycle_is_refused() => Assert.Equal(
        "the_Add (Add): depends on its own output 'a'; a graph has no cycles.",
        Refusal<GraphException>(
            Model(13, [2], ["y"], Node("Add", ["x", "b"], ["a"]), Node("Relu", ["a"], ["b"]), Node("Exp", ["a"], ["y"]))));

    [Fact]
    public void A_name_that_nothing_computes_is_refused() => Assert.Equal(
        "the_Add (Add): needs 'nowhere', which no node computes and which is neither an input nor stored in m.onnx.",
        Refusal<GraphException>(Model(13, [2], ["y"], Node("Add", ["x", "nowhere"], ["y"]))));

    [Fact]
    public void A_value_computed_twice_is_refused() => Assert.Equal(
        "the_Exp (Exp): its output 'y' is also computed by the_Relu (Relu); a value is computed once.",
        Refusal<GraphException>(Model(13, [2], ["y"], Node("Relu", ["x"], ["y"]), Node("Exp", ["x"], ["y"]))));

    [Fact]
    public void A_mask_that_is_used_is_refused() => Assert.Equal(
        "the_Dropout (Dropout): its output 'mask' is used, but only the first 1 of its outputs are computed here.",
        Refusal<GraphException>(Model(13, [2], ["mask"], Node("Dropout", ["x"], ["y", "mask"]))));

    [Fact]
    public void A_shape_that_does_not_fit_names_the_node() => Assert.Equal(
        "the_Conv (Conv): input has 3 channels, weight [1,2,1,1] takes 2. Is the layer before it the one you meant?",
        Refusal<GraphException>(Model(13, [1, 3, 4, 4], ["y"], Node("Conv", ["x", "w"], ["y"])).With(Numbers("w", [1, 2, 1, 1], 1, 2))));

    [Fact]
    public void A_node_without_its_inputs_is_refused() =>
        Assert.StartsWith("the_Add (Add): ", Refusal<GraphException>(Model(13, [2], ["y"], Node("Add", [], ["y"]))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(6), InlineData(99)]
    public void An_operator_set_out_of_reach_is_refused(int opset) => Assert.Equal(
        $"m.onnx: is written in ONNX operator set {opset}, needs 7 to 25. Convert it with the onnx package's version converter.",
        Refusal<InvalidDataException>(Model(opset, [2], ["y"], Node("Relu", ["x"], ["y"]))));

    [Fact]
    public void A_chain_of_fifty_thousand_nodes_is_read_without_recursion()
    {
        NodeProto[] nodes = [.. Enumerable.Range(0, 50_000).Select(i => Node("Relu", [i == 0 ? "x" : $"v{i}"], [$"v{i + 1}"])).Reverse()];
        Assert.Equal(50_000, Read(Model(13, [2], ["v50000"], nodes)).Nodes.Length);
    }
}
