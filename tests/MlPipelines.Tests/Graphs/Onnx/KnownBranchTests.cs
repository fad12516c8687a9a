using Google.Protobuf;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Graphs.Onnx;

/// <summary>Ifs whose condition follows from sizes, as squeeze is exported; the truth is ONNX Runtime on the file as it is.</summary>
[Trait("Category", "Runtime")]
public sealed class KnownBranchTests
{
    static AttributeProto Branch(string name, string output, TensorProto[] stored, params NodeProto[] nodes) => new()
    {
        Name = name,
        Type = AttributeProto.Types.AttributeType.Graph,
        G = new GraphProto
        {
            Name = name,
            Node = { nodes },
            Initializer = { stored },
            Output = { new ValueInfoProto
        {
            Name = output,
            Type = new() { TensorType = new() { ElemType = 1 } },
        } }
        },
    };

    // Whether the size of an axis of 'p' is 1; takes that axis away if it is.
    static NodeProto[] Squeezed(string value, int axis, string output) =>
    [
        Node("Constant", [], [$"{output}.at"], Int("value_int", axis)),
        Node("Constant", [], [$"{output}.one"], Int("value_int", 1)),
        Node("Shape", [value], [$"{output}.shape"]),
        Node("Gather", [$"{output}.shape", $"{output}.at"], [$"{output}.size"]),
        Node("Equal", [$"{output}.size", $"{output}.one"], [$"{output}.is"]),
        Node("If", [$"{output}.is"], [output],
            Branch("then_branch", "s", [Whole("axes", axis)], Node("Squeeze", [value, "axes"], ["s"])),
            Branch("else_branch", "s", [], Node("Identity", [value], ["s"]))),
    ];

    static void AssertSame(ModelProto model, int[] input)
    {
        var bytes = model.Named().ToByteArray();
        // Where it knows the size before it chooses, ONNX Runtime refuses the branch that does not fit it.
        model.Graph.Input[0] = Info("x", null);
        var expected = Run(model.ToByteArray(), input);
        var actual = Run(OnnxFile.Write(OnnxFile.Read(bytes).Graph), input);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.Elements<float>().ToArray(), actual.Elements<float>().ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 4)]
    public void The_branch_that_the_sizes_choose_is_read(int height, int width)
    {
        int[] input = [2, 3, height, width];
        AssertSame(Model(17, input, ["y"], [.. Squeezed("x", 3, "h"), .. Squeezed("h", 2, "y")]), input);
        AssertSame(Model(17, input, ["y"], [.. Squeezed("x", 3, "y")]), input);
    }

    [Fact]
    public void Branches_within_branches_name_their_values_for_themselves()
    {
        NodeProto[] inner = [.. Squeezed("x", 3, "s")];
        var model = Model(17, [2, 3, 4, 1], ["y"],
            Node("Constant", [], ["no"], Stored("value", new TensorProto { DataType = 9, Int32Data = { 0 } })),
            Node("If", ["no"], ["h"], Branch("then_branch", "s", [], Node("Neg", ["x"], ["s"])), Branch("else_branch", "s", [], inner)),
            Node("Constant", [], ["yes"], Stored("value", new TensorProto { DataType = 9, Int32Data = { 1 } })),
            Node("If", ["yes"], ["y"], Branch("then_branch", "s", [], Node("Neg", ["h"], ["s"])), Branch("else_branch", "s", [], inner)));
        AssertSame(model, [2, 3, 4, 1]);
    }

    [Fact]
    public void Weights_that_a_branch_uses_or_holds_are_weights()
    {
        NodeProto[] both = [Node("Conv", ["x", "outer"], ["c"]), Node("Conv", ["c", "inner"], ["s"])];
        float[] numbers = [.. Enumerable.Range(0, 9).Select(i => i - 4f)];
        var model = Model(17, [2, 3, 4, 4], ["y"],
            Node("Constant", [], ["yes"], Stored("value", new TensorProto { DataType = 9, Int32Data = { 1 } })),
            Node("If", ["yes"], ["y"], Branch("then_branch", "s", [Numbers("inner", [3, 3, 1, 1], numbers)], both),
                Branch("else_branch", "s", [], Node("Identity", ["x"], ["s"])))).With(Numbers("outer", [3, 3, 1, 1], numbers));
        var graph = OnnxFile.Read(model.ToByteArray()).Graph;
        Assert.Equal(["outer", "y/inner"], graph.Parameters.Where(parameter => parameter.IsTrainable).Select(graph.NameOf).Order());
        AssertSame(model, [2, 3, 4, 4]);
    }

    [Fact]
    public void A_branch_that_the_number_of_images_chooses_is_refused()
    {
        var model = Model(17, [-1, 3, 4, 4], ["y"], Squeezed("x", 0, "y"));
        Assert.Contains("the_If (If): its attribute 'then_branch' is a graph of its own",
            Assert.Throws<GraphException>(() => OnnxFile.Read(model.ToByteArray(), "m.onnx")).Message);
    }

    [Fact]
    public void A_value_that_its_node_does_not_compute_here_cannot_be_named()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "m.onnx");
        File.WriteAllBytes(path, Model(17, [2, 3, 4, 4], ["y"],
            Node("MaxPool", ["x"], ["y", "places"], Ints("kernel_shape", 2, 2))).ToByteArray());
        Assert.Contains("the_MaxPool (MaxPool): does not compute its output 'places' here. Name another value.",
            Assert.Throws<GraphException>(() => OnnxFile.ReadUpTo(path, "places")).Message);
    }

    [Fact]
    public void A_function_may_hold_a_branch()
    {
        var function = new FunctionProto
        {
            Name = "F",
            Domain = "modules",
            Input = { "a" },
            Output = { "b" },
            Node = { Squeezed("a", 3, "b") },
        };
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        var (first, second) = (Node("F", ["x"], ["h"]), Node("F", ["h"], ["y"]));
        (first.Domain, second.Domain) = ("modules", "modules");
        var model = Model(17, [2, 3, 1, 1, 5], ["y"], Node("Transpose", ["x"], ["t"], Ints("perm", 0, 1, 4, 2, 3)), first, second);
        first.Input[0] = "t";
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "modules", Version = 1 });
        model.Functions.Add(function);
        AssertSame(model, [2, 3, 1, 1, 5]);
    }
}
