using System.Text.Json.Nodes;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Reports;

public sealed class RunFolderTests
{
    [Fact]
    public void A_curve_of_one_point_is_not_drawn()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Open(folder.File("run")).WriteHistory(new(Epochs.Of(1, 1.5, 0.5)));
        Assert.Equal(["history.csv"], Directory.GetFileSystemEntries(folder.File("run")).Select(Path.GetFileName));
    }

    [Fact]
    public void Names_that_are_taken_are_numbered()
    {
        using var folder = new TemporaryFolder();
        var runs = Enumerable.Range(0, 3).Select(_ => RunFolder.Create(folder.File("runs"), "flowers", []).Folder).ToArray();

        Assert.Equal(["flowers", "flowers-2", "flowers-3"], runs.Select(Path.GetFileName));
        Assert.Equal(runs.Order(), Directory.GetFileSystemEntries(folder.File("runs")).Order());
        Assert.Equal("{}", File.ReadAllText(Path.Combine(runs[2], "pipeline.json")));
    }

    [Fact]
    public void The_last_run_of_a_name_is_found_under_the_name_that_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(RunFolder.Last(folder.Path, "../x"));
        var first = RunFolder.Create(folder.Path, "../x", []);
        Assert.Equal(first.Folder, RunFolder.Last(folder.Path, "../x")?.Folder);
        var second = RunFolder.Create(folder.Path, "../x", []);
        Assert.Equal(second.Folder, RunFolder.Last(folder.Path, "../x")?.Folder);
    }

    [Fact]
    public void Runs_that_start_at_once_get_folders_of_their_own()
    {
        using var folder = new TemporaryFolder();
        var runs = new string[8];
        Parallel.For(0, runs.Length, run => runs[run] = RunFolder.Create(folder.Path, "x", []).Folder);
        Assert.Equal(8, runs.Distinct().Count());
    }

    [Fact]
    public void What_a_run_left_that_was_killed_while_its_folder_was_made_is_no_run_and_goes_with_the_next()
    {
        using var folder = new TemporaryFolder();
        folder.With($"runs/.{Guid.NewGuid():N}.part/whole/pipeline.json", "{}");
        Assert.Empty(RecordedRun.All(folder.File("runs"), Assert.Fail));
        RunFolder.Create(folder.File("runs"), "x", []);
        Assert.Equal([folder.File("runs/x")], Directory.GetFileSystemEntries(folder.File("runs")));
    }

    [Fact]
    public void A_run_that_leaves_nothing_takes_no_name()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Create(folder.Path, "x", []).Discard();
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        var run = RunFolder.Create(folder.Path, "x", []);
        File.WriteAllText(run.PathOf("model.onnx"), "");
        run.Discard();
        RunFolder.Open(run.Folder).Discard();
        Assert.Equal(["model.onnx", "pipeline.json"], Directory.GetFiles(run.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_folder_that_was_deleted_is_made_again()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Create(folder.File("runs"), "x", new JsonObject { ["seed"] = 3 });
        Directory.Delete(folder.File("runs"), recursive: true);
        run.Restore();
        Assert.Equal(3, (int)JsonNode.Parse(File.ReadAllText(run.PathOf("pipeline.json")))!["seed"]!);
    }

    [Fact]
    public void A_name_never_leaves_the_folder_of_runs()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(folder.File("runs/__.._x"), RunFolder.Create(folder.File("runs"), "../../x", []).Folder);
    }

    [Fact, Trait("Category", "Runtime")]
    public void An_evaluation_leaves_all_its_files()
    {
        using var folder = new TemporaryFolder();
        var run = RunFolder.Open(folder.File("run"));
        var (metrics, mistakes) = run.WriteEvaluation(new MLContext(seed: 1).MulticlassClassification,
            Scored.Files((folder.With("1.jpg", "one"), "cat", "dog"), ("2.jpg", "dog", "dog")),
            cancellation: TestContext.Current.CancellationToken);
        run.WritePipeline(new JsonObject { ["seed"] = 1 });
        run.WriteHistory(new(Epochs.Of(1, 1.5, 0.5), Epochs.Of(2, 1, 0.75)));

        Assert.Equal(["calibration.svg", "confusion_matrix.csv", "confusion_matrix.png", "confusion_matrix.svg", "coverage.svg",
            "history.csv", "history.svg", "metrics.json", "miss", "pipeline.json", "precision_recall.svg", "predictions.csv", "roc.svg"],
            Directory.GetFileSystemEntries(run.Folder).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal));
        var json = JsonNode.Parse(File.ReadAllText(run.PathOf("metrics.json")))!;
        Assert.Equal((0.5, "dog"), ((double)json["microAccuracy"]!, (string)json["classes"]![1]!["name"]!));
        Assert.Equal((0.5, 1), (metrics.MicroAccuracy, mistakes.Mistakes.Length));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_clear_error()
    {
        using var folder = new TemporaryFolder();
        var file = folder.With("file", "");
        Assert.StartsWith($"{file}/runs: cannot make a folder for the run:",
            Assert.Throws<IOException>(() => RunFolder.Create($"{file}/runs", "x", [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_put_in_place_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        folder.With("pipeline.json/file", "a folder is in the way");
        var error = Assert.Throws<IOException>(() => RunFolder.Open(folder.Path).WritePipeline([]));

        Assert.StartsWith($"{folder.File("pipeline.json")}: cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.Equal([folder.File("pipeline.json")], Directory.GetFileSystemEntries(folder.Path));
    }
}
