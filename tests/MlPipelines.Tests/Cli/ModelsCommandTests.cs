using MlPipelines.Cli;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tests.Data.Sources;
using MlPipelines.Tests.Transforms.Models;

namespace MlPipelines.Tests.Cli;

public sealed class ModelsCommandTests : IDisposable
{
    const string Variable = "MLPIPELINES_MODELS_MIRROR";

    readonly Data.TemporaryFolder folder = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        folder.Dispose();
    }

    [Fact]
    public void List_shows_every_model_with_its_accuracy_and_preprocessing()
    {
        var (exit, output, error) = Run("models", "list");
        Assert.Equal((0, ""), (exit, error));
        Assert.Matches(@"(?m)^mobilenetv2 +14 MB +70\.9% +Apache-2\.0 +imagenet-torch", output);
        Assert.Matches(@"(?m)^inception-v2 +45 MB +- +MIT +not published", output);
    }

    [Theory]
    [InlineData("models get nothing", "mlpipe: NAME: got 'nothing', needs one of resnet18-v1, ")]
    [InlineData("models get vgg16 --mirror ftp://host",
        "mlpipe: --mirror: got 'ftp://host/', needs an address that begins with http:// or https://")]
    [InlineData("models get", "mlpipe: get: NAME is missing")]
    [InlineData("models get ", "mlpipe: NAME: got nothing, needs a name.")]
    public void Misuse_is_said_with_exit_code_2(string arguments, string said)
    {
        var (exit, _, error) = Run(arguments.Split(' '));
        Assert.Equal(2, exit);
        Assert.StartsWith(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_asks_the_mirror_and_says_where_the_file_is()
    {
        using var server = new LyingServer(PretrainedModelTests.Honest);
        var (exit, output, error) = Get("--mirror", server.Address.AbsoluteUri);
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal($"Tiny network, MIT: 0 MB\nchecked: {Path.Combine(folder.Path, "tiny.onnx")}\n", output.ReplaceLineEndings("\n"));
        Assert.Equal(0, Get("--mirror", "http://127.0.0.1:9/").Exit);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Get_asks_the_mirror_that_the_surroundings_name()
    {
        using var server = new LyingServer(PretrainedModelTests.Honest);
        Environment.SetEnvironmentVariable(Variable, server.Address.AbsoluteUri);
        Assert.Equal(0, Get().Exit);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Inspect_shows_layers_the_cut_the_input_and_what_is_not_known()
    {
        var path = Path.Combine(folder.Path, "network.onnx");
        OnnxFile.Save(new Sequential(new Input(8, 8, 3), new Conv2D(4, 3), new GlobalAveragePooling2D(), new Dense(5)).Build()
            .Initialize(3), path);
        var (exit, output, error) = Run("models", "inspect", path);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("features: [?,4] at", output, StringComparison.Ordinal);
        Assert.Contains("parameters: 137", output, StringComparison.Ordinal);
        Assert.Contains("input: 8×8 pixels, 3 channels", output, StringComparison.Ordinal);
        Assert.Contains("preprocessing: not known; train and evaluate try the presets on their images, predict takes imagenet-torch, "
            + "unless", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_is_drawn_and_summed_up_and_its_backbone_opened()
    {
        var path = Path.Combine(folder.Path, "network <b>.onnx");
        OnnxFile.Save(new Sequential(new Input(8, 8, 3), new Conv2D(4, 3), new GlobalAveragePooling2D(), new Dense(5)).Build()
            .Initialize(3), path);
        Assert.All([".svg", ".png"], extension =>
        {
            var picture = Path.Combine(folder.Path, "drawn" + extension);
            var (exit, output, error) = Run("models", "draw", path, "--output", picture);
            Assert.Equal((0, ""), (exit, error));
            Assert.Contains($"written: {picture} (", output, StringComparison.Ordinal);
            Assert.True(File.Exists(picture));
        });
        Assert.Contains("needs .svg or .png", Run("models", "draw", path, "--output", "drawn.gif").Error, StringComparison.Ordinal);
        var summary = Run("models", "summary", path);
        Assert.Equal((0, ""), (summary.Exit, summary.Error));
        Assert.Matches(@"(?m)^backbone \(\d+ layers\) +\[\?,4\] +112 +112", summary.Output);
        Assert.DoesNotContain("backbone", Run("models", "summary", path, "--open", "backbone").Output, StringComparison.Ordinal);
        Assert.Equal(2, Run("models", "summary", path, "--open", "head").Exit);
    }

    [Fact]
    public void Inspect_says_what_is_published_of_a_model()
    {
        using var server = new LyingServer(PretrainedModelTests.Honest);
        Get("--mirror", server.Address.AbsoluteUri);
        var (exit, output, _) = Models("inspect", Path.Combine(folder.Path, "tiny.onnx"));
        Assert.Equal(0, exit);
        Assert.Contains("preprocessing: imagenet-caffe", output, StringComparison.Ordinal);
        Assert.Contains("Tiny network: 5 classes, top-1 25.0%, licence MIT", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_of_what_is_no_network_is_one_clear_line()
    {
        folder.Write("notes.onnx", "Meeting at nine"u8.ToArray());
        var (exit, _, error) = Run("models", "inspect", Path.Combine(folder.Path, "notes.onnx"));
        Assert.Equal(1, exit);
        Assert.StartsWith($"mlpipe: {Path.Combine(folder.Path, "notes.onnx")}: ", error, StringComparison.Ordinal);
    }

    (int Exit, string Output, string Error) Get(params string[] options) => Models(["get", "tiny", "--output", folder.Path, .. options]);

    static (int Exit, string Output, string Error) Models(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = ModelsCommand.Create(new Terminal(output, error, TestContext.Current.CancellationToken), [PretrainedModelTests.Tiny()])
            .Parse(arguments).Invoke();
        return (exit, output.ToString(), error.ToString());
    }

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(arguments, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }
}
