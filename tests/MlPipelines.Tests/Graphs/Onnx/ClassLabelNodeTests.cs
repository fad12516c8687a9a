using Google.Protobuf;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;
using MlPipelines.Tests.Evaluation;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Graphs.Onnx;

/// <summary>Names of classes behind the scores of a classifier, as converters write them.</summary>
[Trait("Category", "Runtime")]
public sealed class ClassLabelNodeTests : IDisposable
{
    static readonly string[] three = ["ant", "bee", "cat"];

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static AttributeProto Strings(string name, params string[] values) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Strings, Strings = { values.Select(ByteString.CopyFromUtf8) } };

    static NodeProto Ml(string type, string[] inputs, string output, params AttributeProto[] attributes)
    {
        var node = Node(type, inputs, [output], attributes);
        node.Domain = "ai.onnx.ml";
        return node;
    }

    static readonly TensorProto classes = new()
    {
        Name = "classes",
        DataType = (int)ElementType.String,
        Dims = { 3 },
        StringData = { three.Select(ByteString.CopyFromUtf8) },
    };

    static NodeProto Best(string output = "best") => Node("ArgMax", ["p"], [output], Int("axis", 1), Int("keepdims", 0));

    /// <summary>The outputs of a file, and what stands behind its probabilities p.</summary>
    static readonly Dictionary<string, (string[] Outputs, NodeProto[] Behind, string[] Names)> ends = new()
    {
        ["ZipMap alone"] = (["map"], [Ml("ZipMap", ["p"], "map", Strings("classlabels_strings", three))], three),
        ["numbers for names"] = (["map"], [Ml("ZipMap", ["p"], "map", Ints("classlabels_int64s", 7, 8, 9))], ["7", "8", "9"]),
        ["scikit-learn"] = (["label", "map"], [Best(), Node("Cast", ["best"], ["label"], Int("to", 7)), Node("Identity", ["p"], ["q"]),
            Ml("Normalizer", ["q"], "n", Text("norm", "L1")), Ml("ZipMap", ["n"], "map", Strings("classlabels_strings", three))], three),
        ["Custom Vision"] = (["label", "map"], [Best(), Ml("ArrayFeatureExtractor", ["classes", "best"], "label"),
            Ml("ZipMap", ["p"], "map", Strings("classlabels_strings", three))], three),
        ["a list of classes"] = (["label", "p"], [Best(), Ml("ArrayFeatureExtractor", ["classes", "best"], "label")], three),
        ["a label encoder"] = (["label", "p"], [Best(), Ml("LabelEncoder", ["best"], "label", Ints("keys_int64s", 2, 0, 1),
            Strings("values_strings", "cat", "ant", "bee"))], three),
        ["an older label encoder"] = (["label", "p"], [Best(), Ml("LabelEncoder", ["best"], "label",
            Strings("classes_strings", three))], three),
        ["only a label"] = (["label"], [Best(), Ml("LabelEncoder", ["best"], "label", Ints("keys_int64s", 0, 1, 2),
            Strings("values_strings", three))], three),
        ["a map of labels"] = (["label", "p"], [Best(), Ml("CategoryMapper", ["best"], "label", Ints("cats_int64s", 0, 1, 2),
            Strings("cats_strings", three))], three),
    };

    public static TheoryData<string> Ends => [.. ends.Keys];

    [Theory, MemberData(nameof(Ends))]
    public void The_scores_are_the_output_and_the_names_its_labels(string kind)
    {
        var (outputs, behind, names) = ends[kind];
        var path = Write(outputs, behind);
        var output = OnnxFile.ReadUpTo(path, null).Graph.Outputs[0].Value;
        Assert.Equal<int>([-1, 3], [output.Shape[0], output.Shape[1]]);
        Assert.Equal(ElementType.Float, output.Type);
        Assert.Equal(names, ClassNames.OfFile(File.ReadAllBytes(path), 3)!.Value);
        Assert.Null(ClassNames.OfFile(File.ReadAllBytes(path), 4));
    }

    [Fact]
    public void What_the_file_says_of_its_classes_goes_before_its_nodes()
    {
        var path = Write(["map"], [Ml("ZipMap", ["p"], "map", Ints("classlabels_int64s", 0, 1, 2))]);
        var onnx = OnnxMetadata.With(File.ReadAllBytes(path), new Dictionary<string, string> { ["names"] = "['x', 'y', 'z']" });
        Assert.Equal(["x", "y", "z"], ClassNames.OfFile(onnx, 3)!.Value);
    }

    [Fact]
    public void An_output_that_is_named_gives_its_scores_too()
    {
        var (outputs, behind, _) = ends["Custom Vision"];
        var path = Write(outputs, behind);
        Assert.All(["map", "label", "p"], name => Assert.Equal("p", OnnxFile.ReadUpTo(path, name).Graph.Outputs[0].Value.Name));
    }

    [Fact]
    public void Names_with_numbers_that_are_no_places_are_none()
    {
        var path = Write(["label", "p"], [Best(), Ml("LabelEncoder", ["best"], "label", Ints("keys_int64s", 3, 4, 5),
            Strings("values_strings", three))]);
        Assert.Null(ClassNames.OfFile(File.ReadAllBytes(path), 3));
    }

    [Fact]
    public void Other_operators_of_that_domain_are_named()
    {
        var path = Write(["t"], [Ml("Binarizer", ["p"], "t")]);
        Assert.Contains("uses operator 'Binarizer' of the domain 'ai.onnx.ml'",
            Assert.Throws<GraphException>(() => OnnxFile.ReadUpTo(path, null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAX", 0.5f, 1f)]
    [InlineData("L1", 0.333333f, 0.666667f)]
    [InlineData("L2", 0.447214f, 0.894427f)]
    public void Rows_are_normalised(string norm, float first, float second)
    {
        var model = Model(13, [2, 2], ["y"], Ml("Normalizer", ["x"], "y", Text("norm", norm)));
        var graph = OnnxFile.Read(model.ToByteArray()).Graph;
        using var session = new MlPipelines.Execution.Session(OnnxFile.Write(graph));
        var found = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<float>([2, 2], [1, 2, 0, 0]) })[0].Elements<float>();
        Assert.Equal([first, second, 0, 0], found.ToArray().Select(number => MathF.Round(number, 6)));
    }

    string Write(string[] outputs, NodeProto[] behind)
    {
        NodeProto[] scores = [Node("GlobalAveragePool", ["x"], ["g"]), Node("Flatten", ["g"], ["f"]), Node("Softmax", ["f"], ["p"])];
        var model = Model(13, [1, 3, 2, 2], outputs, [.. scores, .. behind]).With(classes);
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimParam = "N" };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 2 });
        var path = folder.File("m.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }
}
