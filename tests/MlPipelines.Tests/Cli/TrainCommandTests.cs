using System.Text.Json.Nodes;
using MlPipelines.Cli;
using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

[Trait("Category", "Runtime")]
public sealed class TrainCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public TrainCommandTests()
    {
        for (var number = 0; number < 20; number++)
        {
            Picture($"data/red/{number}.png", 200, (byte)number, 20);
            Picture($"data/blue/{number}.png", 20, (byte)number, 200);
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Train_leaves_a_whole_run_and_says_one_line_an_epoch()
    {
        var (exit, output, error) = Train(folder.File("data"), "--name", "colours");

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("40 images of 2 classes: 28 to learn from, 4 to watch, 8 to test with", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split('\n').Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.DoesNotContain('\u001b', output);
        Assert.Equal(["calibration.svg", "checkpoint", "confusion_matrix.csv", "confusion_matrix.png", "confusion_matrix.svg",
            "coverage.svg", "history.csv", "history.svg", "metrics.json", "miss", "model.onnx", "model.zip", "pipeline.json",
            "precision_recall.svg", "predictions.csv", "report.html", "roc.svg"], Files("colours"));
        var pipeline = JsonNode.Parse(File.ReadAllText(folder.File("runs/colours/pipeline.json")))!;
        Assert.Equal((7, 2, 20), ((int)pipeline["seed"]!, (int)pipeline["epochs"]!, (int)pipeline["classes"]!["red"]!));
        Assert.Equal(0,
            CommandLine.Run(["predict", folder.File("runs/colours/model.onnx"), folder.File("data/red/3.png")], TextWriter.Null,
                TextWriter.Null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_dry_run_says_what_would_be_done_and_writes_nothing()
    {
        var (exit, output, error) = Train(folder.File("data"), "--name", "dry", "--dry-run");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("40 images of 2 classes: 28 to learn from, 4 to watch, 8 to test with", output, StringComparison.Ordinal);
        Assert.Contains("would learn: SmallCnn in at most 8 steps of 8 images, 2 epochs", output, StringComparison.Ordinal);
        Assert.EndsWith($"would write: {folder.File("runs")}{Path.DirectorySeparatorChar}dry{Environment.NewLine}", output,
            StringComparison.Ordinal);
        Assert.Equal(["data"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
        Assert.Equal(0, Train(folder.File("data"), "--name", "dry").Exit);
        Assert.EndsWith($"dry-2{Environment.NewLine}", Train(folder.File("data"), "--name", "dry", "--dry-run").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_of_a_head_says_how_large_its_features_are()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.Equal(0, CommandLine.Run(["train", folder.File("data"), "--output", folder.File("runs"), "--network", "resnet18", "--size",
            "64", "--dry-run"], output, error, TestContext.Current.CancellationToken));
        Assert.Contains("would learn: Linear head on ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("would hold: features of 512 numbers an image, 0.1 MiB for all", output.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    [Fact]
    public void Results_are_for_machines_and_for_TensorBoard_where_asked()
    {
        var (exit, output, error) = Train(folder.File("data"), "--name", "told", "--json", "--tensorboard", folder.File("boards"));
        Assert.Equal(0, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(["epoch", "epoch", "tested", "run"], lines.Select(line => (string)line["event"]!));
        Assert.Equal((1, 2), ((int)lines[0]["epoch"]!, (int)lines[0]["epochs"]!));
        Assert.Equal(8, (int)lines[2]["rows"]!);
        Assert.Equal(folder.File("runs/told"), Path.GetFullPath((string)lines[3]["folder"]!));
        Assert.Contains("28 to learn from", error, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(folder.File("boards/told"), "*tfevents*"));
    }

    [Fact]
    public void A_network_is_tested_before_it_learns_where_asked()
    {
        var (exit, output, error) = Train(folder.File("data"), "--name", "before", "--before-training");
        Assert.Equal((0, ""), (exit, error));
        Assert.Matches(@"(?m)^before training: accuracy [0-9.]+%, log loss [0-9.]+\r?$", output);
        Train(folder.File("data"), "--name", "plain");
        Assert.Equal(File.ReadAllText(folder.File("runs/plain/predictions.csv")),
            File.ReadAllText(folder.File("runs/before/predictions.csv")));
    }

    [Fact]
    public void Decoded_images_are_kept_where_asked_and_make_no_difference()
    {
        Train(folder.File("data"), "--name", "none", "--no-cache");
        Train(folder.File("data"), "--name", "first", "--cache", folder.File("pixels"));
        Assert.Single(Directory.GetFiles(folder.File("pixels"), "*.pixels"));
        Train(folder.File("data"), "--name", "second", "--cache", folder.File("pixels"));
        Assert.Equal(File.ReadAllText(folder.File("runs/none/predictions.csv")),
            File.ReadAllText(folder.File("runs/first/predictions.csv")));
        Assert.Equal(File.ReadAllText(folder.File("runs/none/predictions.csv")),
            File.ReadAllText(folder.File("runs/second/predictions.csv")));
    }

    [Fact]
    public void Decoded_images_are_not_kept_among_the_data()
    {
        var (exit, _, error) = Train(folder.File("data"), "--cache", folder.File("data/cache"));
        Assert.Equal(1, exit);
        Assert.Contains("Choose another folder with --cache.", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("data/cache")));
    }

    [Fact]
    public void Equal_seeds_give_equal_models()
    {
        Train(folder.File("data"), "--name", "a", "--workers", "1");
        Train(folder.File("data"), "--name", "b", "--workers", "3");
        Assert.Equal(File.ReadAllText(folder.File("runs/a/predictions.csv")), File.ReadAllText(folder.File("runs/b/predictions.csv")));
    }

    [Fact]
    public void Weights_and_balanced_batches_change_what_is_learnt_and_are_written_down()
    {
        for (var number = 4; number < 20; number++)
            File.Delete(folder.File($"data/red/{number}.png"));
        Train(folder.File("data"), "--name", "plain");
        Train(folder.File("data"), "--name", "weighted", "--weights", "balanced");
        Train(folder.File("data"), "--name", "even", "--balanced-batches");
        string[] predictions =
            [.. new[] { "plain", "weighted", "even" }.Select(name => File.ReadAllText(folder.File($"runs/{name}/predictions.csv")))];
        Assert.Equal(3, predictions.Distinct().Count());
        Assert.Equal("Balanced", (string)JsonNode.Parse(File.ReadAllText(folder.File("runs/weighted/pipeline.json")))!["weights"]!);
        Assert.Equal("ClassBalanced", (string)JsonNode.Parse(File.ReadAllText(folder.File("runs/even/pipeline.json")))!["sampling"]!);
    }

    [Fact]
    public void Nothing_is_written_into_the_data_through_a_link()
    {
        Directory.CreateSymbolicLink(folder.File("link"), folder.File("data"));
        var error = new StringWriter();
        Assert.Equal(1,
            CommandLine.Run(["augment", folder.File("data"), "--output", folder.File("link/sheet.png")], TextWriter.Null, error,
                TestContext.Current.CancellationToken));
        Assert.Contains("lies in the data folder", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["blue", "red"], Directory.GetFileSystemEntries(folder.File("data")).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void Ctrl_C_leaves_a_usable_model_and_exit_code_130()
    {
        using var stop = new CancellationTokenSource();
        var (output, error) = (new StopAfterFirstEpoch(stop), new StringWriter());
        var exit = CommandLine.Run(["train", folder.File("data"), "--output", folder.File("runs"), "--size", "16", "--epochs", "1000"],
            output, error, stop.Token);

        Assert.Equal(130, exit);
        Assert.Contains("Stopped after", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["checkpoint", "history.csv", "model.onnx", "model.zip", "pipeline.json"], Files("data"));
        Assert.Equal(0,
            CommandLine.Run(["predict", folder.File("runs/data/model.onnx"), folder.File("data/red/3.png")], TextWriter.Null,
                TextWriter.Null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_folder_that_is_split_already_is_taken_as_it_is()
    {
        Directory.CreateDirectory(folder.File("split"));
        Directory.Move(folder.File("data"), folder.File("split/train"));
        Picture("split/test/red/1.png", 210, 3, 20);
        Picture("split/test/blue/1.png", 20, 3, 210);
        var (exit, output, _) = Train(folder.File("split"));

        Assert.Equal(0, exit);
        Assert.Contains("is split already: train, test", output, StringComparison.Ordinal);
        Assert.Contains("40 images of 2 classes: 36 to learn from, 4 to watch, 2 to test with", output, StringComparison.Ordinal);
        Assert.Contains("model.onnx", Files("split"));
    }

    [Fact]
    public void A_file_that_is_no_image_is_skipped_and_named_or_fatal_if_asked()
    {
        for (var number = 0; number < 4; number++)
            folder.With($"data/red/broken{number}.jpg", "no picture");
        var (exit, _, error) = Train(folder.File("data"));
        Assert.Equal(0, exit);
        Assert.Contains("broken0.jpg", error, StringComparison.Ordinal);

        (exit, _, error) = Train(folder.File("data"), "--fail-on-bad-files");
        Assert.Equal(1, exit);
        Assert.Contains("broken", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_to_watch_that_cannot_be_read_are_named_once()
    {
        Picture("watch/red/1.png", 210, 3, 20);
        Picture("watch/blue/1.png", 20, 3, 210);
        folder.With("watch/blue/broken.png", "no picture");
        var error = Train(folder.File("data"), "--validation", folder.File("watch")).Error;
        Assert.StartsWith($"warning: skipped {folder.File("watch/blue/broken.png")}: begins with",
            Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    (int Exit, string Output, string Error) Train(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = CommandLine.Run(["train", .. args, "--output", folder.File("runs"), "--size", "16", "--epochs", "2", "--batch", "8",
            "--seed", "7"], output, error, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    string[] Files(string run) =>
        [.. Directory.GetFileSystemEntries(folder.File($"runs/{run}")).Select(entry => Path.GetFileName(entry)!)
            .Order(StringComparer.Ordinal)];

    void Picture(string name, params byte[] colour)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        Image.FromPixels(16, 16, 3, [.. Enumerable.Repeat(colour, 256).SelectMany(pixel => pixel)]).Save(folder.File(name));
    }

    sealed class StopAfterFirstEpoch(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith("epoch ", StringComparison.Ordinal) == true)
                stop.Cancel();
        }
    }
}
