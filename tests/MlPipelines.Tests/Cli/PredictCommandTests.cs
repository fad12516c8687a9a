using System.Text.Json.Nodes;
using MlPipelines.Cli;
using MlPipelines.Imaging;
using MlPipelines.Tests.Data.Sources;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Cli;

/// <summary>What predict takes beside single files, and where its results go.</summary>
[Trait("Category", "Runtime")]
public sealed class PredictCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly string model;

    public PredictCommandTests()
    {
        var (ml, paths) = (new MLContext(1), Scored.Files());
        var steps = ml.Transforms.LoadImages("Image", "ImagePath", 2, 2).Fit(paths)
            .Append(new ImageClassifier(MeanColourNetwork.Onnx(), ["red", "green", "blue"], "Image"));
        model = folder.File("model.onnx");
        ml.Model.SaveAsOnnx(steps, model, paths.Schema);
        Picture("photos/a.png", 9, 4, 7);
        Picture("photos/deep/er/b.png", 0, 9, 0);
        Picture("photos/deep/c.png", 0, 0, 9);
        Picture("photos/deep/.hidden.png", 0, 0, 9);
        folder.With("photos/notes.txt", "no picture");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("photos", "photos/a.png red", "photos/deep/c.png blue", "photos/deep/er/b.png green")]
    [InlineData("photos/", "photos/a.png red", "photos/deep/c.png blue", "photos/deep/er/b.png green")]
    [InlineData("photos/deep", "photos/deep/c.png blue", "photos/deep/er/b.png green")]
    [InlineData("photos/*.png", "photos/a.png red")]
    [InlineData("photos/**/*.png", "photos/a.png red", "photos/deep/c.png blue", "photos/deep/er/b.png green")]
    [InlineData("ph?tos/**/b.png", "photos/deep/er/b.png green")]
    [InlineData("photos/*/c.*", "photos/deep/c.png blue")]
    public void Folders_and_patterns_are_walked(string name, params string[] found)
    {
        var (exit, output, _) = Run("predict", model, folder.File(name));
        Assert.Equal(0, exit);
        Assert.Equal(found.Select(folder.File).Order(StringComparer.Ordinal),
            Lines(output).Select(line => string.Join(' ', line.Split("  ")[0], line.Split("  ")[1].Split(' ')[0]))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_no_image_in_a_folder_is_counted_on_one_line()
    {
        folder.With("photos/more.txt", "no picture");
        Assert.Equal($"mlpipe: passed over 2 files that are no images, such as {folder.File("photos/more.txt")} ('.txt' is no image format "
            + "read here)", Assert.Single(Lines(Run("predict", model, folder.File("photos")).Error)));
    }

    [Theory]
    [InlineData("photos.zip")]
    [InlineData("photos.tar")]
    [InlineData("photos.tar.gz")]
    public void An_archive_is_read_in_place(string name)
    {
        var (a, b) = ("in/a.png", Pixels(9, 4, 7).Encode(".png"));
        File.WriteAllBytes(folder.File(name), name.EndsWith(".zip", StringComparison.Ordinal) ? Packing.Zip((a, b), ("in/x.txt", [1]))
            : name.EndsWith(".gz", StringComparison.Ordinal) ? Packing.Gzip(Packing.Tar((a, b))) : Packing.Tar((a, b)));
        var (exit, output, _) = Run("predict", model, folder.File(name));
        Assert.Equal(0, exit);
        Assert.StartsWith($"{folder.File(name)}/in/a.png  red", Assert.Single(Lines(output)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_that_an_archive_was_made_of_is_no_file_of_it()
    {
        using (var tar = new System.Formats.Tar.TarWriter(File.Create(folder.File("all.tar"))))
        {
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.Directory, "./"));
            tar.WriteEntry(folder.File("photos/a.png"), "./a.png");
        }
        var (exit, output, error) = Run("predict", model, folder.File("all.tar"));
        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith($"{folder.File("all.tar")}/a.png  ", Assert.Single(Lines(output)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_of_an_archive_that_would_swell_is_a_failure()
    {
        File.WriteAllBytes(folder.File("swells.zip"), Packing.Zip(("in/a.png", Pixels(9, 4, 7).Encode(".png")),
            ("in/b.png", new byte[20_000_000])));
        var (exit, output, error) = Run("predict", model, folder.File("swells.zip"));
        Assert.Equal(1, exit);
        Assert.StartsWith($"{folder.File("swells.zip")}/in/a.png  red", Assert.Single(Lines(output)), StringComparison.Ordinal);
        Assert.StartsWith($"mlpipe: {folder.File("swells.zip")}/in/b.png: unpacks from ", Assert.Single(Lines(error)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", "holds no image. Check the path.")]
    [InlineData("photos/*.gif", "matches no file. Check the pattern.")]
    [InlineData("broken.zip", "begins with")]
    public void What_leads_to_no_image_is_named_and_the_rest_is_predicted(string name, string reason)
    {
        Directory.CreateDirectory(folder.File("empty"));
        folder.With("broken.zip", "no archive");
        var (exit, output, error) = Run("predict", model, folder.File(name), folder.File("photos/a.png"));
        Assert.Equal(1, exit);
        Assert.Single(Lines(output));
        Assert.StartsWith($"mlpipe: {folder.File(name)}: {reason}", Assert.Single(Lines(error)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_in_the_place_of_a_model_is_said_to_be_that()
    {
        folder.With("page.onnx", "<!DOCTYPE html>\n<p>Not found</p>");
        Assert.Contains("page.onnx: ONNX file: 32 bytes that are no ONNX model but a text, \"<!DOCTYPE html>\". Fetch or export it again.",
            Run("predict", folder.File("page.onnx"), folder.File("photos/a.png")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_whose_archive_is_damaged_is_no_model()
    {
        File.WriteAllBytes(folder.File("damaged.zip"), [.. "PK\u0003\u0004"u8, .. new byte[60]]);
        Assert.StartsWith($"mlpipe: {folder.File("damaged.zip")}: is no model, or a damaged one. Fetch it again. (",
            Run("predict", folder.File("damaged.zip"), folder.File("photos/a.png")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_comes_from_standard_input()
    {
        using var list = new StringReader($"\uFEFF{folder.File("photos/a.png")}\r\n\n{folder.File("photos/deep")}\n");
        var (exit, output, _) = Run(list, "predict", model, "-");
        Assert.Equal((0, 3), (exit, Lines(output).Length));
    }

    [Fact]
    public void A_list_may_have_zero_bytes_between_names_as_names_may_have_ends_of_lines()
    {
        File.Copy(folder.File("photos/a.png"), folder.File("two\nlines.png"));
        using var list = new StringReader($"{folder.File("photos/a.png")}\0{folder.File("two\nlines.png")}\0");
        var (exit, output, error) = Run(list, "predict", model, "-", "--json");
        Assert.Equal((0, 2, ""), (exit, Lines(output).Length, error));
        Assert.Contains("two\\nlines.png", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF\n\n")]
    public void A_list_without_names_is_an_error(string text)
    {
        using var list = new StringReader(text);
        var (exit, output, error) = Run(list, "predict", model, "-");
        Assert.Equal((1, ""), (exit, output));
        Assert.Equal("mlpipe: -: the list on standard input names nothing, images are needed, one a line.", Assert.Single(Lines(error)));
    }

    [Fact]
    public void The_folder_of_all_files_is_none_of_images() => Assert.Contains(
        $"{Path.GetPathRoot(folder.Path)}: holds all files there are, a folder of images is needed.",
        Run("predict", model, Path.GetPathRoot(folder.Path)!).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("photos/a.png", "photos/a.png")]
    [InlineData("photos/a.png", "photos")]
    [InlineData("photos/a.png", "photos/?.png")]
    [InlineData("MODEL", "photos")]
    public void Nothing_that_is_read_is_written_over(string output, string images)
    {
        var path = output == "MODEL" ? model : folder.File(output);
        var before = File.ReadAllBytes(path);
        var (exit, _, error) = Run("predict", model, folder.File(images), "--output", path);
        Assert.NotEqual(0, exit);
        Assert.Contains($"--output: '{path}' is what is read, and would be written over. Name another file.", error,
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    // Native libraries that were still being loaded when the process ended made it crash in one of five runs.
    [Fact]
    public async Task A_command_that_fails_early_ends_with_its_own_exit_code()
    {
        File.WriteAllBytes(folder.File("damaged.zip"), [.. "PK\u0003\u0004"u8, .. new byte[60]]);
        for (var run = 0; run < 16; run++)
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("dotnet",
                [typeof(CommandLine).Assembly.Location, "predict", folder.File("damaged.zip"), folder.File("photos/a.png")])
            {
                RedirectStandardError = true,
            })!;
            var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal((1, "is no model, or a damaged one."),
                (process.ExitCode, said.Contains("is no model, or a damaged one.", StringComparison.Ordinal)
                    ? "is no model, or a damaged one." : said));
        }
    }

    [Theory]
    [InlineData("photos", "cannot be written: it is a folder, the name of a file is needed.")]
    [InlineData("none/out.csv", "cannot be written: there is no folder FOLDER/none. Make it, or choose another folder.")]
    public void A_file_that_cannot_be_written_is_told_with_its_cause(string name, string said)
    {
        var (exit, _, error) = Run("predict", model, folder.File("photos/a.png"), "--output", folder.File(name));
        Assert.Equal(1, exit);
        Assert.Equal($"mlpipe: {folder.File(name)}: {said.Replace("FOLDER", folder.Path)}", Assert.Single(Lines(error)));
    }

    [Theory]
    [InlineData("out.csv", "", "path,class 1,score 1")]
    [InlineData("out.json", "", "{\"path\":")]
    [InlineData("out.txt", "--format csv", "path,class 1,score 1")]
    [InlineData("out.csv", "--json", "{\"path\":")]
    public void Results_go_into_a_file_of_the_format_that_is_asked_for(string name, string options, string begin)
    {
        var (exit, output, _) = Run(["predict", model, folder.File("photos/a.png"), "--output", folder.File(name),
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal((0, $"written: {folder.File(name)}"), (exit, Assert.Single(Lines(output))));
        Assert.StartsWith(begin, File.ReadAllText(folder.File(name)), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_the_same_by_either_option()
    {
        var line = Assert.Single(Lines(Run("predict", model, folder.File("photos/a.png"), "--format", "json").Output));
        Assert.Equal("red", (string?)JsonNode.Parse(line)!["predicted"]);
        Assert.Equal(line, Assert.Single(Lines(Run("predict", model, folder.File("photos/a.png"), "--json").Output)));
    }

    [Fact]
    public void Nothing_is_left_where_results_cannot_be_written()
    {
        var (exit, _, error) = Run("predict", model, folder.File("photos/a.png"), "--output", folder.File("no/such/out.csv"));
        Assert.Equal(1, exit);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
    }

    void Picture(string name, params byte[] colour)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        Pixels(colour).Save(folder.File(name));
    }

    static Image Pixels(params byte[] colour) => Image.FromPixels(8, 8, 3, [.. Enumerable.Repeat(colour, 64).SelectMany(pixel => pixel)]);

    static (int Exit, string Output, string Error) Run(params string[] args) => Run(TextReader.Null, args);

    static (int Exit, string Output, string Error) Run(TextReader input, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(args, output, error, input, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }

    static string[] Lines(string text) => text.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries);
}
