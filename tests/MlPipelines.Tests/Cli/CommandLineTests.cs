using System.Text.Json.Nodes;
using MlPipelines.Cli;
using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("fly")]
    [InlineData("train")]
    [InlineData("train x --epochs 0")]
    [InlineData("train x --epochs many")]
    [InlineData("train x --batch -1")]
    [InlineData("train x --learning-rate 0")]
    [InlineData("train x --device toaster")]
    [InlineData("train x y")]
    [InlineData("evaluate model.onnx")]
    [InlineData("predict model.onnx")]
    [InlineData("predict model.onnx a.jpg --json --csv")]
    [InlineData("predict model.onnx a.jpg --top 0")]
    [InlineData("predict model.onnx a.jpg --jsn")]
    [InlineData("train x --size 100000")]
    [InlineData("train x --weights heavy")]
    public void Misuse_is_said_on_the_error_stream_with_exit_code_2(string arguments)
    {
        var (exit, output, error) = Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith("mlpipe: ", error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train", "--fine-tune <N>")]
    [InlineData("models inspect", "--cut <LAYER>")]
    [InlineData("", "quickstart")]
    public void Help_is_a_command_too(string command, string said)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (exit, output, error) = Run(["help", .. words]);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.Equal(Run([.. words, "--help"]).Output, output);
    }

    [Theory]
    [InlineData("predict", "{0}", "a.png")]
    [InlineData("models", "inspect", "{0}")]
    public void Every_message_about_a_damaged_model_names_its_file(params string[] command)
    {
        var whole = File.ReadAllBytes(MeanColourNetwork.Save(folder.File("whole.onnx"), MeanColourNetwork.Onnx()));
        var (picture, path) = (Picture("a.png", 9, 4, 7), folder.File("mutant.onnx"));
        var dice = Dice.For(3);
        for (var i = 0; i < 60; i++)
        {
            var bytes = whole.ToArray();
            for (var k = 0; k <= i % 3; k++)
                bytes[dice.Below(Math.Min(bytes.Length, i % 2 == 0 ? 300 : bytes.Length))] ^= (byte)(1 << dice.Below(8));
            File.WriteAllBytes(path, i % 5 == 0 ? bytes[..dice.Below(bytes.Length)] : bytes);
            var (exit, _, error) = Run([.. command.Select(word => word == "{0}" ? path : word == "a.png" ? picture : word)]);
            if (exit != 0)
                Assert.Contains("mutant.onnx", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_misspelt_option_is_named_and_not_taken_for_a_folder()
    {
        Assert.StartsWith("mlpipe: Unrecognized option '--epoch'.", Run("train", "--epoch", "3", "x").Error, StringComparison.Ordinal);
        Assert.StartsWith("mlpipe: -x: not found", Run("train", "--", "-x").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("predict", "mlpipe: predict: MODEL is missing", "mlpipe: predict: FILES is missing")]
    [InlineData("evaluate model.onnx", "mlpipe: evaluate: FOLDER is missing")]
    public void A_missing_argument_is_named_once(string arguments, params string[] said)
    {
        var lines = Lines(Run(arguments.Split(' ')).Error)[..^1];
        Assert.Equal(said.Length, lines.Length);
        Assert.All(said.Zip(lines), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("train", "")]
    [InlineData("train", "x", "--output", " ")]
    [InlineData("train", "x", "--name", "")]
    [InlineData("predict", "model.onnx", "")]
    public void An_empty_name_is_a_misuse(params string[] arguments)
    {
        var (exit, _, error) = Run(arguments);
        Assert.Equal(2, exit);
        Assert.Contains("got nothing, needs a name.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--output")]
    [InlineData("--miss")]
    public void Results_do_not_go_among_the_images(string option)
    {
        Picture("data/red/1.png", 9, 0, 0);
        Picture("data/blue/1.png", 0, 0, 9);
        var (exit, _, error) = Run("evaluate", Model(), folder.File("data"), option, folder.File("data/red/out"));
        Assert.Equal(1, exit);
        Assert.Contains($"lies in the data folder {folder.File("data")}", error, StringComparison.Ordinal);
        Assert.Equal(1, Run("train", folder.File("data"), "--output", folder.File("data")).Exit);
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.File("data"), "*", SearchOption.AllDirectories).Count(File.Exists));
    }

    [Fact]
    public void Streams_that_cannot_be_written_end_in_exit_code_1()
    {
        using var full = new FullStream();
        Assert.Equal(1, CommandLine.Run(["predict", "none.onnx", "a.jpg"], full, full, TestContext.Current.CancellationToken));
    }

    [Fact, Trait("Category", "Runtime")]
    public async Task A_long_command_line_is_no_danger()
    {
        var start = new System.Diagnostics.ProcessStartInfo("dotnet",
            [typeof(CommandLine).Assembly.Location, "predict", Model(),
                .. Enumerable.Repeat("none.jpg", 6000)])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, ""), (process.ExitCode, await output));
        Assert.Equal(6000, Lines(error).Length);
    }

    [Theory]
    [InlineData("--help", "quickstart")]
    [InlineData("train --help", "--learning-rate")]
    [InlineData("evaluate --help", "--miss")]
    [InlineData("predict --help", "--json")]
    [InlineData("quickstart --help", "--output")]
    [InlineData("--version", ".")]
    public void Help_and_version_are_no_errors(string arguments, string said)
    {
        var (exit, output, error) = Run(arguments.Split(' '));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_model_is_one_clear_line()
    {
        var (exit, output, error) = Run("predict", folder.File("none.onnx"), "a.jpg");
        Assert.Equal((1, ""), (exit, output));
        Assert.Equal($"mlpipe: {folder.File("none.onnx")}: not found, a model file (.zip or .onnx) is needed. Check the path, or make one "
            + $"with 'mlpipe train'.{Environment.NewLine}", error);
    }

    [Theory]
    [InlineData("this is text")]
    [InlineData("")]
    public void A_model_file_that_is_none_is_one_clear_line(string content)
    {
        var (exit, _, error) = Run("evaluate", folder.With("text.onnx", content), folder.Path);
        Assert.Equal(1, exit);
        Assert.StartsWith($"mlpipe: {folder.File("text.onnx")}: ", Assert.Single(Lines(error)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_cut_short_is_one_clear_line()
    {
        var model = File.ReadAllBytes(Model());
        File.WriteAllBytes(folder.File("short.onnx"), model[..(model.Length / 2)]);
        var (exit, _, error) = Run("predict", folder.File("short.onnx"), Picture("a.png", 250, 0, 0));
        Assert.Equal(1, exit);
        Assert.StartsWith($"mlpipe: {folder.File("short.onnx")}: ", Assert.Single(Lines(error)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate")]
    public void A_folder_without_images_is_one_clear_line(string command)
    {
        Directory.CreateDirectory(folder.File("empty"));
        var (exit, _, error) = command == "train" ? Run("train", folder.File("empty"), "--output", folder.File("runs"))
            : Run("evaluate", Model(), folder.File("empty"));
        Assert.Equal(1, exit);
        Assert.StartsWith($"mlpipe: {folder.File("empty")}: has no sub-folder", Assert.Single(Lines(error)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    [Fact]
    public void One_class_is_too_few_to_train_and_leaves_nothing_behind()
    {
        Picture("data/red/1.png", 255, 0, 0);
        var (exit, _, error) = Run("train", folder.File("data"), "--output", folder.File("runs"));
        Assert.Equal(1, exit);
        Assert.Contains("has images of one class, 'red', needs at least two. Add a sub-folder", error, StringComparison.Ordinal);
        Assert.Contains("needs at least two. Add rows of another "
            + "class", Run("train", folder.With("one.csv", "path,label\ndata/red/1.png,a"),
            "--output", folder.File("runs")).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("runs")));
    }

    [Fact]
    public void Verbose_shows_the_stack()
    {
        Assert.DoesNotContain("   at ", Run("predict", "none.onnx", "a.jpg").Error, StringComparison.Ordinal);
        Assert.Contains("   at ", Run("predict", "none.onnx", "a.jpg", "--verbose").Error, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Runtime")]
    public void Predict_names_the_best_classes_of_each_image()
    {
        var (exit, output, error) = Run("predict", Model(), Picture("a.png", 9, 4, 7), Picture("@b.png", 0, 0, 9), "--top", "2");
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal([$"{folder.File("a.png")}  red 0.8756  blue 0.1185", $"{folder.File("@b.png")}  blue 0.9998  green 0.0001"],
            Lines(output).Select(line => line.Replace("red 0.0001", "green 0.0001", StringComparison.Ordinal)));
    }

    [Fact, Trait("Category", "Runtime")]
    public void Predict_writes_json_lines_and_csv()
    {
        var picture = Picture("a.png", 9, 4, 7);
        var json = JsonNode.Parse(Assert.Single(Lines(Run("predict", Model(), picture, "--json", "--top", "3").Output)))!;
        Assert.Equal((picture, "red", 3), ((string)json["path"]!, (string)json["predicted"]!, json["scores"]!.AsArray().Count));
        Assert.Equal(Math.Exp(9) / (Math.Exp(9) + Math.Exp(4) + Math.Exp(7)), (double)json["scores"]![0]!["score"]!, 1e-5);

        var csv = Lines(Run("predict", Model(), picture, "--csv").Output);
        Assert.Equal("path,class 1,score 1", csv[0]);
        Assert.StartsWith($"{picture},red,0.87", csv[1], StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Runtime")]
    public void Scores_that_are_no_numbers_end_the_command_with_the_models_name_and_the_node()
    {
        MeanColourNetwork.Save(folder.File("nan.onnx"), MeanColourNetwork.Onnx(scoring: "Acos"));
        var (exit, output, error) = Run("predict", folder.File("nan.onnx"), Picture("a.png", 9, 4, 7), "--json");
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith($"mlpipe: {folder.File("nan.onnx")}: the network gives what is no number", error, StringComparison.Ordinal);
        Assert.Contains("Acos", error, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Runtime")]
    public void Predict_goes_on_after_a_file_that_cannot_be_read_and_fails_at_the_end()
    {
        var (exit, output, error) =
            Run("predict", Model(), folder.With("text.jpg", "no picture"), folder.File("none.jpg"), Picture("a.png", 9, 4, 7));
        Assert.Equal(1, exit);
        Assert.Contains("a.png  red", Assert.Single(Lines(output)), StringComparison.Ordinal);
        Assert.Equal(2, Lines(error).Length);
        Assert.StartsWith($"mlpipe: {folder.File("text.jpg")}: ", Lines(error)[0], StringComparison.Ordinal);
    }

    public static TheoryData<string> Kinds => ["zip", "onnx"];

    /// <summary>As the program of README saves it: the labels were text, and MapValueToKey is a step of the model.</summary>
    [Theory, MemberData(nameof(Kinds)), Trait("Category", "Runtime")]
    public void Predict_needs_no_labels_of_a_model_that_was_fitted_on_them(string kind)
    {
        var ml = new MLContext(1);
        var view = ml.Data.LoadFromEnumerable(
            [new Labelled(Picture("red.png", 9, 4, 7), "red"), new Labelled(Picture("blue.png", 4, 4, 9), "blue")]);
        var model = ml.Transforms.Conversion.MapValueToKey("LabelKey", "Species")
            .Append(ml.Transforms.LoadImages("Image", "ImagePath", 8, 8)).Fit(view)
            .Append(new ImageClassifier(MeanColourNetwork.Onnx(8), ["red", "green", "blue"], "Image"));
        if (kind == "zip")
            ml.Model.Save(model, view.Schema, folder.File("model.zip"));
        else
            ml.Model.SaveAsOnnx(model, folder.File("model.onnx"), view.Schema);
        var (exit, output, error) = Run("predict", folder.File($"model.{kind}"), Picture("a.png", 9, 4, 7));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("a.png  red", Assert.Single(Lines(output)), StringComparison.Ordinal);
    }

    sealed record Labelled(string ImagePath, string Species);

    [Fact, Trait("Category", "Runtime")]
    public void Evaluate_prints_the_matrix_sorts_mistakes_and_writes_the_run()
    {
        Picture("data/red/1.png", 9, 0, 0);
        Picture("data/blue/2.png", 9, 0, 0);
        folder.With("data/blue/broken.png", "no picture");
        folder.With("data/green/broken.png", "no picture");
        var (exit, output, error) =
            Run("evaluate", Model(), folder.File("data"), "--output", folder.File("run"), "--miss", folder.File("miss"), "--top", "2");

        Assert.Equal(0, exit);
        Assert.Contains("accuracy 50.0% of 2 images", output, StringComparison.Ordinal);
        Assert.Contains("top-2 accuracy", output, StringComparison.Ordinal);
        Assert.Contains("actual \\ predicted", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        Assert.Equal(["blue/broken.png", "green/broken.png"],
            Lines(error).Distinct().Select(line => line.Split(": ")[1].Split("data/")[1]));
        Assert.True(File.Exists(folder.File("miss/blue_to_red_2.png")));
        Assert.True(File.Exists(folder.File("run/miss/blue_to_red_2.png")));
        Assert.True(File.Exists(folder.File("run/confusion_matrix.png")));
        Assert.Equal(1, Run("evaluate", Model(), folder.File("data"), "--fail-on-bad-files").Exit);
    }

    [Fact, Trait("Category", "Runtime")]
    public void Evaluate_stops_when_asked_to()
    {
        foreach (var name in (string[])["red", "green", "blue"])
            Picture($"data/{name}/1.png", 9, 0, 0);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var error = new StringWriter();
        Assert.Equal(130, CommandLine.Run(["evaluate", Model(), folder.File("data")], TextWriter.Null, error, stop.Token));
        Assert.Equal($"mlpipe: Stopped.{Environment.NewLine}", error.ToString());
    }

    string Model() => MeanColourNetwork.Save(folder.File("model.onnx"), MeanColourNetwork.Onnx());

    string Picture(string name, params byte[] colour)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        Image.FromPixels(8, 8, 3, [.. Enumerable.Repeat(colour, 64).SelectMany(pixel => pixel)]).Save(folder.File(name));
        return folder.File(name);
    }

    sealed class FullStream : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }

    static (int Exit, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(args, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }

    static string[] Lines(string text) => text.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries);
}
