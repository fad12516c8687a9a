using MlPipelines.Cli;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

/// <summary>mlpipe explain, and heat maps beside mistakes.</summary>
[Trait("Category", "Runtime")]
public sealed class ExplainCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public ExplainCommandTests()
    {
        var network = new Sequential(new Input(12, 12, 3), new Conv2D(4, 3, activation: Activation.Relu) { Name = "conv" },
            new MaxPooling2D { Name = "pool" }, new Flatten(), new Dense(2, Activation.Softmax) { Name = "scores" });
        OnnxFile.Save(network.Build().Initialize(1), folder.File("net.onnx"));
        File.WriteAllText(folder.File("labels.txt"), "no\n<b>yes</b>\n");
        Picture("data/no/1.png", 40);
        Picture("data/no/2.png", 200);
        Picture("data/<b>yes<b>/1.png", 120);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Layers_are_listed_with_their_shapes()
    {
        var (exit, output, error) = Explain("layers");
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(["image (1, 3, 12, 12)", "conv (1, 4, 10, 10), before its activation conv/conv", "pool (1, 4, 5, 5)",
            "flatten (1, 100)", "scores (1, 2), before its activation scores/gemm"], output.Trim().Split(Environment.NewLine));
    }

    [Fact]
    public void Maps_filters_and_heat_maps_are_drawn()
    {
        Assert.Equal(0, Explain("layers", folder.File("data"), "--layers", "conv,pool,flatten", "--colours", "viridis", "--output",
            folder.File("layers.png")).Exit);
        Assert.Equal(0, Explain("filters", "--before", folder.File("net.onnx"), "--output", folder.File("filters.png")).Exit);
        var (exit, output, error) = Explain("heatmaps", folder.File("data/no/1.png"), "--method", "grad-cam,occlusion", "--class",
            "<b>yes</b>", "--layer", "conv", "--faithful", "--output", folder.File("heat.png"), "--labels", folder.File("labels.txt"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("Occlusion of <b>yes</b>: deletion 0.", output, StringComparison.Ordinal);
        Assert.All(["layers.png", "filters.png", "heat.png"], name => Assert.True(Image.FromFile(folder.File(name)).Width > 200, name));
    }

    [Fact]
    public void Images_are_restored_and_sought()
    {
        var (exit, output, error) = Explain("invert", folder.File("data"), "--layers", "conv,flatten", "--steps", "3", "--jitter", "1",
            "--blur", "0.5", "--output", folder.File("kept.png"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("kept.png (", output, StringComparison.Ordinal);
        Assert.Equal(0, Explain("maximize", "--class", "<b>yes</b>", "--class", "no", "--layer", "conv", "--channel", "0,3", "--steps", "3",
            "--start", folder.File("data/no/1.png"), "--labels", folder.File("labels.txt"), "--output", folder.File("drives.png")).Exit);
        Assert.Equal(0, Explain("maximize", "--layer", "conv", "--channel", "1", "--unit", "2,9", "--steps", "2", "--output",
            folder.File("unit.png")).Exit);
        Assert.All(["kept.png", "drives.png", "unit.png"], name => Assert.True(Image.FromFile(folder.File(name)).Width > 200, name));
    }

    [Theory]
    [InlineData("Nothing to maximize.", "maximize", "NONE")]
    [InlineData("belong together", "maximize", "--layer", "conv", "NONE")]
    [InlineData("belong together", "maximize", "--class", "class 0", "--unit", "1,1", "NONE")]
    [InlineData("needs two numbers, such as 3,4", "maximize", "--layer", "conv", "--channel", "1", "--unit", "1", "NONE")]
    [InlineData("got 'x', needs a number from 0", "maximize", "--layer", "conv", "--channel", "x", "NONE")]
    [InlineData("got 4, needs a value from 0 to 3", "maximize", "--layer", "conv", "--channel", "4", "NONE")]
    [InlineData("got 'maybe', the network knows 'class 0', 'class 1'.", "maximize", "--class", "maybe", "NONE")]
    [InlineData("'nothing' is not in the network", "invert", "--layers", "nothing")]
    [InlineData("--layers", "invert", "--steps", "2")]
    [InlineData("'convolution' is not in the network; it has image, conv, pool", "layers", "--layers", "convolution")]
    [InlineData("needs images to draw maps of", "layers", "--layers", "conv", "NONE")]
    [InlineData("'pool': is no convolution of this network, which has conv.", "filters", "--layer", "pool", "NONE")]
    [InlineData("got 'maybe', the network knows 'class 0', 'class 1'.", "heatmaps", "--class", "maybe")]
    [InlineData("got 'gradcam', needs one of grad-cam, grad-cam++", "heatmaps", "--method", "gradcam")]
    [InlineData("none of the methods asked for weighs a layer of choice", "heatmaps", "--method", "occlusion", "--layer", "conv")]
    [InlineData("Take GradCam", "heatmaps", "--method", "cam")]
    [InlineData("got the extension '.gif', needs .png or .jpg", "heatmaps", "--output", "heat.gif")]
    public void What_does_not_go_is_said(string expected, string command, params string[] words)
    {
        string[] output = words.Contains("--output") ? [] : ["--output", folder.File("never.png")];
        var (exit, _, error) =
            Explain(command, [.. words[^1] == "NONE" ? words[..^1] : [folder.File("data/no/1.png"), .. words], .. output]);
        Assert.False(File.Exists(folder.File("never.png")));
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("heatmaps", "data/no/1.png")]
    [InlineData("heatmaps", "data")]
    [InlineData("invert", "data", "--layers", "conv", "--steps", "1")]
    [InlineData("layers", "data", "--layers", "conv")]
    public void A_picture_that_is_explained_is_not_written_over(string command, string images, params string[] words)
    {
        var picture = folder.File("data/no/1.png");
        var before = File.ReadAllBytes(picture);
        var (exit, _, error) = Explain(command, [folder.File(images), .. words, "--output", picture]);
        Assert.NotEqual(0, exit);
        Assert.Contains("is what is read, and would be written over.", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(picture));
    }

    [Fact]
    public void Images_that_cannot_be_read_are_said_and_the_rest_is_drawn()
    {
        File.WriteAllText(folder.File("data/no/broken.png"), "no picture");
        foreach (var (command, words) in new[] { ("heatmaps", Array.Empty<string>()), ("layers", ["--layers", "conv"]) })
        {
            var (exit, output, error) = Explain(command, [folder.File("data"), .. words, "--output", folder.File("some.png")]);
            Assert.Equal(1, exit);
            Assert.Contains("broken.png", error, StringComparison.Ordinal);
            Assert.Contains("written: ", output, StringComparison.Ordinal);
        }
        var none = Explain("heatmaps", folder.File("data/no/broken.png"), "--output", folder.File("none.png"));
        Assert.Equal(1, none.Exit);
        Assert.Contains("nothing to explain", none.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("none.png")));
    }

    [Fact]
    public void Images_are_laid_out_in_the_plane()
    {
        for (var i = 0; i < 6; i++)
            Picture($"data/no/more{i}.png", (byte)(20 * i));
        File.WriteAllText(folder.File("data/no/broken.png"), "no picture");
        var (exit, output, error) = Explain("map", folder.File("data"), "--output", folder.File("map.html"), "--layer", "pool");
        Assert.Equal(0, exit);
        Assert.Contains("(9 images)", output, StringComparison.Ordinal);
        Assert.Contains("more5.png", File.ReadAllText(folder.File("map.html")), StringComparison.Ordinal);
        Assert.Contains("broken.png", error, StringComparison.Ordinal);
        Assert.Equal(0, Explain("map", folder.File("data"), "--output", folder.File("map.png"), "--layout", "pca").Exit);
        Assert.Contains("needs .png, .svg or .html", Explain("map", folder.File("data"), "--output", folder.File("map.gif")).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Heat_maps_go_beside_mistakes_and_are_replaced_with_them()
    {
        string[] evaluate = ["evaluate", folder.File("net.onnx"), folder.File("data"), "--labels", folder.File("two.txt"),
            "--preprocessing",
            "none", "--miss", folder.File("miss"), "--heatmaps"];
        File.WriteAllText(folder.File("two.txt"), "no\n<b>yes<b>\n");
        var writer = new StringWriter();
        Assert.Equal(0, CommandLine.Run(evaluate, writer, writer, TestContext.Current.CancellationToken));
        var first = Files();
        Assert.Contains(first, name => name.EndsWith(".heatmap.png", StringComparison.Ordinal));
        Assert.Equal(first.Count(name => name.EndsWith(".heatmap.png", StringComparison.Ordinal)) * 2 + 1, first.Length);
        Assert.Equal(0, CommandLine.Run(evaluate, writer, writer, TestContext.Current.CancellationToken));
        Assert.Equal(first, Files());
        Assert.Equal(0, CommandLine.Run(evaluate[..^1], writer, writer, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(Files(), name => name.EndsWith(".heatmap.png", StringComparison.Ordinal));
        Assert.Equal(1, CommandLine.Run([.. evaluate[..^3], "--heatmaps"], writer, writer, TestContext.Current.CancellationToken));
        Assert.Contains("Say where with --miss DIR.", writer.ToString(), StringComparison.Ordinal);

        string[] Files() => [.. Directory.GetFiles(folder.File("miss")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
    }

    void Picture(string name, byte grey)
    {
        var pixels = new byte[12 * 12 * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(grey + i % 7 * 5);
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        Image.FromPixels(12, 12, 3, pixels).Save(folder.File(name));
    }

    (int Exit, string Output, string Error) Explain(string command, params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        string[] args = ["explain", command, folder.File("net.onnx"), .. words, "--preprocessing", "none"];
        var exit = CommandLine.Run(args, output, error, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}
