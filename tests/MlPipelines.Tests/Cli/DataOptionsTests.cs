using System.Text.Json.Nodes;
using MlPipelines.Cli;
using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

/// <summary>Which data a command takes, and what it says of it.</summary>
[Trait("Category", "Runtime")]
public sealed class DataOptionsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_table_is_read_by_its_header_and_tested_by_its_split()
    {
        Classes("data", 12);
        var lines = Enumerable.Range(0, 12).SelectMany(number => new[] { "red", "blue" }
            .Select(name => $"{(number < 3 ? "test" : "train")},{name},data/{name}/{number}.png"));
        folder.With("list.csv", $"split,label,path\n{string.Join('\n', lines)}\n");
        var (exit, output, error) = Train(folder.File("list.csv"), "--name", "a");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("is split already: train, test", output);
        Assert.Contains("18 images of 2 classes: 16 to learn from, 2 to watch, 6 to test with", output);
        (exit, output, error) = Run("evaluate", Model("a"), folder.File("list.csv"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("list.csv (test) is evaluated", output);
        Assert.Contains("of 6 images", output);
        Assert.Contains("--label-column", Train(folder.File("list.csv"), "--path-column", "label").Error);
        Assert.Contains("has the columns 'split', 'label', 'path', 'kind' is needed",
            Train(folder.File("list.csv"), "--label-column", "kind").Error);
    }

    [Theory]
    [InlineData("--path-column", "path")]
    [InlineData("--label-column", "label")]
    [InlineData("--split-column", "none")]
    [InlineData("--no-header")]
    public void Columns_of_a_folder_are_refused(params string[] option)
    {
        Classes("data", 2);
        var (exit, _, error) = Run(["train", folder.File("data"), .. option]);
        Assert.Equal(1, exit);
        var said = $"mlpipe: {option[0]}: is about a table (.csv or .tsv), and {folder.File("data")} is none. Leave it out, or name the "
            + "table.";
        Assert.Contains(said, error);
        Assert.Contains(said, Run(["evaluate", "model.onnx", folder.File("data"), .. option]).Error);
        Assert.Contains(said, Run(["dataset", "split", folder.File("data"), "--output", folder.File("new"), .. option]).Error);
    }

    [Fact]
    public void Evaluate_takes_the_part_that_is_not_learnt_from()
    {
        Classes("data/train", 10);
        Classes("data/val", 4, from: 50);
        Assert.Equal(0, Train(folder.File("data"), "--name", "a").Exit);
        var (exit, output, error) = Run("evaluate", Model("a"), folder.File("data"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains($"{folder.File("data/val")} is evaluated", output);
        Assert.Contains("of 8 images", output);
    }

    [Fact]
    public void Parts_are_parts_whatever_lies_beside_them()
    {
        Classes("data/train", 10);
        Classes("data/test", 4, from: 50);
        Picture("data/to-predict/1.png", 20, 200, 20);
        Picture("data/yellow/1.png", 200, 200, 20);
        var (exit, output, error) = Train(folder.File("data"), "--name", "a");
        Assert.Equal(0, exit);
        Assert.Contains("2 classes: 18 to learn from, 2 to watch, 8 to test with", output, StringComparison.Ordinal);
        Assert.Contains($"{folder.File("data/yellow")}: skipped, lies beside the parts test, train, and is none.", error);
        Assert.Contains("of 8 images", Run("evaluate", Model("a"), folder.File("data")).Output);
        System.IO.Compression.ZipFile.CreateFromDirectory(folder.File("data"), folder.File("data.zip"));
        Assert.Contains("of 8 images", Run("evaluate", Model("a"), folder.File("data.zip")).Output);
    }

    [Fact]
    public void A_column_of_parts_is_found_whatever_it_is_called()
    {
        Classes("data", 10);
        File.WriteAllLines(folder.File("list.csv"), ["img,y,set", .. Enumerable.Range(0, 10).SelectMany(number =>
            new[] { "red", "blue" }.Select(name =>
                $"data/{name}/{number}.png,{name},{(number < 6 ? "train" : number < 8 ? "val" : "test")}"))]);
        Assert.Contains("12 to learn from, 4 to watch, 4 to test with", Train(folder.File("list.csv"), "--dry-run").Output);
        // One other word, and it says something else.
        File.WriteAllText(folder.File("other.csv"), File.ReadAllText(folder.File("list.csv")).Replace("blue,test", "blue,lab",
            StringComparison.Ordinal));
        Assert.DoesNotContain("is split already", Train(folder.File("other.csv"), "--dry-run").Output);
    }

    [Fact]
    public void Classes_in_too_few_groups_are_not_called_too_small()
    {
        Classes("data", 10);
        var (_, _, error) = Train(folder.File("data"), "--group-by", "/?(red|blue)/", "--dry-run");
        Assert.Contains("has 10 images in too few groups to keep one back, so it is not tested. Add images of other groups", error);
        Assert.DoesNotContain("too few to keep one back, so", error);
        Assert.Contains("18 of 20 images have no group by the pattern",
            Run("dataset", "split", folder.File("data"), "--group-by", "^1", "--output", folder.File("split")).Error);
    }

    [Fact]
    public void A_model_tried_on_what_it_learnt_from_says_so()
    {
        Classes("data", 10);
        Classes("other", 5, from: 50);
        Assert.Equal(0, Train(folder.File("data"), "--name", "a", "--test", folder.File("other")).Exit);
        Classes("renamed", 10);
        Directory.Move(folder.File("renamed/red/0.png"), folder.File("renamed/red/new name.png"));
        Assert.Contains($"mlpipe: warning: 18 of 20 images looked at are among those that {Model("a")} has learnt from (90.0%)",
            Run("evaluate", Model("a"), folder.File("renamed")).Error);
        Assert.Equal("", Run("evaluate", Path.ChangeExtension(Model("a"), ".zip"), folder.File("other")).Error);
    }

    [Fact]
    public void Each_reason_not_to_be_tested_has_its_own_sentence()
    {
        Classes("data", 10);
        Picture("data/green/1.png", 20, 200, 20);
        var error = Train(folder.File("data"), "--name", "a").Error;
        Assert.Contains("class 'green' has 1 image, too few to keep one back, so it is not tested.", error);
        Classes("test", 3, from: 50);
        Picture("test/yellow/1.png", 200, 200, 20);
        error = Train(folder.File("data"), "--test", folder.File("test")).Error;
        Assert.Contains($"{folder.File("test")}: has no images of 'green', which is learnt and so not tested.", error);
        Assert.Contains($"{folder.File("test")}: 1 image ('yellow') is of no class in {folder.File("data")}", error);
        Assert.DoesNotContain("too few to keep", error);
        var (exit, output, said) = Run("evaluate", Model("a"), folder.File("test"), "--output", folder.File("scored"));
        Assert.Equal(0, exit);
        Assert.Contains("the model knows no class 'yellow': 1 image of it counts as a mistake.", said);
        Assert.Contains("1 image is of a class that the model does not know, and counts as a mistake", output);
        Assert.DoesNotContain("could not be read", output + said);
        Assert.Equal((0, 1), ((int)Json("scored/metrics.json")["skippedRows"]!, (int)Json("scored/metrics.json")["unknownClassRows"]!));
    }

    [Fact]
    public void Pictures_to_watch_of_a_class_that_is_not_learnt_are_not_unreadable()
    {
        Classes("data", 10);
        Classes("watch", 2, from: 50);
        Picture("watch/yellow/1.png", 200, 200, 20);
        var (_, output, error) = Train(folder.File("data"), "--validation", folder.File("watch"));
        Assert.Contains("1 image is of a class that is not learnt, and left out: 'yellow': 1.", error);
        Assert.DoesNotContain("could not be read", output + error);
    }

    [Fact]
    public void No_class_in_common_is_an_error_before_anything_is_learnt()
    {
        Classes("data", 10);
        Picture("test/yellow/1.png", 200, 200, 20);
        var (exit, _, error) = Train(folder.File("data"), "--test", folder.File("test"));
        Assert.Equal(1, exit);
        Assert.Contains("test: has the classes 'yellow', ", error);
        Assert.False(Directory.Exists(folder.File("runs")));
        Train(folder.File("data"), "--name", "a");
        (exit, _, error) = Run("evaluate", Model("a"), folder.File("test"));
        Assert.Equal(1, exit);
        Assert.Contains("has 'blue', 'red': none in common", error);
    }

    [Fact]
    public void Groups_are_never_divided()
    {
        for (var patient = 0; patient < 12; patient++)
            for (var number = 0; number < 3; number++)
                Picture($"data/{(patient % 2 == 0 ? "red" : "blue")}/p{patient}_{number}.png", (byte)(patient * 20), (byte)(number * 9), 7);
        var (exit, _, error) = Train(folder.File("data"), "--name", "a", "--group-by", "^(p\\d+)_");
        Assert.Equal((0, ""), (exit, error));
        var tested = File.ReadLines(folder.File("runs/a/predictions.csv")).Skip(1).Select(line => line.Split(',')[0]).ToArray();
        Assert.Equal((6, 2), (tested.Length, tested.Select(path => Path.GetFileName(path).Split('_')[0]).Distinct().Count()));
        Assert.Equal("^(p\\d+)_", (string)Json("runs/a/pipeline.json")["groupBy"]!);
        Assert.Equal(0, Run("dataset", "split", folder.File("data"), "--output", folder.File("parts"), "--group-by", "p(\\d+)").Exit);
        var patients = new[] { "train", "validation", "test" }.Select(part => Directory
            .GetFiles(folder.File($"parts/{part}"), "*.png", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path).Split('_')[0]).ToHashSet()).ToArray();
        Assert.Equal(12, patients.Sum(part => part.Count));
        Assert.Equal(12, patients.SelectMany(part => part).Distinct().Count());
        Assert.Contains("no image has a name that fits 'x(1)'", Train(folder.File("data"), "--group-by", "x(1)").Error);
        Assert.Contains("12 of 36 images have no group by the pattern, such as ",
            Train(folder.File("data"), "--group-by", "(p\\d+)_[02]").Error);
    }

    [Fact]
    public void A_tables_column_groups_it_and_groups_that_it_divides_itself_are_warned_of()
    {
        Classes("data", 10);
        var lines = Enumerable.Range(0, 10).SelectMany(number => new[] { "red", "blue" }
            .Select(name => $"data/{name}/{number}.png,{name},{number / 2},{(number < 3 ? "test" : "train")}"));
        folder.With("list.csv", $"path,label,scene,split\n{string.Join('\n', lines)}\n");
        Assert.Contains("1 group, such as '1', is both learnt from and tested with",
            Train(folder.File("list.csv"), "--group-by", "scene").Error);
        Assert.Equal("", Train(folder.File("list.csv"), "--group-by", "scene", "--split-column", "none").Error);
    }

    [Theory]
    [InlineData("crop", 0)]
    [InlineData("pad", 3)]
    [InlineData("stretch", 16)]
    public void Resizing_is_obeyed_recorded_and_shown(string resizing, int wide)
    {
        foreach (var name in (string[])["red", "blue"])
            for (var number = 0; number < 10; number++)
                Tall($"data/{name}/{number}.png", (byte)(name == "red" ? 255 : 20), (byte)number);
        var (exit, _, error) = Train(folder.File("data"), "--name", "a", "--resizing", resizing);
        Assert.Equal(0, exit);
        Assert.Equal(resizing == "crop", error.Contains("looked at lose more than a third", StringComparison.Ordinal));
        Assert.Equal(resizing, (string)Json("runs/a/pipeline.json")["resizing"]!);
        Assert.Contains($"resizing: {resizing}", Run("models", "inspect", Model("a")).Output);
        foreach (var model in new[] { Model("a"), Path.ChangeExtension(Model("a"), ".zip") })
        {
            var view = new MLContext(1).Model.LoadModel(model).Transform(new MLContext(1).Data.LoadFromImageFolder(folder.File("data")));
            var image = view.Rows("Image").Last().Get<Picture>("Image").Draw(-1);
            Assert.Equal((16, 16), (image.Width, image.Height));
            // The mark at the top is red: cut off, narrow between bars, or as wide as the picture.
            var reds = Enumerable.Range(0, 16).Count(x => image.Pixels[3 * x] - image.Pixels[3 * x + 2] > 100);
            Assert.Equal(wide, reds);
        }
        Assert.Equal(resizing, (string)Json(Again())["resizing"]!);
        Assert.Equal(2, Train(folder.File("data"), "--resizing", "squash").Exit);

        string Again()
        {
            Train(folder.File("data"), "--name", "b", "--from", Model("a"));
            return "runs/b/pipeline.json";
        }
    }

    [Fact]
    public void A_run_that_fails_at_once_leaves_no_folder()
    {
        Classes("data", 5);
        foreach (var file in Directory.GetFiles(folder.File("data"), "*.png", SearchOption.AllDirectories))
            File.WriteAllText(file, "no picture");
        for (var time = 0; time < 2; time++)
            Assert.Equal(1, Train(folder.File("data"), "--name", "a").Exit);
        Assert.Empty(Directory.GetFileSystemEntries(folder.File("runs")));
    }

    [Fact]
    public void A_run_folder_that_is_deleted_meanwhile_is_made_again()
    {
        Classes("data", 10);
        var output = new AtFirstEpoch(() => Directory.Delete(folder.File("runs"), recursive: true));
        Assert.Equal(0, CommandLine.Run(["train", folder.File("data"), "--output", folder.File("runs"), "--name", "a", "--size", "16",
            "--epochs", "2"], output, TextWriter.Null, TestContext.Current.CancellationToken));
        Assert.Equal(["calibration.svg", "checkpoint", "confusion_matrix.csv", "confusion_matrix.png", "confusion_matrix.svg",
            "coverage.svg", "history.csv", "history.svg", "metrics.json", "miss", "model.onnx", "model.zip", "pipeline.json",
            "precision_recall.svg", "predictions.csv", "report.html", "roc.svg"],
            Directory.GetFileSystemEntries(folder.File("runs/a")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Files_of_a_run_have_full_paths_and_no_figures_that_nobody_asked_for()
    {
        Classes("data", 10);
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), folder.File("data"));
        Assert.Equal(0, Train(relative, "--name", "a").Exit);
        Assert.All(File.ReadLines(folder.File("runs/a/predictions.csv")).Skip(1),
            line => Assert.StartsWith(folder.File("data"), line, StringComparison.Ordinal));
        Assert.Equal(folder.File("data"), (string)Json("runs/a/pipeline.json")["folder"]!);
        var metrics = Json("runs/a/metrics.json");
        Assert.Null(metrics["topKAccuracy"]);
        Assert.Null(metrics["topKPredictionCount"]);
        Assert.Equal(0, Run("evaluate", Model("a"), relative, "--top", "2", "--output", folder.File("scored")).Exit);
        Assert.Equal((2, 1), ((int)Json("scored/metrics.json")["topKPredictionCount"]!, (int)Json("scored/metrics.json")["topKAccuracy"]!));
    }

    JsonNode Json(string file) => JsonNode.Parse(File.ReadAllText(folder.File(file)))!;

    string Model(string run) => folder.File($"runs/{run}/model.onnx");

    (int Exit, string Output, string Error) Train(params string[] args) =>
        Run(["train", .. args, "--output", folder.File("runs"), "--size", "16", "--epochs", "1", "--batch", "8"]);

    static (int Exit, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = CommandLine.Run(args, output, error, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    void Classes(string name, int count, int from = 0)
    {
        for (var number = 0; number < count; number++)
        {
            Picture($"{name}/red/{number}.png", 200, (byte)(from + number), 20);
            Picture($"{name}/blue/{number}.png", 20, (byte)(from + number), 200);
        }
    }

    void Picture(string name, params byte[] colour)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        Image.FromPixels(16, 16, 3, [.. Enumerable.Repeat(colour, 256).SelectMany(pixel => pixel)]).Save(folder.File(name));
    }

    // 16×80, the upper fifth of a colour, the rest grey.
    void Tall(string name, byte red, byte shade)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        byte[] mark = [red, 20, (byte)(red == 255 ? 20 : 255)], rest = [100, 100, (byte)(100 + shade)];
        var pixels = Enumerable.Repeat(mark, 16 * 16).Concat(Enumerable.Repeat(rest, 16 * 64)).SelectMany(pixel => pixel);
        Image.FromPixels(16, 80, 3, [.. pixels]).Save(folder.File(name));
    }

    sealed class AtFirstEpoch(Action act) : StringWriter
    {
        bool done;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (done || value?.StartsWith("epoch ", StringComparison.Ordinal) != true)
                return;
            done = true;
            act();
        }
    }
}
