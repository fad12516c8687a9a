using System.Text.Json.Nodes;
using System.Xml.Linq;
using MlPipelines.Cli;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

public sealed class RunsCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public RunsCommandTests()
    {
        Run("first", "0.001", ("a.png", "cat", "cat"), ("b.png", "cat", "dog"), ("c.png", "dog", "cat"), ("d.png", "dog", "dog"));
        Run("second", "0.01", ("a.png", "cat", "cat"), ("b.png", "cat", "cat"), ("c.png", "dog", "dog"), ("d.png", "dog", "cat"));
    }

    public void Dispose() => folder.Dispose();

    string Runs => folder.File("runs");

    void Run(string name, string rate, params (string Path, string True, string Predicted)[] predictions)
    {
        folder.With($"runs/{name}/pipeline.json", $$"""
            { "network": "SmallCnn", "name": "{{name}}", "folder": "/data/pets", "classes": { "cat": 20, "dog": 20 },
              "learningRate": {{rate}}, "epochs": 2, "augmentations": ["RandomFlip", "AugMix(2)"], "validation": null }
            """);
        folder.With($"runs/{name}/history.csv", "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,samples,seconds,"
            + $"phase,kept\r\n1,1.5,0.5,,,{rate},40,2.5,,0\r\n2,0.75,0.75,0.5,0.8,{rate},40,1.5,,1\r\n");
        var right = predictions.Count(one => one.True == one.Predicted);
        folder.With($"runs/{name}/metrics.json", $$"""
            { "rows": {{predictions.Length}}, "microAccuracy": 0.{{right}}, "microAccuracyInterval95": [0.25, 0.75], "logLoss": null,
              "classes": [{ "name": "cat", "f1Score": 0.5 }, { "name": "dog", "f1Score": 0.625 }] }
            """);
        folder.With($"runs/{name}/predictions.csv", "path,true,predicted,score cat,score dog\r\n" + string.Concat(predictions.Select(one =>
            $"{one.Path},{one.True},{one.Predicted},{(one.Predicted == "cat" ? "0.75,0.25" : "0.25,0.75")}\r\n")));
    }

    static (int Exit, string Output, string Error) Mlpipe(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = CommandLine.Run(["runs", .. args], output, error, TestContext.Current.CancellationToken);
        return (exit, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Runs_are_listed_the_best_first()
    {
        var (exit, output, error) = Mlpipe("list", Runs);
        Assert.Equal((0, ""), (exit, error));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"^second +\d{4}-\d\d-\d\d \d\d:\d\d +SmallCnn, pets \(2 classes\) +30\.0% +25\.0% to 75\.0% of 4 +2 +4\.0$",
            lines[1]);
        Assert.StartsWith("first ", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("first ", Mlpipe("list", Runs, "--sort", "name").Output.Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Values_too_long_for_a_table_are_whole()
    {
        var (one, other) = (Changes("first", "0.5"), Changes("second", "0.25"));
        var (exit, output, error) = Mlpipe("compare", Path.Combine(Runs, "first"), Path.Combine(Runs, "second"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains($"\naugmentations\n  first: {one}\n  second: {other}\n", output, StringComparison.Ordinal);
        Assert.Contains($"\naugmentations: {one}\n", Mlpipe("show", Path.Combine(Runs, "first")).Output, StringComparison.Ordinal);

        string Changes(string run, string middle)
        {
            var changes = $"RandomFlip(Horizontal=True, Vertical=False, Probability={middle}, Further=\"of the very same kind\")";
            var file = Path.Combine(Runs, run, "pipeline.json");
            var pipeline = JsonNode.Parse(File.ReadAllText(file))!;
            pipeline["augmentations"] = changes;
            File.WriteAllText(file, pipeline.ToJsonString());
            return changes;
        }
    }

    [Fact]
    public void A_run_is_meant_by_its_name_or_by_its_folder()
    {
        var run = Path.Combine(Runs, "second");
        Assert.Equal(run, RunsCommand.Folder("second", Runs));
        Assert.Equal(run, RunsCommand.Folder(run, Runs));
        // What is a run nowhere stays as it was written, so that messages name it so.
        Assert.Equal("third", RunsCommand.Folder("third", Runs));
    }

    [Fact]
    public void A_list_is_read_by_programs()
    {
        var json = JsonNode.Parse(Mlpipe("list", Runs, "--json").Output.Split('\n')[0])!;
        Assert.Equal(("second", 0.3, 4, 2, 4.0, "tested"), ((string?)json["name"], (double)json["accuracy"]!, (int)json["images"]!,
            (int)json["epochs"]!, (double)json["seconds"]!, (string?)json["state"]));
        var csv = Mlpipe("list", Runs, "--csv").Output.Split('\n');
        Assert.Equal("name,folder,when,ran,state,accuracy,lower,upper,images,epochs,seconds", csv[0]);
        Assert.EndsWith(",tested,0.3,0.25,0.75,4,2,4", csv[1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_run_or_damaged_is_named_and_the_rest_is_shown()
    {
        Directory.CreateDirectory(Path.Combine(Runs, "holiday"));
        Directory.CreateDirectory(Path.Combine(Runs, ".cache"));
        folder.With("runs/first/metrics.json", "{ \"rows\": 4, \"rows\": 5 }");
        folder.With("runs/second/history.csv", "epoch,loss\r\n1,0.5\r\n");
        var (exit, output, error) = Mlpipe("list", Runs);
        Assert.Equal((0, 3), (exit, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Contains("holiday: is no run, as it has no pipeline.json, and is left out\n", error, StringComparison.Ordinal);
        Assert.DoesNotContain(".cache", error, StringComparison.Ordinal);
        Assert.Contains($"mlpipe: warning: {Path.Combine(Runs, "first", "metrics.json")}: is damaged: ", error, StringComparison.Ordinal);
        Assert.Contains($"{Path.Combine(Runs, "second", "history.csv")}:2: has no cell 'accuracy'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is damaged")]
    [InlineData("[1]", "is no JSON object")]
    [InlineData("{\"classes\": 3, \"network\": {}, \"head\": [\"x\"]}", null)]
    public void A_damaged_pipeline_is_no_stack(string content, string? said)
    {
        folder.With("runs/first/pipeline.json", content);
        foreach (var args in new[] { new[] { "list", Runs }, ["show", Path.Combine(Runs, "first")],
            ["compare", Path.Combine(Runs, "first"), Path.Combine(Runs, "second")] })
        {
            var (exit, _, error) = Mlpipe(args);
            Assert.Equal((0, said is null), (exit, error.Length == 0));
            Assert.Contains(said ?? "", error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("list", "nowhere")]
    [InlineData("show", "nowhere")]
    [InlineData("compare", "nowhere")]
    public void A_folder_that_is_not_there_is_an_error(string command, string named)
    {
        string[] other = command == "compare" ? [folder.File("runs/first")] : [];
        var (exit, _, error) = Mlpipe([command, folder.File(named), .. other]);
        Assert.Equal((1, $"mlpipe: {folder.File(named)}: not found, the folder of {(command == "list" ? "runs" : "a run")} is needed. "
            + "Check the path.\n"), (exit, error));
    }

    [Fact]
    public void The_folder_of_runs_is_no_run_and_a_run_no_folder_of_runs()
    {
        Assert.Contains("is no run, as it has no pipeline.json.", Mlpipe("show", Runs).Error, StringComparison.Ordinal);
        Assert.Contains("is a run itself", Mlpipe("list", Path.Combine(Runs, "first")).Error, StringComparison.Ordinal);
        Assert.Equal(2, Mlpipe("compare", Path.Combine(Runs, "first")).Exit);
    }

    [Fact]
    public void One_run_is_shown_whole()
    {
        var (exit, output, error) = Mlpipe("show", Path.Combine(Runs, "first"));
        Assert.Equal((0, ""), (exit, error));
        foreach (var said in (string[])["first: SmallCnn, pets (2 classes); tested", "learningRate   0.001",
            "augmentations  RandomFlip, AugMix(2)", "f1Score dog", "predictions.csv", "kept"])
            Assert.Contains(said, output, StringComparison.Ordinal);
        var json = JsonNode.Parse(Mlpipe("show", Path.Combine(Runs, "first"), "--json").Output)!;
        Assert.Equal((2, 0.001, 4), ((int)json["keptEpoch"]!, (double)json["pipeline"]!["learningRate"]!, (int)json["metrics"]!["rows"]!));
        Assert.Null(json["history"]![0]!["validationLoss"]);
    }

    [Fact]
    public void Runs_are_compared_by_what_ran_and_by_the_images_that_changed_sides()
    {
        var (exit, output, error) = Mlpipe("compare", Path.Combine(Runs, "first"), Path.Combine(Runs, "second"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Matches(@"(?m)^learningRate\s+0\.001\s+0\.01$", output);
        Assert.DoesNotContain("augmentations", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^microAccuracyInterval95\s+0\.25 to 0\.75\s+0\.25 to 0\.75$", output);
        Assert.Contains("first and second on the same images: 50.0% and 75.0% of 4 images: 2 gained, 1 lost", output,
            StringComparison.Ordinal);
        Assert.Matches(@"(?m)^b\.png\s+cat\s+dog\s+cat\s+gained$", output);
        Assert.Matches(@"(?m)^d\.png\s+dog\s+dog\s+cat\s+lost$", output);
    }

    [Fact]
    public void Runs_on_other_images_are_compared_without_them()
    {
        Run("third", "0.01", ("x.png", "cat", "cat"), ("b.png", "cat", "cat"));
        File.Delete(folder.File("runs/second/predictions.csv"));
        var (exit, output, _) = Mlpipe("compare", folder.File("runs/first"), folder.File("runs/second"), folder.File("runs/third"));
        Assert.Equal(0, exit);
        Assert.Contains("predictions.csv: not found, so that it is not known on which images they differ.", output,
            StringComparison.Ordinal);
        Assert.Contains("first and third on the same images: Compare: the first data has 4 rows, the second 2", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_is_well_formed_whatever_the_files_say()
    {
        const string hostile = "<script>alert(1)</script>&\"'";
        Run("<b>bad", "0.5", (hostile, "cat", "dog"), ("b.png", "cat", "cat"));
        Run("other", "0.25", (hostile, "cat", "cat"), ("b.png", "cat", "cat"));
        var (exit, _, error) = Mlpipe("compare", folder.File("runs/<b>bad"), folder.File("runs/other"), "--output",
            folder.File("page.html"));
        Assert.Equal((0, ""), (exit, error));
        var page = File.ReadAllText(folder.File("page.html"));
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>bad", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        var body = page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)];
        Assert.Equal(3, XDocument.Parse(body).Descendants().Count(element => element.Name.LocalName == "h2" && element.Value != "Epochs"));
    }
}
