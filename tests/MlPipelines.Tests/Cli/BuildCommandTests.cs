using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlPipelines.Cli;

namespace MlPipelines.Tests.Cli;

/// <summary>mlpipe build, on tiny pictures.</summary>
[Trait("Category", "Runtime")]
public sealed partial class BuildCommandTests : NetworkOfRedAndBlue
{
    [Fact]
    public void A_build_leaves_a_whole_run_of_which_train_makes_the_same_model_again()
    {
        var (exit, output, error) = Build("--name", "head", "--network", Network, "--trials", "1");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("40 images of 2 classes, about 16×16 pixels", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ +1 +1 +100% +100\.0% +[0-9.]+% to 100\.0% +[0-9.]+ s  network, linear head\r?$", output);
        Assert.Contains("no more trials: as many as were asked for", output, StringComparison.Ordinal);
        Assert.Contains("chosen:   network, linear head: right of 100.0% of the 6 images", output, StringComparison.Ordinal);
        Assert.Contains("From scratch nothing was tried: as many trials as were asked for came before it.", output,
            StringComparison.Ordinal);
        Assert.Equal(["calibration.svg", "confusion_matrix.csv", "confusion_matrix.png", "confusion_matrix.svg", "coverage.svg",
            "history.csv", "metrics.json", "miss", "model.onnx", "model.zip", "pipeline.json", "precision_recall.svg", "predictions.csv",
            "report.html", "roc.svg", "trials", "trials.csv"], Files("head"));
        Assert.Equal(8, (int)JsonNode.Parse(File.ReadAllText(Folder.File("runs/head/metrics.json")))!["rows"]!);
        AssertMadeAgain("head");
    }

    [Fact]
    public void Results_are_for_machines_where_asked()
    {
        var (exit, output, error) = Build("--name", "told", "--network", Network, "--trials", "2", "--json");
        Assert.Equal(0, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(["trial", "trial", "chosen", "tested", "run"], lines.Select(line => (string)line["event"]!));
        Assert.Equal((1, "network, linear head", 1), ((int)lines[0]["trial"]!, (string)lines[0]["candidate"]!,
            (double)lines[0]["accuracy"]!));
        Assert.Equal(8, (int)lines[3]["rows"]!);
        Assert.Equal(Folder.File("runs/told/model.onnx"), Path.GetFullPath((string)lines[4]["model"]!));
        Assert.Contains($"chosen:   {lines[2]["candidate"]}: right of", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tiny_pictures_are_learnt_from_scratch_which_train_makes_again_too()
    {
        var (exit, output, _) = Build("--name", "scratch", "--trials", "1");
        Assert.Equal(0, exit);
        Assert.Contains("chosen:   from scratch at 32, usual changes", output, StringComparison.Ordinal);
        AssertMadeAgain("scratch");
    }

    // The first trial is made however little time there is, and on few images it is on all to learn from.
    [Theory]
    [InlineData("short", 26, 6, 8)]
    [InlineData("grouped", 24, 8, 8, "--group-by", "(\\d)\\.png")]
    public void Without_time_for_a_last_training_the_model_of_the_trial_is_taken_which_train_makes_again(string name, int learnt,
        int watched, int tested, params string[] options)
    {
        var (exit, output, error) = Build(["--name", name, "--minutes", "0.001", .. options]);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains($"The model is that of this trial, which has learnt from {learnt} of {learnt + watched} images", output,
            StringComparison.Ordinal);
        var file = JsonNode.Parse(File.ReadAllText(Folder.File($"runs/{name}/pipeline.json")))!;
        Assert.Equal((0.2, learnt, watched, tested), ((double)file["validationShare"]!, (int)file["trainImages"]!,
            (int)file["validationImages"]!, (int)file["testImages"]!));
        Assert.Equal(21, File.ReadLines(Folder.File($"runs/{name}/history.csv")).Count());
        Assert.Empty(Directory.GetDirectories(Folder.File($"runs/{name}/trials")));
        AssertMadeAgain(name);
    }

    [Fact]
    public void A_build_that_was_stopped_behind_its_trial_takes_the_model_that_it_left()
    {
        string[] options = ["build", Folder.File("data"), "--output", Folder.File("runs"), "--minutes", "0.001"];
        Assert.Equal(0, Run([.. options, "--name", "whole"]).Exit);
        using var stop = new CancellationTokenSource();
        var (output, error) = (new StopAtTrial(stop, 1), new StringWriter());
        Assert.Equal(130, CommandLine.Run([.. options, "--name", "stopped"], output, error, stop.Token));
        // One epoch less is told of than was learnt: only of what was kept can that be.
        var kept = Directory.GetFiles(Folder.File("runs/stopped/trials/models"), "*.csv").Single();
        File.WriteAllLines(kept, File.ReadAllLines(kept)[..^1]);
        var (exit, resumed, _) = Run([.. options, "--name", "stopped", "--resume"]);
        Assert.Equal(0, exit);
        Assert.Contains("The model is that of this trial", resumed, StringComparison.Ordinal);
        Assert.Equal([21, 20], new[] { "whole", "stopped" }.Select(run => File.ReadLines(Folder.File($"runs/{run}/history.csv")).Count()));
        Assert.False(File.Exists(kept));
        Assert.Equal(File.ReadAllBytes(Folder.File("runs/whole/model.onnx")), File.ReadAllBytes(Folder.File("runs/stopped/model.onnx")));
    }

    [Fact]
    public void With_images_to_choose_by_of_their_own_train_makes_the_model_again()
    {
        foreach (var (label, number) in new[] { "red", "blue" }.SelectMany(label => Enumerable.Range(0, 20).Select(at => (label, at))))
        {
            var part = Folder.File($"parts/{(number < 12 ? "train" : number < 16 ? "validation" : "test")}/{label}");
            Directory.CreateDirectory(part);
            File.Copy(Folder.File($"data/{label}/{number}.png"), Path.Combine(part, $"{number}.png"));
        }
        var (exit, output, error) = Run(["build", Folder.File("parts"), "--output", Folder.File("runs"), "--name", "parts",
            "--trials", "1"]);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("chosen:   from scratch at 32, usual changes", output, StringComparison.Ordinal);
        Assert.Null(JsonNode.Parse(File.ReadAllText(Folder.File("runs/parts/pipeline.json")))!["validationShare"]);
        AssertMadeAgain("parts");
    }

    [Fact]
    public void A_build_that_was_stopped_goes_on_to_the_same_model()
    {
        string[] options = ["--network", Network, "--trials", "4"];
        Assert.Equal(0, Build(["--name", "whole", .. options]).Exit);
        using var stop = new CancellationTokenSource();
        var (output, error) = (new StopAtTrial(stop, 2), new StringWriter());
        Assert.Equal(130, CommandLine.Run(["build", Folder.File("data"), "--output", Folder.File("runs"), "--name", "stopped", .. options],
            output, error, stop.Token));
        Assert.Contains("the same command with --resume goes on", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(Folder.File("runs/stopped/trials"), "*.json").Length);
        Assert.Equal(0, Build(["--name", "stopped", "--resume", .. options]).Exit);
        Assert.Equal(Trials("whole"), Trials("stopped"));
        Assert.Equal(5, Trials("whole").Length);
        Assert.Equal(File.ReadAllBytes(Folder.File("runs/whole/model.onnx")), File.ReadAllBytes(Folder.File("runs/stopped/model.onnx")));

        var (exit, _, refused) = Build(["--name", "stopped", "--resume", "--seed", "8", .. options]);
        Assert.Equal(1, exit);
        Assert.Contains("holds the trials of another search", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--minutes: got '0', needs a number of more than 0", "--minutes", "0")]
    [InlineData(2, "--trials: got '0', needs a whole number from 1", "--trials", "0")]
    [InlineData(1, "nothing.onnx: is neither a file nor the name of a known network", "--network", "nothing.onnx")]
    public void What_is_asked_for_wrongly_is_said(int exit, string said, params string[] options)
    {
        var (found, _, error) = Build(options);
        Assert.Equal(exit, found);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.File("runs")) && Directory.EnumerateFileSystemEntries(Folder.File("runs")).Any());
    }

    void AssertMadeAgain(string name)
    {
        var (exit, _, error) = Run(["train", "--pipeline", Folder.File($"runs/{name}/pipeline.json"), "--output", Folder.File("runs"),
            "--name", "again"]);
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(File.ReadAllBytes(Folder.File($"runs/{name}/model.onnx")), File.ReadAllBytes(Folder.File("runs/again/model.onnx")));
        Assert.Equal(File.ReadAllText(Folder.File($"runs/{name}/predictions.csv")),
            File.ReadAllText(Folder.File("runs/again/predictions.csv")));
    }

    (int Exit, string Output, string Error) Build(params string[] options) =>
        Run(["build", Folder.File("data"), "--output", Folder.File("runs"), .. options]);

    string[] Files(string run) => [.. Directory.GetFileSystemEntries(Folder.File($"runs/{run}")).Select(path => Path.GetFileName(path))
        .Order(StringComparer.Ordinal)];

    // All but the seconds.
    string[] Trials(string run) =>
        [.. File.ReadLines(Folder.File($"runs/{run}/trials.csv")).Select(line => Seconds().Replace(line, ",$1"))];

    [GeneratedRegex(@",[0-9.E-]+,([01])$")]
    private static partial Regex Seconds();

    sealed class StopAtTrial(CancellationTokenSource stop, int number) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value!.StartsWith($"{number,5}  ", StringComparison.Ordinal))
                stop.Cancel();
        }
    }
}
