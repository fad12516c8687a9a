using System.Text.Json.Nodes;
using MlPipelines.Cli;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

/// <summary>What pipeline.json says, and that it runs again.</summary>
[Trait("Category", "Runtime")]
public sealed class PipelineFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public PipelineFileTests()
    {
        foreach (var label in new[] { "red", "blue" })
            for (var number = 0; number < 12; number++)
            {
                Directory.CreateDirectory(folder.File($"data/{label}"));
                byte[] pixel = label == "red" ? [200, (byte)(9 * number), 20] : [20, (byte)(9 * number), 200];
                Image.FromPixels(16, 16, 3, [.. Enumerable.Repeat(pixel, 256).SelectMany(each => each)])
                    .Save(folder.File($"data/{label}/{number}.png"));
            }
        OnnxFile.Save(new Sequential(new Input(16, 16, 3), new Conv2D(6, 3, activation: Activation.Relu), new GlobalAveragePooling2D(),
            new Dense(7)).Build().Initialize(3), Network);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--size 16 --epochs 2 --batch 8 --seed 7 --augment RandomFlip,RandomShift(0.2,Value=#ff0000)")]
    [InlineData("--size 16 --epochs 1 --no-augment --balanced-batches --label-smoothing 0.1 --learning-rate 0.003")]
    [InlineData("--network NETWORK --preprocessing zero-to-one --head mean")]
    [InlineData("--network NETWORK --preprocessing zero-to-one --augment RandomFlip --variants 2")]
    [InlineData("--network NETWORK --preprocessing zero-to-one --freeze none --epochs 1 --weights balanced")]
    [InlineData("--network NETWORK --fine-tune 1 --batch 8")]
    [InlineData("--network NETWORK --validation DATA --test DATA --fail-on-bad-files")]
    public void A_run_is_run_again_from_its_file(string options)
    {
        var first = Train([folder.File("data"), "--name", "a", .. options.Split(' ')
            .Select(word => word.Replace("NETWORK", Network).Replace("DATA", folder.File("data")))]);
        Assert.Equal(0, first.Exit);
        var (exit, output, error) = Train("--pipeline", folder.File("runs/a/pipeline.json"));
        Assert.Equal((0, ""), (exit, error.Contains("has learnt from", StringComparison.Ordinal) ? "" : error));
        foreach (var file in new[] { "pipeline.json", "model.onnx", "predictions.csv" })
            Assert.Equal(File.ReadAllBytes(folder.File($"runs/a/{file}")), File.ReadAllBytes(folder.File($"runs/a-2/{file}")));
    }

    [Fact]
    public void Run_is_train_with_a_file_and_takes_its_options_before_or_behind_it()
    {
        Train(folder.File("data"), "--name", "a", "--size", "16", "--epochs", "1", "--no-augment");
        var error = new StringWriter();
        Assert.Equal(0, CommandLine.Run(["run", "--output", folder.File("runs"), folder.File("runs/a/pipeline.json"), "--name", "b"],
            TextWriter.Null, error, TestContext.Current.CancellationToken));
        Assert.Equal("", error.ToString());
        Assert.Equal(File.ReadAllBytes(folder.File("runs/a/model.onnx")), File.ReadAllBytes(folder.File("runs/b/model.onnx")));
        Assert.Equal(1, CommandLine.Run(["run", folder.File("none.json")], TextWriter.Null, error, TestContext.Current.CancellationToken));
        Assert.Contains("none.json: not found, the pipeline.json of a run is needed.", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, CommandLine.Run(["run"], TextWriter.Null, error, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Each_value_stands_once()
    {
        Train(folder.File("data"), "--name", "a", "--network", Network, "--preprocessing", "none", "--fine-tune", "2", "--batch", "8");
        var file = Pipeline("a");
        Assert.Equal((2, 8, 6e-5f), ((int)file["fineTune"]!, (int)file["batch"]!, (float)file["learningRate"]!));
        Assert.Null(file["epochs"]);
        Assert.Equal("Adam", (string?)file["optimizer"]!["kind"]);
        Assert.Null(file["optimizer"]!["learningRate"]);
        Assert.Null(file["fineTuning"]!["learningRate"]);
        Assert.Equal(("EarlyStopping", 20), ((string?)file["earlyStopping"]!["kind"], (int)file["earlyStopping"]!["patience"]!));
    }

    [Fact]
    public void Parts_are_objects_with_their_settings_and_the_penalty_that_was_chosen_stands_beside()
    {
        Train(folder.File("data"), "--name", "a", "--network", Network, "--preprocessing", "zero-to-one");
        var linear = Pipeline("a");
        Assert.Equal(("LinearHead", 500), ((string?)linear["head"]!["kind"], (int)linear["head"]!["maximumNumberOfIterations"]!));
        var chosen = (double)linear["l2Regularization"]!;
        Assert.InRange(chosen, double.Epsilon, double.MaxValue);
        foreach (var file in new[] { "model.zip", "model.onnx" })
        {
            using var model = (TransformerChain<ITransformer>)new MLContext().Model.LoadModel(folder.File($"runs/a/{file}"));
            Assert.Equal(chosen, model.Steps().OfType<ImageClassifier>().Single().L2Regularization);
        }

        Train(folder.File("data"), "--name", "b", "--network", Network, "--preprocessing", "zero-to-one", "--head", "perceptron",
            "--epochs", "1");
        var perceptron = Pipeline("b");
        Assert.Equal(("MultilayerPerceptron", "OneCycle"),
            ((string?)perceptron["head"]!["kind"], (string?)perceptron["schedule"]!["kind"]));
        Assert.Null(perceptron["l2Regularization"]);
        Assert.DoesNotContain("{ ", string.Concat(perceptron.Select(pair => pair.Value is JsonValue value ? value.ToString() : "")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_given_beside_the_file_goes_before_it()
    {
        Train(folder.File("data"), "--name", "a", "--size", "16", "--epochs", "2", "--seed", "3");
        Assert.Equal(0, Train("--pipeline", folder.File("runs/a/pipeline.json"), "--epochs", "1", "--name", "b", "--no-augment").Exit);
        var (before, after) = (Pipeline("a"), Pipeline("b"));
        Assert.Equal((1, 3, 16), ((int)after["epochs"]!, (int)after["seed"]!, (int)after["width"]!));
        Assert.Equal((4, 0), (before["augmentations"]!.AsArray().Count, after["augmentations"]!.AsArray().Count));
        Assert.Equal(0, Train("--pipeline", folder.File("runs/a/pipeline.json"), "--name", "c", "--network", Network, "--head", "mean",
            "--preprocessing", "none").Exit);
    }

    [Fact]
    public void Data_and_networks_that_have_changed_are_said()
    {
        Train(folder.File("data"), "--name", "a", "--network", Network, "--preprocessing", "none");
        OnnxFile.Save(new Sequential(new Input(16, 16, 3), new Conv2D(6, 3, activation: Activation.Relu), new GlobalAveragePooling2D(),
            new Dense(7)).Build().Initialize(4), Network);
        File.Delete(folder.File("data/red/3.png"));
        var (exit, _, error) = Train("--pipeline", folder.File("runs/a/pipeline.json"));
        Assert.Equal(0, exit);
        Assert.Contains("pipeline.json: fingerprint was ", error, StringComparison.Ordinal);
        Assert.Contains("pipeline.json: networkSha256 was ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("[]", "names no folder, the pipeline.json of a run is needed.")]
    [InlineData(null, "not found, the pipeline.json of a run is needed.")]
    public void A_file_that_is_none_is_one_clear_line(string? content, string said)
    {
        var path = content is null ? folder.File("none.json") : folder.With("some.json", content);
        var (exit, _, error) = Train("--pipeline", path);
        Assert.Equal(1, exit);
        Assert.StartsWith($"mlpipe: {path}: {said}", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_tells_what_it_learnt_from()
    {
        Train(folder.File("data"), "--name", "a", "--network", Network, "--preprocessing", "none");
        var said = $"{Pipeline("a")["trainImages"]} of 24 images looked at are among those";
        foreach (var file in new[] { "model.onnx", "model.zip" })
        {
            var (exit, _, error) = Run("evaluate", folder.File($"runs/a/{file}"), folder.File("data"));
            Assert.Equal(0, exit);
            Assert.Contains(said, error, StringComparison.Ordinal);
        }
        Directory.Move(folder.File("data"), folder.File("moved"));
        Assert.Contains(said, Run("evaluate", folder.File("runs/a/model.onnx"), folder.File("moved")).Error, StringComparison.Ordinal);
        foreach (var path in Directory.GetFiles(folder.File("moved"), "*.png", SearchOption.AllDirectories))
            Image.FromFile(path).Resize(15, 15).Save(path);
        Assert.Equal("", Run("evaluate", folder.File("runs/a/model.onnx"), folder.File("moved")).Error);
    }

    string Network => folder.File("network.onnx");

    JsonObject Pipeline(string name) => JsonNode.Parse(File.ReadAllText(folder.File($"runs/{name}/pipeline.json")))!.AsObject();

    (int Exit, string Output, string Error) Train(params string[] arguments) =>
        Run(["train", "--output", folder.File("runs"), .. arguments]);

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(arguments, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }
}
