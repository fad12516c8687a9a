using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines.Tests.Cli;

/// <summary>What mlpipe train learns of a network that has learnt.</summary>
[Trait("Category", "Runtime")]
public sealed class TrainNetworkTests : NetworkOfRedAndBlue
{
    [Fact]
    public void A_network_alone_learns_a_linear_head_and_the_run_says_what_was_learnt()
    {
        var (exit, output, error) = Train("--network", Network, "--preprocessing", "imagenet-caffe", "--name", "a");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains($"{Network}: 16×16 pixels, preprocessing imagenet-caffe", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^linear head on the features of \d+ images  loss .* s$", output);
        Assert.DoesNotContain("epoch", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Folder.File("runs/a/history.svg")));
        var pipeline = JsonNode.Parse(File.ReadAllText(Folder.File("runs/a/pipeline.json")))!;
        Assert.All(["epochs", "batch", "optimizer", "schedule"], option => Assert.Null(pipeline[option]));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Network))),
            (string?)pipeline["networkSha256"]);
        Assert.Equal((Network, "imagenet-caffe", 16),
            ((string?)pipeline["network"], (string?)pipeline["preprocessing"], (int)pipeline["width"]!));
        Assert.Equal("LinearHead", (string?)pipeline["head"]!["kind"]);
        Assert.Empty(pipeline["augmentations"]!.AsArray());
        Assert.Equal("ImageNetCaffe",
            OnnxMetadata.Read(File.ReadAllBytes(Folder.File("runs/a/model.onnx")))[ImageClassifier.PreprocessingKey]);
        Assert.Equal("ImageNetCaffe",
            new MLContext(1).Model.LoadOnnx(Folder.File("runs/a/model.onnx")).Steps().OfType<ImageClassifier>().Single().Preprocessing);
        Assert.Equal(0, Run("predict", Folder.File("runs/a/model.onnx"), Folder.File("data/red/3.png")).Exit);
        Assert.Contains("preprocessing: ImageNetCaffe; in the file, which takes pixels from 0 to 255",
            Run("models", "inspect", Folder.File("runs/a/model.onnx")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_weights_of_the_network_stay_behind_a_head_and_change_without_one()
    {
        Train("--network", Network, "--name", "head");
        Train("--network", Network, "--name", "tuned", "--freeze", "none", "--epochs", "1");
        var before = Kernel(Network);
        Assert.Equal(before, Kernel(Folder.File("runs/head/model.onnx")));
        Assert.NotEqual(before, Kernel(Folder.File("runs/tuned/model.onnx")));
    }

    [Theory]
    [InlineData("--freeze none --epochs 1")]
    [InlineData("--fine-tune 1")]
    public void A_model_that_was_left_behind_a_head_is_trained_whole_when_asked(string arguments)
    {
        Train("--network", Network, "--name", "head");
        var model = Folder.File("runs/head/model.onnx");
        Assert.Equal(0, Train(["--network", model, "--name", "tuned", "--batch", "8", .. arguments.Split(' ')]).Exit);
        Assert.Contains("training leaves alone", Run("models", "inspect", model).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("training leaves alone", Run("models", "inspect", Folder.File("runs/tuned/model.onnx")).Output,
            StringComparison.Ordinal);
        if (arguments.Contains("none", StringComparison.Ordinal))
            Assert.NotEqual(Kernel(model), Kernel(Folder.File("runs/tuned/model.onnx")));
    }

    [Fact]
    public void All_up_to_a_layer_stays_as_it_is()
    {
        var layers = OnnxFile.Read(Network).Graph.Nodes.Where(node => node.Operator.Type == "Relu").Select(node => node.Name).ToArray();
        Assert.Equal(0, Train("--network", Network, "--name", "part", "--freeze", layers[0], "--epochs", "2", "--batch", "8").Exit);
        Assert.Equal(Kernel(Network), Kernel(Folder.File("runs/part/model.onnx")));
        Assert.NotEqual(Kernel(Network, 1), Kernel(Folder.File("runs/part/model.onnx"), 1));
        var pipeline = JsonNode.Parse(File.ReadAllText(Folder.File("runs/part/pipeline.json")))!;
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

    [Fact]
    public void A_second_head_takes_the_features_that_the_first_left()
    {
        Train("--network", Network);
        var (_, _, second) = Train("--network", Network, "--head", "mean", "--verbose");
        Assert.Contains("features of 32 images: 0 computed, 32 found in features.", second, StringComparison.Ordinal);
        var (_, _, third) = Train("--network", Network, "--head", "perceptron", "--verbose", "--name", "third");
        Assert.Contains("features of 28 images: 0 computed, 28 found in features.", third, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.File("runs/third/features")));
        Directory.Delete(Folder.File("runs/.cache"), recursive: true);
        Train("--network", Network, "--head", "perceptron", "--no-cache", "--name", "fourth");
        Assert.False(Directory.Exists(Folder.File("runs/fourth/features")) || Directory.Exists(Folder.File("runs/.cache")));
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
        var (exit, _, error) = Train("--network", Network, "--name", "three", "--from", Folder.File("runs/two/model.onnx"));
        Assert.Equal(0, exit);
        Assert.Equal(["blue", "red", "green"],
            new MLContext(1).Model.LoadOnnx(Folder.File("runs/three/model.onnx")).Steps().OfType<ImageClassifier>().Single().Labels);
        Assert.DoesNotContain("mlpipe: W", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_that_will_be_forgotten_and_tests_that_tell_too_much_are_said()
    {
        Train("--network", Network, "--name", "two");
        Directory.Delete(Folder.File("data/red"), recursive: true);
        Pictures("green", 100, 100);
        var (exit, _, error) =
            Train("--network", Network, "--name", "three", "--from", Folder.File("runs/two/model.onnx"), "--seed", "9");
        Assert.Equal(0, exit);
        Assert.Contains("warning: WarmStart: the data has no images of 'red', which the model knows: what it has learnt of them is "
            + "unlearnt.", error, StringComparison.Ordinal);
        Assert.Contains("images looked at are among those that the model has learnt from", error, StringComparison.Ordinal);
        Train("--network", Network, "--name", "votes", "--head", "neighbours");
        Assert.DoesNotContain("unlearnt",
            Train("--network", Network, "--head", "neighbours", "--from", Folder.File("runs/votes/model.onnx")).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_goes_on_with_its_own_options_only()
    {
        string[] own = ["--network", Network, "--preprocessing", "none", "--freeze", "none", "--epochs", "1", "--label-smoothing", "0.1",
            "--name", "a"];
        Train(own);
        var before = File.ReadAllBytes(Folder.File("runs/a/model.onnx"));
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
        Assert.Equal(before, File.ReadAllBytes(Folder.File("runs/a/model.onnx")));
    }

    [Fact]
    public void A_learning_rate_is_found_for_a_network()
    {
        var (exit, output, _) = Train("--network", Network, "--freeze", "none", "--find-learning-rate", "--name", "search", "--batch", "2",
            "--json");
        Assert.Equal(0, exit);
        var said = JsonNode.Parse(output)!.AsObject();
        Assert.Equal(("learningRate", Folder.File("runs/search")), ((string?)said["event"], (string?)said["folder"]));
        Assert.True(said.ContainsKey("suggestion"));
        Assert.True(File.Exists(Folder.File("runs/search/learning_rate.csv")));
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
        Assert.False(Directory.Exists(Folder.File("runs")));
    }
}
