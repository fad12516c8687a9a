using Google.Protobuf;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Graphs.Onnx;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Layers;

/// <summary>Where the features of a network are found to end, and whether a classifier stands behind them.</summary>
public sealed class NetworkEndTests : IDisposable
{
    readonly Folder folder = new();

    GraphNetwork Read(params NodeProto[] end)
    {
        var model = Model(13, [1, 3, 4, 4], ["y"], [Node("Conv", ["x", "w"], ["c"]), Node("Relu", ["c"], ["r"]), .. end])
            .With(Numbers("w", [6, 3, 1, 1], new float[18]), Numbers("dense", [5, 6], new float[30]),
                Numbers("map", [5, 6, 4, 4], new float[480]), Numbers("place", [5, 6, 1, 1], new float[30]),
                Numbers("window", [5, 6, 3, 3], new float[270]), Numbers("five", [5], 1, 2, 3, 4, 5),
                Numbers("wide", [96, 5], new float[480]), Numbers("zero", [], 0), Numbers("six", [], 6), Numbers("most", [], 17.3f),
                Numbers("least", [], -17.5f), Numbers("ones", [5], 1, 1, 1, 1, 1), Numbers("half", [], 0.5f));
        var path = Path.Combine(folder.Path, "m.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return Network.FromOnnx(path);
    }

    static NodeProto[] Dense(string output) =>
        [Node("GlobalAveragePool", ["r"], ["p"]), Node("Flatten", ["p"], ["f"]), Node("Gemm", ["f", "dense"], [output], Int("transB", 1))];

    static readonly Dictionary<string, (NodeProto[] End, string Cut, int Features)> withClassifier = new()
    {
        { "sums alone", (Dense("y"), "the_Flatten", 6) },
        { "the clipping that a rounding leaves", ([.. Dense("g"), Node("Clip", ["g", "least", "most"], ["y"])], "the_Flatten", 6) },
        { "the logarithm of Softmax", ([.. Dense("g"), Node("Softmax", ["g"], ["s"]), Node("Log", ["s"], ["y"])], "the_Flatten", 6) },
        { "Softmax in parts", ([.. Dense("g"), Node("ReduceMax", ["g"], ["m"], Ints("axes", 1)), Node("Sub", ["g", "m"], ["d"]),
            Node("Exp", ["d"], ["e"]), Node("ReduceSum", ["e", "axis"], ["t"]), Node("Div", ["e", "t"], ["y"]),
            Node("Constant", [], ["axis"], Ints("value_ints", 1))], "the_Flatten", 6) },
        { "a temperature and a bias",
            ([.. Dense("g"), Node("Mul", ["g", "half"], ["h"]), Node("Add", ["five", "h"], ["y"])], "the_Flatten", 6) },
        { "an activation before Softmax", ([.. Dense("g"), Node("Relu", ["g"], ["h"]), Node("Softmax", ["h"], ["y"])], "the_Flatten", 6) },
        { "a convolution over the whole map", ([Node("Conv", ["r", "map"], ["g"]), Node("Softmax", ["g"], ["s"], Int("axis", 1)),
            Node("Flatten", ["s"], ["y"])], "the_Relu", 96) },
        { "a convolution of places, then their mean", ([Node("Conv", ["r", "place"], ["g"]), Node("Relu", ["g"], ["h"]),
            Node("GlobalAveragePool", ["h"], ["y"])], "the_Relu", 6) },
        { "a convolution of places, turned to colours last", ([Node("Conv", ["r", "place"], ["g"]),
            Node("Transpose", ["g"], ["h"], Ints("perm", 0, 2, 3, 1)),
            Node("ReduceMean", ["h"], ["m"], Ints("axes", 1, 2), Int("keepdims", 0)), Node("Softmax", ["m"], ["y"])], "the_Relu", 6) },
    };

    static readonly Dictionary<string, (NodeProto[] End, string Cut, int Features)> withoutClassifier = new()
    {
        { "maps", ([Node("MaxPool", ["r"], ["y"], Ints("kernel_shape", 2, 2))], "the_MaxPool", 6) },
        { "the mean of maps", ([Node("GlobalAveragePool", ["r"], ["y"])], "the_GlobalAveragePool", 6) },
        { "a sum of two branches", ([Node("Conv", ["r", "place"], ["a"]), Node("Conv", ["r", "place"], ["b"]),
            Node("Add", ["a", "b"], ["s"]), Node("Relu", ["s"], ["t"]), Node("GlobalAveragePool", ["t"], ["y"])],
            "the_GlobalAveragePool", 5) },
        { "a convolution of windows", ([Node("Conv", ["r", "window"], ["a"]), Node("Relu", ["a"], ["b"]),
            Node("GlobalAveragePool", ["b"], ["p"]), Node("Flatten", ["p"], ["y"])], "the_Flatten", 5) },
        { "an activation up to six", ([Node("Conv", ["r", "place"], ["a"]), Node("Clip", ["a", "zero", "six"], ["b"]),
            Node("GlobalAveragePool", ["b"], ["y"])], "the_GlobalAveragePool", 5) },
        { "a normalisation", ([Node("Conv", ["r", "place"], ["a"]),
            Node("BatchNormalization", ["a", "five", "five", "five", "ones"], ["b"]), Node("Relu", ["b"], ["d"]),
            Node("GlobalAveragePool", ["d"], ["y"])], "the_GlobalAveragePool", 5) },
        { "a hidden layer", ([.. Dense("g"), Node("Relu", ["g"], ["y"])], "the_Relu", 5) },
        { "colours last", ([Node("Relu", ["r"], ["a"]), Node("Transpose", ["a"], ["y"], Ints("perm", 0, 2, 3, 1))], "the_Relu", 6) },
    };

    public static TheoryData<string> Classifiers => [.. withClassifier.Keys];

    public static TheoryData<string> OnlyFeatures => [.. withoutClassifier.Keys];

    [Theory, MemberData(nameof(Classifiers))]
    public void Features_end_before_the_sums_that_tell_classes_apart(string end) => AssertEnd(withClassifier[end], hasClassifier: true);

    [Theory, MemberData(nameof(OnlyFeatures))]
    public void A_network_without_a_classifier_ends_in_its_features(string end) => AssertEnd(withoutClassifier[end], hasClassifier: false);

    void AssertEnd((NodeProto[] End, string Cut, int Features) expected, bool hasClassifier)
    {
        var (end, cut, features) = expected;
        var network = Read(end);
        var inspection = network.Inspect();
        Assert.Equal((cut, hasClassifier), (inspection.ProposedCut, inspection.HasClassifier));
        Assert.Equal(!hasClassifier, inspection.ToString().TrimEnd().EndsWith(", where the network ends", StringComparison.Ordinal));
        Assert.Equal([Shape.Unknown, features], network.CutAtFeatures().Build()["output"].Shape);
        Assert.Equal([Shape.Unknown, 2], network.WithClassifier(new Dense(2)).Build()["output"].Shape);
        Assert.Equal([Shape.Unknown, features], network.CutAtFeatures().CutAtFeatures().Build()["output"].Shape);
    }

    [Fact]
    public void What_is_cut_by_name_ends_in_features_whatever_they_are()
    {
        var network = Read([.. Dense("g"), Node("Softmax", ["g"], ["y"])]);
        Assert.Equal([Shape.Unknown, 5], network.CutAt("the_Gemm").CutAtFeatures().Build()["output"].Shape);
        Assert.Equal([Shape.Unknown, 6], network.CutAt("the_Conv").Freeze().WithClassifier().Build()["output"].Shape);
        Assert.Equal("the_Gemm", network.CutAt("the_Gemm").Inspect().ProposedCut);
        var written = new Sequential(new Input(4, 4, 3), new Flatten(), new Dense(7) { Name = "hidden" }, new Dense(2));
        Assert.Equal([Shape.Unknown, 7], written.CutAt("hidden").CutAtFeatures().Build()["output"].Shape);
        Assert.Equal([Shape.Unknown, 3], written.CutAt("hidden").WithClassifier(new Dense(3)).Build()["output"].Shape);
        Assert.Equal([Shape.Unknown, 7], written.CutAt("hidden").Append(new Dense(3)).CutAtFeatures().Build()["output"].Shape);
    }

    [Fact]
    public void Scores_of_something_else_than_sums_are_refused()
    {
        var network = Read(Node("GlobalAveragePool", ["r"], ["p"]), Node("Flatten", ["p"], ["f"]), Node("Mul", ["f", "f"], ["q"]),
            Node("Softmax", ["q"], ["y"]));
        Assert.Equal("the_Mul (Mul): no classifier is found behind it (weighted sums, then at most pooling and Softmax). Cut the network "
            + "by name: CutAt (--cut).", Assert.Throws<GraphException>(network.CutAtFeatures).Message);
        Assert.Null(network.Inspect().ProposedCut);
    }

    public void Dispose() => folder.Dispose();
}
