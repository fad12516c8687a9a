using System.Text.Json.Nodes;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Cli;

/// <summary>Which part of a network mlpipe train takes, and of which images.</summary>
[Trait("Category", "Runtime")]
public sealed class NetworkPartTests : NetworkOfRedAndBlue
{
    [Fact]
    public void A_file_that_is_no_network_for_classes_is_said_before_anything_is_written()
    {
        var x = Value.Input("x", [-1, 3, 16, 16]);
        OnnxFile.Save(new Graph([x], ("boxes", Op.Relu(x)), ("scores", Op.Sigmoid(x))), Folder.File("detection.onnx"));
        AssertRefused("two outputs", Folder.File("detection.onnx"), "has 2 outputs (boxes, scores)");
        var depth = new Sequential(new Input(16, 16, 5), new Conv2D(2, 3), new GlobalAveragePooling2D(), new Dense(2));
        OnnxFile.Save(depth.Build().Initialize(3), Folder.File("depth.onnx"));
        AssertRefused("five channels", Folder.File("depth.onnx"), "takes images of 5 channels, but files of images have 1 (grey), 3 (red,");
        AssertRefused("text", Folder.With("notes.onnx", "Meeting at nine"), "15 bytes that are no ONNX model");
        AssertRefused("a name", "nosuchnet", "is neither a file nor the name of a known network");
        AssertRefused("not fetched", "vgg16", "Fetch it with 'mlpipe models get vgg16'");
        AssertRefused("a folder", Folder.File("data"), "is a folder");
        Assert.Contains($"{Network}, --freeze: Layer 'nolayer' is not in the network; it "
            + "has", Train("--network", Network, "--freeze", "nolayer").Error,
            StringComparison.Ordinal);
        Assert.Contains("an ONNX file without a pipeline", Train("--network", Network, "--from", Network).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.File("runs")));
    }

    [Fact]
    public void A_network_takes_images_of_another_size_where_it_can()
    {
        Assert.Contains("24×24 pixels", Train("--network", Network, "--size", "24").Output, StringComparison.Ordinal);
        OnnxFile.Save(new Sequential(new Input(16, 16, 3), new Conv2D(2, 3), new Flatten(), new Dense(8, Activation.Relu),
            new Dense(7)).Build().Initialize(3), Folder.File("fixed.onnx"));
        var (exit, _, error) = Train("--network", Folder.File("fixed.onnx"), "--preprocessing", "none", "--size", "24");
        Assert.Equal(1, exit);
        Assert.Contains("dense", error, StringComparison.Ordinal);
        Assert.Contains("392", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_of_several_outputs_learns_behind_the_one_that_is_named()
    {
        var network = Folder.File("two.onnx");
        var image = MlPipelines.Networks.Network.Input(16, 16, 3);
        var map = new Conv2D(6, 3, activation: Activation.Relu) { Name = "map" }.On(image);
        var features = new GlobalAveragePooling2D { Name = "mean" }.On(map);
        OnnxFile.Save(new Graph([image], ("features", features), ("scores", new Dense(7) { Name = "scores" }.On(features))).Initialize(3),
            network);
        Assert.Contains("has 2 outputs (features, scores), one is needed", Train("--network", network).Error, StringComparison.Ordinal);
        Assert.Contains("--network-output features", Train("--network", network).Error, StringComparison.Ordinal);
        foreach (var output in new[] { "features", "scores" })
            Assert.Equal(0, Train("--network", network, "--network-output", output, "--name", output).Exit);
        Assert.Equal("scores", (string?)JsonNode.Parse(File.ReadAllText(Folder.File("runs/scores/pipeline.json")))!["networkOutput"]);
        Assert.Equal([6, 6], new[] { "features", "scores" }.Select(output => Features(Folder.File($"runs/{output}/model.onnx"))));
        Assert.Contains(", where the network ends", Run("models", "inspect", network, "--network-output", "features").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_layer_gives_is_taken_for_the_features()
    {
        var layers = OnnxFile.Read(Network).Graph.Nodes.Where(node => node.Operator.Type == "Relu").Select(node => node.Name).ToArray();
        Assert.Equal(0, Train("--network", Network, "--cut", layers[0], "--name", "cut").Exit);
        Assert.Equal(0, Train("--network", Network, "--cut", layers[0], "--fine-tune", "1", "--name", "tuned").Exit);
        Assert.Equal([6, 6], new[] { "cut", "tuned" }.Select(name => Features(Folder.File($"runs/{name}/model.onnx"))));
        Assert.Equal(layers[0], (string?)JsonNode.Parse(File.ReadAllText(Folder.File("runs/cut/pipeline.json")))!["cut"]);
        Assert.Contains($"at '{layers[0]}', where the network ends", Run("models", "inspect", Network, "--cut", layers[0]).Output,
            StringComparison.Ordinal);
        Assert.Contains($"{Network}, --cut: Layer 'nolayer' is not in the network; it "
            + "has", Train("--network", Network, "--cut", "nolayer").Error,
            StringComparison.Ordinal);
        Assert.Contains("--cut: is about a network of one's own", Train("--cut", "x").Error, StringComparison.Ordinal);
    }

    // Numbers that the last layer starts from.
    static int Features(string model) =>
        OnnxFile.Read(model).Graph.Nodes.Last(node => node.Operator.Type == "Gemm").Input(0).Shape[1];

    [Fact]
    public void A_head_learns_behind_a_part_without_weights_and_fine_tuning_says_that_there_is_nothing_to_train()
    {
        var x = Value.Input("x", [-1, 3, 16, 16]);
        OnnxFile.Save(new Graph([x], ("y", Op.Flatten(Op.AveragePool(Op.Relu(x), [8, 8], new() { Strides = [8, 8] })))),
            Folder.File("plain.onnx"));
        var (exit, output, _) = Train("--network", Folder.File("plain.onnx"), "--preprocessing", "zero-to-one");
        Assert.Equal(0, exit);
        Assert.Contains("accuracy 100.0% of 8 images", output, StringComparison.Ordinal);
        Assert.Contains("The network has no weights before its classifier, so there is nothing for FineTuning",
            Train("--network", Folder.File("plain.onnx"), "--fine-tune", "1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grey_network_learns_from_colours()
    {
        OnnxFile.Save(new Sequential(new Input(16, 16, 1), new Conv2D(6, 3, activation: Activation.Relu), new GlobalAveragePooling2D(),
            new Dense(7)).Build().Initialize(3), Folder.File("grey.onnx"));
        var (exit, output, _) = Train("--network", Folder.File("grey.onnx"));
        Assert.Contains("is taken; --preprocessing takes another.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("imagenet", output, StringComparison.Ordinal);
        Assert.Equal(0, exit);
        Assert.Equal([-1, 1, 16, 16], OnnxFile.Read(Folder.File("runs/data/model.onnx")).Graph.Inputs[0].Shape);
        Assert.Equal(Kernel(Folder.File("grey.onnx")), Kernel(Folder.File("runs/data/model.onnx")));
        Assert.Equal(0, Run("predict", Folder.File("runs/data/model.onnx"), Folder.File("data/red/3.png")).Exit);
        Assert.Equal(0, Run("predict", Folder.File("runs/data/model.zip"), Folder.File("data/red/3.png")).Exit);
    }
}
