using System.Text.Json.Nodes;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Cli;

/// <summary>What mlpipe train does with pixels before a network.</summary>
[Trait("Category", "Runtime")]
public sealed class NetworkPreprocessingTests : NetworkOfRedAndBlue
{
    [Fact]
    public void A_model_does_not_go_on_with_other_preprocessing()
    {
        Train("--network", Network, "--name", "torch");
        var model = Folder.File("runs/torch/model.onnx");
        Assert.Contains("WarmStart: the model was trained with preprocessing ImageNetTorch, the network has None.",
            Train("--network", Network, "--preprocessing", "none", "--from", model).Error, StringComparison.Ordinal);
        Assert.Equal(0, Train("--network", model, "--from", model).Exit);
    }

    [Fact]
    public void What_goes_on_takes_its_models_preprocessing_where_nothing_is_said()
    {
        Train("--network", Network, "--preprocessing", "zero-to-one", "--name", "first");
        var (exit, output, error) = Train("--network", Network, "--from", Folder.File("runs/first/model.onnx"), "--name", "second");
        Assert.Equal(0, exit);
        Assert.DoesNotContain("not known", output + error, StringComparison.Ordinal);
        Assert.Equal("zero-to-one",
            (string?)JsonNode.Parse(File.ReadAllText(Folder.File("runs/second/pipeline.json")))!["preprocessing"]);
    }

    [Fact]
    public void Preprocessing_on_top_of_a_models_own_is_refused()
    {
        Train("--network", Network, "--preprocessing", "imagenet-caffe", "--name", "a");
        var (exit, _, error) = Train("--network", Folder.File("runs/a/model.onnx"), "--preprocessing", "imagenet-caffe");
        Assert.Equal(1, exit);
        Assert.Contains("is a model of this library, which prepares pixels itself (ImageNetCaffe)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_of_a_network_is_said_with_what_is_taken()
    {
        // All numbers from 1 on are the same to it, so that only pixels from 0 to 1 are told apart.
        var image = Value.Input("image", [-1, 3, 16, 16]);
        var same = Value.Parameter("same", [3, 3, 1, 1], Initializer.Fixed(Tensor.Of<float>([3, 3, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1])));
        OnnxFile.Save(new Graph([image], ("scores", Op.MatMul(Op.Flatten(Op.GlobalAveragePool(Op.Conv(Op.Clip(image, 0, 1), same))),
            Value.Constant(Tensor.Of<float>([3, 7], new float[21]), "w")))), Folder.File("clipped.onnx"));
        Pictures("dim", 100, 20);
        Pictures("bright", 120, 20);
        var (exit, output, error) = Train("--network", Folder.File("clipped.onnx"), "--name", "a");
        Assert.Equal((0, ""), (exit, error));
        var (head, tail) = ($"{Folder.File("clipped.onnx")}: what it wants done with pixels is not known; a linear head on ",
            "zero-to-one is taken; --preprocessing takes another.");
        var line = Assert.Single(output.Split(Environment.NewLine), line => line.StartsWith(head, StringComparison.Ordinal));
        Assert.EndsWith(tail, line, StringComparison.Ordinal);
        Assert.All(["none", "minus-one-to-one", "imagenet-torch", "imagenet-caffe"], preset => Assert.Contains($"{preset} ", line));
        Assert.Equal("zero-to-one",
            (string?)JsonNode.Parse(File.ReadAllText(Folder.File("runs/a/pipeline.json")))!["preprocessing"]);
    }

    [Fact]
    public void A_model_of_this_library_is_a_network_that_brings_its_preprocessing()
    {
        Train("--network", Network, "--preprocessing", "imagenet-caffe", "--name", "a");
        var (exit, output, error) = Train("--network", Folder.File("runs/a/model.onnx"), "--name", "b");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("preprocessing ImageNetCaffe; in the file, which takes pixels from 0 to 255", output, StringComparison.Ordinal);
        Assert.Equal("ImageNetCaffe",
            OnnxMetadata.Read(File.ReadAllBytes(Folder.File("runs/b/model.onnx")))[ImageClassifier.PreprocessingKey]);
    }
}
