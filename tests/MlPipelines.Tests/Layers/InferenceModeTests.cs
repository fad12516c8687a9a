using Google.Protobuf;
using MlPipelines.Execution;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Graphs.Onnx;
using static MlPipelines.Tests.Graphs.Onnx.Files;

namespace MlPipelines.Tests.Layers;

/// <summary>Files that were exported as they learn: normalised by the batch, with dropout.</summary>
[Trait("Category", "Runtime")]
public sealed class InferenceModeTests : IDisposable
{
    readonly Folder folder = new();

    static ModelProto Learning(int opset)
    {
        var normalised = opset < 14 ? Node("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], ["n", "m1", "v1", "m2", "v2"])
            : Node("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], ["n", "m1", "v1"], Int("training_mode", 1));
        var dropped = opset < 12 ? Node("Dropout", ["f"], ["d"]) : Node("Dropout", ["f", "ratio", "training"], ["d"]);
        return Model(opset, [1, 3, 4, 4], ["y"], Node("Conv", ["x", "w"], ["c"]), normalised, Node("GlobalAveragePool", ["n"], ["p"]),
            Node("Flatten", ["p"], ["f"]), dropped, Node("Gemm", ["d", "v"], ["y"], Int("transB", 1)))
            .With(Numbers("w", [2, 3, 1, 1], 1, 2, 3, -4, 5, 6), Numbers("scale", [2], 1, 2), Numbers("shift", [2], 3, 4),
                Numbers("mean", [2], 5, 6), Numbers("variance", [2], 7, 8), Numbers("v", [5, 2], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
                Numbers("ratio", [], 0.5f),
                new TensorProto { Name = "training", DataType = (int)ElementType.Bool, Int32Data = { 1 } });
    }

    GraphNetwork Read(ModelProto model)
    {
        var path = Path.Combine(folder.Path, "m.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return Network.FromOnnx(path);
    }

    [Theory, InlineData(9), InlineData(13), InlineData(15)]
    public void An_image_is_scored_alike_in_any_batch_and_a_warning_says_so(int opset)
    {
        var network = Read(Learning(opset));
        using var session = new Session(OnnxFile.Write(network.Build()));
        float[] image = [.. Enumerable.Range(0, 48).Select(i => i % 7 / 3f)];
        float[] Scores(params float[] images) => session.Run(new Dictionary<string, Tensor>
        {
            [Network.InputName] = Tensor.Of<float>([images.Length / 48, 3, 4, 4], images),
        })[0].Elements<float>()[..5].ToArray();
        Assert.Equal(Scores(image), Scores([.. image, .. image.Select(pixel => 9 - pixel)]));
        Assert.Equal($"{Path.Combine(folder.Path, "m.onnx")} was exported as it learns, so that the scores of an image would depend on the "
            + $"others of its batch: 1 normalisation is done by stored statistics{(opset < 12 ? "" : " and 1 dropout is left out")}, as "
            + "when a network predicts. Export it in evaluation mode if its scores differ from what they were.",
            Assert.Single(network.Warnings));
    }

    [Fact]
    public void Its_statistics_move_in_training_and_stay_where_they_are_frozen()
    {
        var network = Read(Learning(15));
        string[] Moving(Network some) => [.. TrainingGraph.Of(some.Build().Initialize(1), 2, new Adam(), new CategoricalCrossEntropy())
            .States.Select(state => state.Name).Where(name => name is "mean" or "variance")];
        Assert.Equal(["mean", "variance"], Moving(network));
        Assert.Empty(Moving(network.FreezeWhere("s*")));
        Assert.Single(TrainingGraph.Of(network.Build().Initialize(1), 2, new Adam(), new CategoricalCrossEntropy()).Masks);
    }

    [Fact]
    public void A_file_that_predicts_warns_of_nothing()
    {
        var model = Learning(15);
        model.Graph.Node[1].Attribute[0].I = 0;
        model.Graph.Node[1].Output.RemoveAt(2);
        model.Graph.Node[1].Output.RemoveAt(1);
        model.Graph.Initializer.Single(tensor => tensor.Name == "training").Int32Data[0] = 0;
        Assert.Empty(Read(model).Warnings);
    }

    public void Dispose() => folder.Dispose();
}
