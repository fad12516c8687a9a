using MlPipelines.Cli;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

/// <summary>Networks of four channels on the command line, with classes that only alpha tells apart.</summary>
[Trait("Category", "Runtime")]
public sealed class AlphaNetworkTests : IDisposable
{
    const int Side = 16;

    readonly TemporaryFolder folder = new();

    public AlphaNetworkTests()
    {
        for (var number = 0; number < 20; number++)
        {
            Save("data/faint", number, 60);
            Save("data/dense", number, 200);
        }
    }

    public void Dispose() => folder.Dispose();

    void Save(string label, int number, byte alpha)
    {
        var (pixels, dice) = (new byte[Side * Side * 4], Dice.For(number));
        dice.Bytes(pixels);
        for (var i = 3; i < pixels.Length; i += 4)
            pixels[i] = alpha;
        Directory.CreateDirectory(folder.File(label));
        Image.FromPixels(Side, Side, 4, pixels).Save(folder.File($"{label}/{number}.png"));
    }

    string Network(int channels)
    {
        var path = folder.File($"{channels}.onnx");
        OnnxFile.Save(new Sequential(new Input(Side, Side, channels), new Conv2D(8, 3, activation: Activation.Relu),
            new GlobalAveragePooling2D(), new Dense(5)).Build().Initialize(4), path);
        return path;
    }

    (string Output, string Error) Train(string name, params string[] arguments)
    {
        var (exit, output, error) =
            Run(["train", folder.File("data"), "--output", folder.File("runs"), "--name", name, "--seed", "1", .. arguments]);
        Assert.True(exit == 0, error);
        return (output, error);
    }

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(arguments, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }

    [Fact]
    public void Alpha_is_kept_by_itself_and_the_models_judge_by_it()
    {
        var network = Network(4);
        var (output, _) = Train("a", "--network", network);
        Assert.Contains($"{network}: {Side}×{Side} pixels, with alpha, preprocessing ", output, StringComparison.Ordinal);
        Assert.Contains("accuracy 100.0%", output, StringComparison.Ordinal);
        Assert.DoesNotContain("transparent", output, StringComparison.Ordinal);
        var scores = new[] { "onnx", "zip" }.Select(kind =>
        {
            var model = folder.File($"runs/a/model.{kind}");
            Assert.Contains("accuracy 100.0% of 40 images", Run("evaluate", model, folder.File("data")).Output, StringComparison.Ordinal);
            return Run("predict", model, folder.File("data/faint/1.png"), folder.File("data/dense/1.png")).Output;
        }).ToArray();
        Assert.Equal(scores[0], scores[1]);
        Assert.Matches(@"faint/1\.png\s+faint [^\n]*\n[^\n]*dense/1\.png\s+dense ", scores[0].Replace('\\', '/'));
        Assert.Contains("4 channels", Run("models", "inspect", folder.File("runs/a/model.onnx")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--fine-tune 2")]
    [InlineData("--freeze none --epochs 12 --batch 8 --learning-rate 0.02 --augment RandomFlip,RandomJpeg,RandomBrightness(0.1)")]
    public void The_whole_network_learns_from_alpha_and_a_model_goes_on(string arguments)
    {
        Assert.Contains("accuracy 100.0%", Train("a", ["--network", Network(4), .. arguments.Split(' ')]).Output, StringComparison.Ordinal);
        var model = folder.File("runs/a/model.onnx");
        Assert.Contains("accuracy 100.0%", Train("b", "--network", model).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_are_opaque_are_told_of()
    {
        for (var number = 0; number < 8; number++)
            foreach (var (label, shade) in new[] { ("light", 220), ("dark", 30) })
            {
                Directory.CreateDirectory(folder.File($"opaque/{label}"));
                Image.FromPixels(Side, Side, 3, [.. Enumerable.Repeat((byte)(shade + number), Side * Side * 3)])
                    .Save(folder.File($"opaque/{label}/{number}.jpg"));
            }
        var (exit, output, error) = Run("train", folder.File("opaque"), "--network", Network(4), "--output", folder.File("runs"));
        Assert.True(exit == 0, error);
        Assert.Contains("takes alpha, and none of 9 images looked at is transparent anywhere: it is 255", output, StringComparison.Ordinal);
    }

    [Theory, InlineData(2), InlineData(5)]
    public void Other_numbers_of_channels_are_refused_by_the_name_of_the_file(int channels)
    {
        var network = Network(channels);
        var labels = folder.With("labels.txt", "a\nb\nc\nd\ne\n");
        foreach (var (exit, _, error) in new[]
        {
            Run("train", folder.File("data"), "--network", network, "--output", folder.File("runs")),
            Run("predict", network, "--labels", labels, folder.File("data/faint/1.png")),
            Run("evaluate", network, "--labels", labels, folder.File("data")),
        })
        {
            Assert.Equal(1, exit);
            Assert.Contains($"{network}: takes images of {channels} channels, but files of images have 1 (grey), 3 (red, green and blue) "
                + "or 4 (with alpha). Take a network for those", error, StringComparison.Ordinal);
        }
    }
}
