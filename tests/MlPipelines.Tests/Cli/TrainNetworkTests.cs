using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlPipelines.Cli;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

[Trait("Category", "Runtime")]
public sealed class TrainNetworkTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public TrainNetworkTests()
    {
        OnnxFile.Save(new Sequential(new Input(16, 16, 3), new Conv2D(6, 3, activation: Activation.Relu),
            new Conv2D(8, 3, activation: Activation.Relu), new GlobalAveragePooling2D(), new Dense(7)).Build().Initialize(3), Network);
        Pictures("red", 200, 20);
        Pictures("blue", 20, 200);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_network_alone_learns_a_linear_head_and_the_run_says_what_was_learnt()
    {
        var (exit, output, error) = Train("--network", Network, "--preprocessing", "imagenet-caffe", "--name", "a");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains($"{Network}: 16×16 pixels, preprocessing imagenet-caffe", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^linear head on the features of \d+ images  loss .* s$", output);
        Assert.DoesNotContain("epoch", output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("runs/a/history.svg")));
        var pipeline = JsonNode.Parse(File.ReadAllText(folder.File("runs/a/pipeline.json")))!;
        Assert.All(["epochs", "batch", "optimizer", "schedule"], option => Assert.Null(pipeline[option]));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Network))),
            (string?)pipeline["networkSha256"]);
        Assert.Equal((Network, "imagenet-caffe", 16),
            ((string?)pipeline["network"], (string?)pipeline["preprocessing"], (int)pipeline["width"]!));
        Assert.StartsWith("LinearHead", (string?)pipeline["head"], StringComparison.Ordinal);
        Assert.Empty(pipeline["augmentations"]!.AsArray());
        Assert.Equal("ImageNetCaffe",
            OnnxMetadata.Read(File.ReadAllBytes(folder.File("runs/a/model.onnx")))[ImageClassifier.PreprocessingKey]);
        Assert.Equal("ImageNetCaffe",
            new MLContext(1).Model.LoadOnnx(folder.File("runs/a/model.onnx")).Steps().OfType<ImageClassifier>().Single().Preprocessing);
        Assert.Equal(0, Run("predict", folder.File("runs/a/model.onnx"), folder.File("data/red/3.png")).Exit);
        Assert.Contains("preprocessing: ImageNetCaffe; in the file, which takes pixels from 0 to 255",
            Run("models", "inspect", folder.File("runs/a/model.onnx")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_weights_of_the_network_stay_behind_a_head_and_change_without_one()
    {
        Train("--network", Network, "--name", "head");
        Train("--network", Network, "--name", "tuned", "--freeze", "none", "--epochs", "1");
        var before = Kernel(Network);
        Assert.Equal(before, Kernel(folder.File("runs/head/model.onnx")));
        Assert.NotEqual(before, Kernel(folder.File("runs/tuned/model.onnx")));
    }

    [Theory]
    [InlineData("--freeze none --epochs 1")]
    [InlineData("--fine-tune 1")]
    public void A_model_that_was_left_behind_a_head_is_trained_whole_when_asked(string arguments)
    {
        Train("--network", Network, "--name", "head");
        var model = folder.File("runs/head/model.onnx");
        Assert.Equal(0, Train(["--network", model, "--name", "tuned", "--batch", "8", .. arguments.Split(' ')]).Exit);
        Assert.Contains("training leaves alone", Run("models", "inspect", model).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("training leaves alone", Run("models", "inspect", folder.File("runs/tuned/model.onnx")).Output,
            StringComparison.Ordinal);
        if (arguments.Contains("none", StringComparison.Ordinal))
            Assert.NotEqual(Kernel(model), Kernel(folder.File("runs/tuned/model.onnx")));
    }

    [Fact]
    public void All_up_to_a_layer_stays_as_it_is()
    {
        var layers = OnnxFile.Read(Network).Graph.Nodes.Where(node => node.Operator.Type == "Relu").Select(node => node.Name).ToArray();
        Assert.Equal(0, Train("--network", Network, "--name", "part", "--freeze", layers[0], "--epochs", "2", "--batch", "8").Exit);
        Assert.Equal(Kernel(Network), Kernel(folder.File("runs/part/model.onnx")));
        Assert.NotEqual(Kernel(Network, 1), Kernel(folder.File("runs/part/model.onnx"), 1));
        var pipeline = JsonNode.Parse(File.ReadAllText(folder.File("runs/part/pipeline.json")))!;
        Assert.Equal((layers[0], 1e-4f), ((string?)pipeline["freeze"], (float)pipeline["learningRate"]!));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("perceptron")]
    [InlineData("neighbours")]
    [InlineData("mean")]
    public void Every_head_learns_red_from_blue(string head)
    {
        var (exit, output, _) = Train("--network", Network, "--preprocessing", "zero-to-one", "--head", head, "--seed", "2");
        Assert.Equal(0, exit);
        Assert.Matches(head == "perceptron" ? "(?m)^epoch 20/20 " : $"(?m)^{head} head on the features of ", output);
        Assert.Contains("accuracy 100.0% of 8 images", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Fine_tuning_tells_of_the_classifiers_epoch_too()
    {
        var (exit, output, _) = Train("--network", Network, "--fine-tune", "2", "--label-smoothing", "0.1");
        Assert.Equal(0, exit);
        Assert.Equal(3, output.Split('\n').Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Contains("epoch 3/3 ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--head")]
    [InlineData("--fine-tune")]
    public void What_is_about_a_network_that_has_learnt_is_refused_where_tiny_pictures_are_learnt_from_scratch(string option)
    {
        var (exit, _, error) = Train(option, option == "--head" ? "linear" : "1");
        Assert.Equal(1, exit);
        Assert.Contains($"{option}: is about a network that has learnt already, and these images are learnt from scratch", error,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    [Fact]
    public void Photographs_are_recognised_by_the_packaged_network_unless_another_is_named()
    {
        foreach (var label in new[] { "red", "blue" })
            foreach (var number in Enumerable.Range(0, 5))
            {
                Directory.CreateDirectory(folder.File($"photos/{label}"));
                byte[] pixel = label == "red" ? [200, (byte)(9 * number), 20] : [20, (byte)(9 * number), 200];
                Image.FromPixels(80, 64, 3, [.. Enumerable.Repeat(pixel, 80 * 64).SelectMany(each => each)])
                    .Save(folder.File($"photos/{label}/{number}.png"));
            }
        (int Exit, string Output, string Error) On(string name, params string[] options) =>
            Run(["train", folder.File("photos"), "--output", folder.File("runs"), "--name", name, .. options]);
        var (exit, output, _) = On("packaged");
        Assert.Equal(0, exit);
        Assert.Contains("network: ResNet-18, which has learnt ImageNet's photographs, with a new head", output, StringComparison.Ordinal);
        Assert.Contains("8 to learn from, 0 to watch, 2 to test with", output, StringComparison.Ordinal);
        var file = JsonNode.Parse(File.ReadAllText(folder.File("runs/packaged/pipeline.json")))!;
        Assert.Equal(("resnet18", 0), ((string?)file["network"], file["augmentations"]!.AsArray().Count));
        Assert.Equal(0, On("again", "--pipeline", folder.File("runs/packaged/pipeline.json")).Exit);
        Assert.Equal(File.ReadAllBytes(folder.File("runs/packaged/model.onnx")), File.ReadAllBytes(folder.File("runs/again/model.onnx")));
        Assert.Contains("network: a small one from scratch, for --epochs, which a head on ResNet-18 does not follow",
            On("steps", "--epochs", "1", "--batch", "4").Output, StringComparison.Ordinal);
        Assert.Equal(0, On("packaged", "--resume").Exit);
        Assert.DoesNotContain("ResNet-18", On("scratch", "--from-scratch", "--epochs", "1", "--size", "16").Output,
            StringComparison.Ordinal);
        Assert.Equal(0, On("gone-on", "--from", folder.File("runs/packaged/model.onnx")).Exit);
    }

    [Fact]
    public void A_second_head_takes_the_features_that_the_first_left()
    {
        Train("--network", Network);
        var (_, _, second) = Train("--network", Network, "--head", "mean", "--verbose");
        Assert.Contains("features of 32 images: 0 computed, 32 found in features.", second, StringComparison.Ordinal);
        var (_, _, third) = Train("--network", Network, "--head", "perceptron", "--verbose", "--name", "third");
        Assert.Contains("features of 28 images: 0 computed, 28 found in features.", third, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs/third/features")));
        Directory.Delete(folder.File("runs/.cache"), recursive: true);
        Train("--network", Network, "--head", "perceptron", "--no-cache", "--name", "fourth");
        Assert.False(Directory.Exists(folder.File("runs/fourth/features")) || Directory.Exists(folder.File("runs/.cache")));
        var (_, _, anew) = Train("--network", Network, "--verbose", "--no-cache");
        Assert.Contains("features of 32 images: 32 computed, 0 found", anew, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_learns_from_changed_images_when_asked()
    {
        var (exit, _, error) = Train("--network", Network, "--augment", "RandomRotation(20)", "--variants", "3", "--verbose");
        Assert.Equal(0, exit);
        Assert.Equal(3 * 32,
            Regex.Matches(Regex.Match(error, "features of 32 images: .*").Value, @"(\d+) (computed|found)")
            .Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
        Assert.DoesNotContain("images: 32 computed", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_learns_a_new_class_from_where_it_was()
    {
        Train("--network", Network, "--name", "two");
        Pictures("green", 100, 100);
        var (exit, _, error) = Train("--network", Network, "--name", "three", "--from", folder.File("runs/two/model.onnx"));
        Assert.Equal(0, exit);
        Assert.Equal(["blue", "red", "green"],
            new MLContext(1).Model.LoadOnnx(folder.File("runs/three/model.onnx")).Steps().OfType<ImageClassifier>().Single().Labels);
        Assert.DoesNotContain("mlpipe: W", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_does_not_go_on_with_other_preprocessing()
    {
        Train("--network", Network, "--name", "torch");
        var model = folder.File("runs/torch/model.onnx");
        Assert.Contains("WarmStart: the model was trained with preprocessing ImageNetTorch, the network has None.",
            Train("--network", Network, "--preprocessing", "none", "--from", model).Error, StringComparison.Ordinal);
        Assert.Equal(0, Train("--network", model, "--from", model).Exit);
    }

    [Fact]
    public void Classes_that_will_be_forgotten_and_tests_that_tell_too_much_are_said()
    {
        Train("--network", Network, "--name", "two");
        Directory.Delete(folder.File("data/red"), recursive: true);
        Pictures("green", 100, 100);
        var (exit, _, error) =
            Train("--network", Network, "--name", "three", "--from", folder.File("runs/two/model.onnx"), "--seed", "9");
        Assert.Equal(0, exit);
        Assert.Contains("warning: WarmStart: the data has no images of 'red', which the model knows: what it has learnt of them is "
            + "unlearnt.", error, StringComparison.Ordinal);
        Assert.Contains("images looked at are among those that the model has learnt from", error, StringComparison.Ordinal);
        Train("--network", Network, "--name", "votes", "--head", "neighbours");
        Assert.DoesNotContain("unlearnt",
            Train("--network", Network, "--head", "neighbours", "--from", folder.File("runs/votes/model.onnx")).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Preprocessing_on_top_of_a_models_own_is_refused()
    {
        Train("--network", Network, "--preprocessing", "imagenet-caffe", "--name", "a");
        var (exit, _, error) = Train("--network", folder.File("runs/a/model.onnx"), "--preprocessing", "imagenet-caffe");
        Assert.Equal(1, exit);
        Assert.Contains("is a model of this library, which prepares pixels itself (ImageNetCaffe)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_goes_on_with_its_own_options_only()
    {
        string[] own = ["--network", Network, "--preprocessing", "none", "--freeze", "none", "--epochs", "1", "--label-smoothing", "0.1",
            "--name", "a"];
        Train(own);
        var before = File.ReadAllBytes(folder.File("runs/a/model.onnx"));
        Assert.Equal(0, Train([.. own, "--resume"]).Exit);
        foreach (var (others, said) in new (string[], string)[]
        {
            (["--augment", "RandomFlip"], "(augmentations)"),
            (["--no-augment"], "(augmentations)"),
            (["--batch", "8"], "(batch)"),
        })
        {
            var (exit, _, error) = Train([.. own, "--resume", .. others]);
            Assert.Equal(1, exit);
            Assert.Contains(said, error, StringComparison.Ordinal);
        }
        var (head, _, refused) = Train("--network", Network, "--preprocessing", "none", "--head", "mean", "--name", "a", "--resume");
        Assert.Equal(2, head);
        Assert.Contains("head", refused, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder.File("runs/a/model.onnx")));
    }

    [Fact]
    public void A_learning_rate_is_found_for_a_network()
    {
        Assert.Equal(0, Train("--network", Network, "--freeze", "none", "--find-learning-rate", "--name", "search", "--batch", "2").Exit);
        Assert.True(File.Exists(folder.File("runs/search/learning_rate.csv")));
    }

    [Fact]
    public void What_is_not_known_of_a_network_is_said_with_what_is_taken()
    {
        // All numbers from 1 on are the same to it, so that only pixels from 0 to 1 are told apart.
        var image = Value.Input("image", [-1, 3, 16, 16]);
        var same = Value.Parameter("same", [3, 3, 1, 1], Initializer.Fixed(Tensor.Of<float>([3, 3, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1])));
        OnnxFile.Save(new Graph([image], ("scores", Op.MatMul(Op.Flatten(Op.GlobalAveragePool(Op.Conv(Op.Clip(image, 0, 1), same))),
            Value.Constant(Tensor.Of<float>([3, 7], new float[21]), "w")))), folder.File("clipped.onnx"));
        Pictures("dim", 100, 20);
        Pictures("bright", 120, 20);
        var (exit, output, error) = Train("--network", folder.File("clipped.onnx"), "--name", "a");
        Assert.Equal((0, ""), (exit, error));
        var (head, tail) = ($"{folder.File("clipped.onnx")}: what it wants done with pixels is not known; a linear head on ",
            "zero-to-one is taken; --preprocessing takes another.");
        var line = Assert.Single(output.Split(Environment.NewLine), line => line.StartsWith(head, StringComparison.Ordinal));
        Assert.EndsWith(tail, line, StringComparison.Ordinal);
        Assert.All(["none", "minus-one-to-one", "imagenet-torch", "imagenet-caffe"], preset => Assert.Contains($"{preset} ", line));
        Assert.Equal("zero-to-one",
            (string?)JsonNode.Parse(File.ReadAllText(folder.File("runs/a/pipeline.json")))!["preprocessing"]);
    }

    [Fact]
    public void A_model_of_this_library_is_a_network_that_brings_its_preprocessing()
    {
        Train("--network", Network, "--preprocessing", "imagenet-caffe", "--name", "a");
        var (exit, output, error) = Train("--network", folder.File("runs/a/model.onnx"), "--name", "b");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("preprocessing ImageNetCaffe; in the file, which takes pixels from 0 to 255", output, StringComparison.Ordinal);
        Assert.Equal("ImageNetCaffe",
            OnnxMetadata.Read(File.ReadAllBytes(folder.File("runs/b/model.onnx")))[ImageClassifier.PreprocessingKey]);
    }

    [Theory]
    [InlineData("--from-scratch --head linear", "--from-scratch, --head: got both")]
    [InlineData("--from-scratch --network n.onnx", "--from-scratch, --network: got both")]
    [InlineData("--preprocessing none", "--preprocessing: is about a network")]
    [InlineData("--network n.onnx --head linear --freeze none", "--head, --freeze none: got both")]
    [InlineData("--network n.onnx --head mean --freeze conv", "--head, --freeze conv: got both")]
    [InlineData("--network n.onnx --fine-tune 2 --head linear", "--fine-tune, --head: got both")]
    [InlineData("--network n.onnx --fine-tune 2 --epochs 3", "--fine-tune, --epochs: got both")]
    [InlineData("--network n.onnx --epochs 3", "--epochs: has no meaning for the linear head, which --network alone learns,")]
    [InlineData("--network n.onnx --head mean --batch 8", "--batch: has no meaning for the mean head as")]
    [InlineData("--network n.onnx --find-learning-rate", "--find-learning-rate: has no meaning for the linear head")]
    [InlineData("--network n.onnx --resume", "--resume: has no meaning for the linear head")]
    [InlineData("--network n.onnx --variants 2", "--variants: is about heads that learn from changed images")]
    [InlineData("--network n.onnx --head pca", "--head: got 'pca', needs one of linear, perceptron, neighbours, mean.")]
    [InlineData("--network n.onnx --preprocessing bgr", "--preprocessing: got 'bgr', needs one of none, zero-to-one")]
    [InlineData("--network n.onnx --fine-tune 0", "--fine-tune: got '0', needs a whole number from 1")]
    [InlineData("--size 4", "--size: got '4', needs a whole number from 8 to 4096.")]
    public void What_does_not_go_together_is_said_with_exit_code_2(string arguments, string said)
    {
        var (exit, _, error) = Train(arguments.Split(' '));
        Assert.Equal(2, exit);
        Assert.StartsWith($"mlpipe: {said}", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    [Fact]
    public void A_file_that_is_no_network_for_classes_is_said_before_anything_is_written()
    {
        var x = Value.Input("x", [-1, 3, 16, 16]);
        OnnxFile.Save(new Graph([x], ("boxes", Op.Relu(x)), ("scores", Op.Sigmoid(x))), folder.File("detection.onnx"));
        AssertRefused("two outputs", folder.File("detection.onnx"), "has 2 outputs (boxes, scores)");
        var depth = new Sequential(new Input(16, 16, 4), new Conv2D(2, 3), new GlobalAveragePooling2D(), new Dense(2));
        OnnxFile.Save(depth.Build().Initialize(3), folder.File("depth.onnx"));
        AssertRefused("four channels", folder.File("depth.onnx"), "takes images of 4 channels, but files of images are read as grey or in");
        AssertRefused("text", folder.With("notes.onnx", "Meeting at nine"), "15 bytes that are no ONNX model");
        AssertRefused("a name", "nosuchnet", "is neither a file nor the name of a known network");
        AssertRefused("not fetched", "vgg16", "Fetch it with 'mlpipe models get vgg16'");
        AssertRefused("a folder", folder.File("data"), "is a folder");
        Assert.Contains("Layer 'nolayer' is not in the network; it has", Train("--network", Network, "--freeze", "nolayer").Error,
            StringComparison.Ordinal);
        Assert.Contains("an ONNX file without a pipeline", Train("--network", Network, "--from", Network).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    [Fact]
    public void A_network_takes_images_of_another_size_where_it_can()
    {
        Assert.Contains("24×24 pixels", Train("--network", Network, "--size", "24").Output, StringComparison.Ordinal);
        OnnxFile.Save(new Sequential(new Input(16, 16, 3), new Conv2D(2, 3), new Flatten(), new Dense(8, Activation.Relu),
            new Dense(7)).Build().Initialize(3), folder.File("fixed.onnx"));
        var (exit, _, error) = Train("--network", folder.File("fixed.onnx"), "--preprocessing", "none", "--size", "24");
        Assert.Equal(1, exit);
        Assert.Contains("dense", error, StringComparison.Ordinal);
        Assert.Contains("392", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_of_several_outputs_learns_behind_the_one_that_is_named()
    {
        var network = folder.File("two.onnx");
        var image = MlPipelines.Networks.Network.Input(16, 16, 3);
        var map = new Conv2D(6, 3, activation: Activation.Relu) { Name = "map" }.On(image);
        var features = new GlobalAveragePooling2D { Name = "mean" }.On(map);
        OnnxFile.Save(new Graph([image], ("features", features), ("scores", new Dense(7) { Name = "scores" }.On(features))).Initialize(3),
            network);
        Assert.Contains("has 2 outputs (features, scores), one is needed", Train("--network", network).Error, StringComparison.Ordinal);
        Assert.Contains("--network-output features", Train("--network", network).Error, StringComparison.Ordinal);
        foreach (var output in new[] { "features", "scores" })
            Assert.Equal(0, Train("--network", network, "--network-output", output, "--name", output).Exit);
        Assert.Equal("scores", (string?)JsonNode.Parse(File.ReadAllText(folder.File("runs/scores/pipeline.json")))!["networkOutput"]);
        Assert.Equal([6, 6], new[] { "features", "scores" }.Select(output => Features(folder.File($"runs/{output}/model.onnx"))));
        Assert.Contains(", where the network ends", Run("models", "inspect", network, "--network-output", "features").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_layer_gives_is_taken_for_the_features()
    {
        var layers = OnnxFile.Read(Network).Graph.Nodes.Where(node => node.Operator.Type == "Relu").Select(node => node.Name).ToArray();
        Assert.Equal(0, Train("--network", Network, "--cut", layers[0], "--name", "cut").Exit);
        Assert.Equal(0, Train("--network", Network, "--cut", layers[0], "--fine-tune", "1", "--name", "tuned").Exit);
        Assert.Equal([6, 6], new[] { "cut", "tuned" }.Select(name => Features(folder.File($"runs/{name}/model.onnx"))));
        Assert.Equal(layers[0], (string?)JsonNode.Parse(File.ReadAllText(folder.File("runs/cut/pipeline.json")))!["cut"]);
        Assert.Contains($"at '{layers[0]}', where the network ends", Run("models", "inspect", Network, "--cut", layers[0]).Output,
            StringComparison.Ordinal);
        Assert.Contains("Layer 'nolayer' is not in the network; it has", Train("--network", Network, "--cut", "nolayer").Error,
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
            folder.File("plain.onnx"));
        var (exit, output, _) = Train("--network", folder.File("plain.onnx"), "--preprocessing", "zero-to-one");
        Assert.Equal(0, exit);
        Assert.Contains("accuracy 100.0% of 8 images", output, StringComparison.Ordinal);
        Assert.Contains("the network has no weights before its classifier, so there is nothing to train there.",
            Train("--network", folder.File("plain.onnx"), "--fine-tune", "1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grey_network_learns_from_colours()
    {
        OnnxFile.Save(new Sequential(new Input(16, 16, 1), new Conv2D(6, 3, activation: Activation.Relu), new GlobalAveragePooling2D(),
            new Dense(7)).Build().Initialize(3), folder.File("grey.onnx"));
        var (exit, output, _) = Train("--network", folder.File("grey.onnx"));
        Assert.Contains("is taken; --preprocessing takes another.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("imagenet", output, StringComparison.Ordinal);
        Assert.Equal(0, exit);
        Assert.Equal([-1, 1, 16, 16], OnnxFile.Read(folder.File("runs/data/model.onnx")).Graph.Inputs[0].Shape);
        Assert.Equal(Kernel(folder.File("grey.onnx")), Kernel(folder.File("runs/data/model.onnx")));
        Assert.Equal(0, Run("predict", folder.File("runs/data/model.onnx"), folder.File("data/red/3.png")).Exit);
        Assert.Equal(0, Run("predict", folder.File("runs/data/model.zip"), folder.File("data/red/3.png")).Exit);
    }

    void AssertRefused(string what, string network, string said)
    {
        var (exit, _, error) = Train("--network", network);
        Assert.Equal((what, 1), (what, exit));
        Assert.StartsWith($"mlpipe: {network}: ", error, StringComparison.Ordinal);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    string Network => folder.File("network.onnx");

    static float[] Kernel(string path, int place = 0) => OnnxFile.Read(path).Graph is var graph
        ? [.. graph.Nodes.Where(node => node.Operator.Type == "Conv").ElementAt(place).Input(1) is var kernel
            ? (kernel.Known ?? kernel.Initializer!.Content!).Elements<float>() : []] : [];

    (int Exit, string Output, string Error) Train(params string[] arguments) =>
        Run(["train", folder.File("data"), "--output", folder.File("runs"), .. arguments]);

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(arguments, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }

    void Pictures(string label, byte red, byte blue)
    {
        Directory.CreateDirectory(folder.File($"data/{label}"));
        for (var number = 0; number < 20; number++)
            Image.FromPixels(16, 16, 3,
                [.. Enumerable.Range(0, 256).SelectMany(pixel => new[] { red, (byte)(3 * number + pixel % 16), blue })])
                .Save(folder.File($"data/{label}/{number}.png"));
    }
}
