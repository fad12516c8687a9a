using Google.Protobuf;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Graphs.Onnx;

/// <summary>Functions that a file defines itself, as exporters write modules; the truth is ONNX Runtime on the file as it is.</summary>
[Trait("Category", "Runtime")]
public sealed class LocalFunctionsTests
{
    const string Domain = "modules";

    static FunctionProto Function(string name, string[] inputs, string[] outputs, params NodeProto[] nodes) => new()
    {
        Name = name,
        Domain = Domain,
        Input = { inputs },
        Output = { outputs },
        Node = { nodes },
        OpsetImport = { new OperatorSetIdProto { Version = 17 }, new OperatorSetIdProto { Domain = Domain, Version = 1 } },
    };

    static NodeProto Call(string name, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = Node(name, inputs, outputs, attributes);
        node.Domain = Domain;
        return node;
    }

    static AttributeProto Argument(string name, string of, AttributeProto.Types.AttributeType type) =>
        new() { Name = name, RefAttrName = of, Type = type };

    static ModelProto Model(FunctionProto[] functions, params NodeProto[] nodes)
    {
        var model = Files.Model(17, [2, 3, 4, 4], ["y"], nodes).With(
            Numbers("w", [4, 3, 1, 1], [.. Enumerable.Range(0, 12).Select(i => i - 5f)]),
            Numbers("v", [4, 4, 1, 1], [.. Enumerable.Range(0, 16).Select(i => 3f - i)]));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = 1 });
        model.Functions.Add(functions);
        return model;
    }

    static readonly FunctionProto leaky = Function("Leaky", ["a"], ["b"],
        Node("LeakyRelu", ["a"], ["b"], Argument("alpha", "slope", AttributeProto.Types.AttributeType.Float)));

    // Leaky within it; the value 'm' of each call is another.
    static readonly FunctionProto block = Function("Block", ["x", "kernel"], ["out", "m"], Node("Conv", ["x", "kernel"], ["m"]),
        Call("Leaky", ["m"], ["out"], Argument("slope", "slope", AttributeProto.Types.AttributeType.Float)));

    static void AssertSame(ModelProto model)
    {
        var bytes = model.Named().ToByteArray();
        var expected = Run(bytes, [2, 3, 4, 4]);
        var read = OnnxFile.Read(bytes).Graph;
        Assert.Equal(expected.Elements<float>().ToArray(), Run(OnnxFile.Write(read), [2, 3, 4, 4]).Elements<float>().ToArray());
    }

    [Fact]
    public void Functions_within_functions_are_their_nodes_with_what_each_call_hands_in()
    {
        var model = Model([leaky, block], Call("Block", ["x", "w"], ["h", "unused"], Float("slope", 0.5f)),
            Call("Block", ["h", "v"], ["z", "before"], Float("slope", 0.25f)), Node("Add", ["z", "before"], ["y"]));
        AssertSame(model);
        var graph = OnnxFile.Read(model.ToByteArray()).Graph;
        Assert.Equal(["v", "w"], graph.Parameters.Where(parameter => parameter.IsTrainable).Select(graph.NameOf).Order());
        Assert.Equal([0.5f, 0.25f],
            graph.Nodes.Where(node => node.Operator.Type == "LeakyRelu").Select(node => node.Attributes.Float("alpha")));
        Assert.Contains("the_Block_0/the_Conv", graph.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void What_a_call_leaves_out_is_the_functions_own_default_or_nothing()
    {
        var own = leaky.Clone();
        own.AttributeProto.Add(Float("slope", 0.75f));
        AssertSame(Model([own], Call("Leaky", ["x"], ["h"]), Call("Leaky", ["h"], ["y"], Float("slope", 2))));
        // LeakyRelu's own alpha is 0.01.
        AssertSame(Model([leaky], Call("Leaky", ["x"], ["y"])));
        var clip = Function("Bound", ["a", "low", "high"], ["b"], Node("Clip", ["a", "low", "high"], ["b"]));
        AssertSame(Model([clip], Node("Constant", [], ["high"], Float("value_float", 0.5f)), Call("Bound", ["x", "", "high"], ["y"])));
    }

    [Fact]
    public void A_function_is_read_in_its_own_operator_set()
    {
        // In operator set 12 the axes of Squeeze are an attribute, from 13 on an input.
        var old = Function("Flat", ["a"], ["b"], Node("GlobalAveragePool", ["a"], ["p"]),
            Node("Squeeze", ["p"], ["b"], Ints("axes", 2, 3)));
        old.OpsetImport[0].Version = 12;
        var read = OnnxFile.Read(Model([old], Call("Flat", ["x"], ["y"])).ToByteArray()).Graph;
        Assert.Equal([2, 3], read["y"].Shape);
        old.OpsetImport[0].Version = 3;
        Assert.Contains("is written in ONNX operator set 3, needs 7 to", Assert.Throws<InvalidDataException>(
            () => OnnxFile.Read(Model([old], Call("Flat", ["x"], ["y"])).ToByteArray())).Message);
    }

    [Fact]
    public void A_function_may_hand_on_what_it_is_given_and_takes_no_more_than_it_says()
    {
        var same = Function("Same", ["a"], ["a"]);
        var read = OnnxFile.Read(Model([same], Call("Same", ["x"], ["h"]), Node("Relu", ["h"], ["y"])).ToByteArray()).Graph;
        Assert.Equal([2, 3, 4, 4], read["y"].Shape);
        Assert.Contains("the_Leaky (Leaky): is given 2 inputs, its function in m.onnx takes 1.", Assert.Throws<GraphException>(
            () => OnnxFile.Read(Model([leaky], Call("Leaky", ["x", "w"], ["y"])).ToByteArray(), "m.onnx")).Message);
    }

    [Fact]
    public void Functions_are_called_within_branches_too()
    {
        var branch = new AttributeProto
        {
            Name = "then_branch",
            Type = AttributeProto.Types.AttributeType.Graph,
            G = new() { Name = "t", Node = { Call("Leaky", ["x"], ["s"], Float("slope", 0.5f)) }, Output = { Info("s", null) } },
        };
        var other = branch.Clone();
        (other.Name, other.G.Node[0]) = ("else_branch", Node("Identity", ["x"], ["s"]));
        AssertSame(Model([leaky], Node("Constant", [], ["yes"], Stored("value", new TensorProto { DataType = 9, Int32Data = { 1 } })),
            Node("If", ["yes"], ["y"], branch, other)));
    }

    [Fact]
    public void Functions_that_call_themselves_or_double_without_end_are_refused()
    {
        var itself = Function("Round", ["a"], ["b"], Call("Round", ["a"], ["b"]));
        Assert.Contains("is a function that m.onnx defines by itself, or by too many others.",
            Assert.Throws<GraphException>(
                () => OnnxFile.Read(Model([itself], Call("Round", ["x"], ["y"])).ToByteArray(), "m.onnx")).Message);
        FunctionProto[] doubling = [.. Enumerable.Range(0, 40).Select(level => Function($"F{level}", ["a"], ["c"],
            level == 0 ? [Node("Relu", ["a"], ["c"])] : [Call($"F{level - 1}", ["a"], ["b"]), Call($"F{level - 1}", ["b"], ["c"])]))];
        Assert.Contains("too many others",
            Assert.Throws<GraphException>(() => OnnxFile.Read(Model(doubling, Call("F39", ["x"], ["y"])).ToByteArray())).Message);
        // Few calls of many nodes, or of many numbers, are as many.
        var wide = Function("Wide", ["a"], ["b"], [.. Enumerable.Repeat(Node("Relu", ["a"], [""]), 60_000), Node("Relu", ["a"], ["b"])]);
        Assert.Contains("too many others", Assert.Throws<GraphException>(() => OnnxFile.Read(
            Model([wide], Call("Wide", ["x"], ["h"]), Call("Wide", ["h"], ["y"])).ToByteArray())).Message);
    }
}
