using System.Text.Json.Nodes;
using MlPipelines.Cli;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Cli;

/// <summary>Cohorts, answers of 'unknown', calibration and comparison on the command line.</summary>
[Trait("Category", "Runtime")]
public sealed class JudgingCommandsTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();
    readonly string model;

    public JudgingCommandsTests()
    {
        model = Model("model.onnx", "red", "green", "blue");
        Picture("data/red/2024-a.png", 9, 0, 0);
        Picture("data/red/2025-b.png", 2, 1, 1);
        Picture("data/green/2024-c.png", 0, 9, 0);
        Picture("data/blue/2025-d.png", 1, 2, 1);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Cohorts_are_told_and_written()
    {
        var (exit, output, error) = Run("evaluate", model, folder.File("data"), "--by", @"(\d{4})-", "--output", folder.File("out"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("\n2024  100.0% of     2 images (95 % interval 34.2% to 100.0%)", output);
        Assert.Contains("\n2025   50.0% of     2 images (95 % interval 9.5% to 90.5%)", output);
        var lines = File.ReadAllLines(folder.File("out/cohorts.csv"));
        Assert.Equal(["cohort", "2024", "2025"], lines.Select(line => line.Split(',')[0]));
        Assert.StartsWith("2024,2,1,0.34", lines[1], StringComparison.Ordinal);
        Assert.All((string[])["roc", "precision_recall", "calibration", "coverage"], name =>
            Assert.StartsWith("<svg", File.ReadAllText(folder.File($"out/{name}.svg")), StringComparison.Ordinal));
    }

    [Fact]
    public void Cohorts_may_be_a_column_of_a_table()
    {
        folder.With("list.csv", "path,label,camera\ndata/red/2024-a.png,red,one\ndata/red/2025-b.png,red,two\n");
        Assert.Contains("\none  100.0% of     1 images", Run("evaluate", model, folder.File("list.csv"), "--by", "camera").Output);
        var (exit, _, error) = Run("evaluate", model, folder.File("data"), "--by", "(2024)");
        Assert.Equal(1, exit);
        Assert.StartsWith("mlpipe: --by: '(2024)' finds nothing in 2 of 4 images, such as ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Low_scores_are_answered_with_unknown()
    {
        Assert.Contains("answered from a best score of 0.9 on: 50.0% of the images, 100.0% of them right",
            Run("evaluate", model, folder.File("data"), "--reject-below", "0.9").Output);
        Assert.Contains("answered from a best score of 1 on: none of the images",
            Run("evaluate", model, folder.File("data"), "--reject-below", "1").Output);
        Assert.Equal("data/red/2024-a.png  red: red 0.9998\ndata/red/2025-b.png  unknown: red 0.5761\n",
            Predicted().Replace(folder.Path + Path.DirectorySeparatorChar, ""));
        Assert.Equal(["red", "unknown"], Predicted("--json").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string)JsonNode.Parse(line)!["answer"]!));
        Assert.Equal(["answer", "red", "unknown"],
            Predicted("--csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')[1]));
        Assert.Equal(2, Run("predict", model, folder.File("data"), "--reject-below", "0").Exit);

        string Predicted(params string[] options) =>
            Run(["predict", model, folder.File("data/red"), "--reject-below", "0.9", .. options]).Output.ReplaceLineEndings("\n");
    }

    [Fact]
    public void Figures_are_for_machines_where_asked()
    {
        var (exit, output, _) = Run("evaluate", model, folder.File("data"), "--by", @"(\d{4})-", "--json");
        Assert.Equal(0, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(["tested", "cohort", "cohort"], lines.Select(line => (string)line["event"]!));
        Assert.Equal((0.75, 4), ((double)lines[0]["microAccuracy"]!, (int)lines[0]["rows"]!));
        Assert.Equal(("2025", 0.5, 2), ((string)lines[2]["cohort"]!, (double)lines[2]["microAccuracy"]!, (int)lines[2]["rows"]!));
    }

    [Fact]
    public void A_class_may_not_be_called_unknown_where_answers_may()
    {
        var (exit, _, error) = Run("predict", Model("other.onnx", "red", "unknown", "blue"), folder.File("data"), "--reject-below", "0.5");
        Assert.Equal(1, exit);
        Assert.Contains("'unknown' is the name of a class", error);
    }

    [Theory]
    [InlineData("honest.onnx")]
    [InlineData("honest.zip")]
    public void A_model_is_calibrated_and_its_classes_stay(string name)
    {
        var (exit, output, error) = Run("calibrate", model, folder.File("data"), "--output", folder.File(name));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("found on 4 images; there log-loss", output);
        var before = Scores(model);
        var after = Scores(folder.File(name));
        Assert.Equal(before.Keys, after.Keys);
        // Three of four are right: of what was too sure of itself the scores fall.
        Assert.All(before, pair => Assert.InRange(after[pair.Key], 1 / 3f, pair.Value - 1e-4f));
    }

    [Fact]
    public void A_calibrated_model_gives_the_same_scores_as_zip_and_as_onnx()
    {
        foreach (var name in new[] { "honest.onnx", "honest.zip" })
            Assert.Equal(0, Run("calibrate", model, folder.File("data"), "--output", folder.File(name)).Exit);
        Assert.Equal(Scores(folder.File("honest.onnx")), Scores(folder.File("honest.zip")));
    }

    [Fact]
    public void A_calibrated_model_needs_a_name_and_images_with_labels_that_it_knows()
    {
        Assert.Equal(2, Run("calibrate", model, folder.File("data")).Exit);
        Assert.Contains("needs a name that ends in .onnx or .zip",
            Run("calibrate", model, folder.File("data"), "--output", folder.File("x.txt")).Error);
        Picture("others/cat/1.png", 1, 2, 3);
        var said = $"mlpipe: {folder.File("others")}: has the classes 'cat', {model} has 'red', 'green', 'blue': none in common. Name the "
            + "folders alike, or give another folder.\n";
        foreach (var words in (string[][])[["calibrate", model, folder.File("others"), "--output", folder.File("x.onnx")],
            ["report", model, folder.File("others")], ["compare", model, model, folder.File("others")],
            ["evaluate", model, folder.File("others")]])
            Assert.Equal((1, said), (Run(words).Exit, Run(words).Error.ReplaceLineEndings("\n")));
    }

    [Fact]
    public void Labels_are_doubted_where_there_are_other_classes_and_images_for_each_fold()
    {
        Picture("single/cat/1.png", 1, 2, 3);
        Assert.Equal($"mlpipe: {folder.File("single")}: has the single class 'cat', at least two are needed to doubt a label.\n",
            Run("dataset", "labels", folder.File("single")).Error.ReplaceLineEndings("\n"));
        Assert.Equal($"mlpipe: {folder.File("data")}: has at most 2 images of a class, fewer than --folds 5. Add images, or take fewer "
            + "folds.\n", Run("dataset", "labels", folder.File("data")).Error.ReplaceLineEndings("\n"));
        Assert.False(File.Exists(folder.File("x.onnx")));
    }

    [Fact]
    public void Two_models_are_compared_on_the_same_images()
    {
        // The classes of its scores are moved on by one: wrong wherever the first is right.
        var other = Model("other.onnx", "blue", "red", "green");
        var (exit, output, error) = Run("compare", model, other, folder.File("data"), "--output", folder.File("changed.csv"));
        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith("75.0% and 0.0% of 4 images: 0 gained, 3 lost, a difference of -75.0 points", output, StringComparison.Ordinal);
        Assert.Contains($"lost: {Path.Combine("red", "2024-a.png")}: red became blue", output);
        Assert.Equal(5, File.ReadAllLines(folder.File("changed.csv")).Length);
        Assert.Contains("the difference may be chance", Run("compare", model, model, folder.File("data")).Output);
        Assert.Contains("missing.onnx", Run("compare", model, "missing.onnx", folder.File("data")).Error);
        File.WriteAllText(folder.File("table.csv"), "path,label\ndata/red/2024-a.png,red\n");
        Assert.Contains($"lost: {Path.Combine("data", "red", "2024-a.png")}: red became blue",
            Run("compare", model, other, folder.File("table.csv")).Output);
    }

    [Fact]
    public void A_report_is_one_page_also_of_a_network_that_cannot_be_explained()
    {
        var (exit, output, error) = Run("report", model, folder.File("data"), "--train", folder.File("data"),
            "--output", folder.File("report.html"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(folder.File("report.html"), output);
        var page = File.ReadAllText(folder.File("report.html"));
        Assert.Contains("<title>model.onnx on ", page);
        // It has no features that a classifier starts from.
        Assert.Contains("without neighbours: ", page);
        Assert.Contains("\"learnt\":2", page);
        Assert.Contains("lies in the data folder",
            Run("report", model, folder.File("data"), "--output", folder.File("data/report.html")).Error);
    }

    [Fact]
    public void Labels_that_are_likely_wrong_are_listed_and_copied()
    {
        var network = folder.File("network.onnx");
        OnnxFile.Save(new Sequential(new Input(16, 16, 3), new Conv2D(6, 3, activation: Activation.Relu), new GlobalAveragePooling2D(),
            new Dense(7)).Build().Initialize(3), network);
        for (byte number = 0; number < 12; number++)
        {
            Picture($"many/red/{number}.png", (byte)(200 + number), 20, 20);
            Picture($"many/blue/{number}.png", 20, 20, (byte)(200 + number));
        }
        Picture("many/blue/wrong.png", 203, 20, 20);
        var (exit, output, _) = Run("dataset", "labels", folder.File("many"), "--network", network, "--folds", "4",
            "--output", folder.File("doubted"));
        Assert.Equal(0, exit);
        Assert.Contains($"{folder.File("many/blue/wrong.png")}: blue, rather red", output);
        Assert.True(File.Exists(folder.File("doubted/blue_to_red_wrong.png")));
        Assert.Contains("1 of 25 labels are doubted by a classifier that names 96.0% of them", output);
    }

    Dictionary<string, float> Scores(string file) => Run("predict", file, folder.File("data"), "--json").Output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
        .ToDictionary(line => $"{line["path"]} {line["predicted"]}", line => (float)line["scores"]![0]!["score"]!);

    string Model(string name, params string[] classes)
    {
        var paths = Scored.Files();
        var steps = ml.Transforms.LoadImages("Image", "ImagePath", 2, 2).Fit(paths)
            .Append(new ImageClassifier(MeanColourNetwork.Onnx(), [.. classes], "Image"));
        ml.Model.SaveAsOnnx(steps, folder.File(name), paths.Schema);
        return folder.File(name);
    }

    void Picture(string name, byte red, byte green, byte blue)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        Image.FromPixels(2, 2, 3, [.. Enumerable.Repeat((byte[])[red, green, blue], 4).SelectMany(pixel => pixel)]).Save(folder.File(name));
    }

    static (int Exit, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = CommandLine.Run(args, output, error, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}
