using System.Text.Json.Nodes;
using MlPipelines.Cli;
using MlPipelines.Tests.Data;
using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Cli;

public sealed class DatasetCheckTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string In(string name) => Path.Combine(folder.Path, name);

    string Set()
    {
        for (var i = 1; i <= 5; i++)
        {
            folder.Write($"set/cat/{i}.png", Pictures.Noise(30, 20, i).Encode(".png"));
            folder.Write($"set/=dog/{i}.png", Pictures.Noise(30, 20, i + 10).Encode(".png"));
            folder.Write($"set/cat/broken{i}.png", Pictures.Noise(30, 20, i).Encode(".png")[..300]);
        }
        folder.Write("set/=dog/cat.png", File.ReadAllBytes(In("set/cat/1.png")));
        return In("set");
    }

    [Fact]
    public void Findings_are_grouped_with_the_worst_first_and_not_too_many()
    {
        var (exit, output, error) = Run("dataset", "check", Set(), "--lines", "2");
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(
        [
            "11 images of 2 classes read (set 11)",
            "Error: conflicting labels, 1",
            "  Keep the one in the right class; if both are right, an image of two classes is none of either.",
            $"    {In("set/=dog/cat.png")}, {In("set/cat/1.png")}: 2 copies of one image in the classes '=dog' and 'cat'",
            "Error: unreadable images, 5",
            "  Fetch them again, mend them or move them away; training skips them.",
        ], Lines(output)[..6]);
        Assert.Contains("… and 3 more (see --output FILE.csv)", output, StringComparison.Ordinal);
        Assert.EndsWith("6 errors", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_list_goes_to_a_file_whose_cells_are_text()
    {
        var (exit, output, _) = Run("dataset", "check", Set(), "--lines", "1", "--output", In("out/findings.csv"));
        var rows = Lines(File.ReadAllText(In("out/findings.csv")));
        Assert.Equal(0, exit);
        Assert.Contains($"(see {In("out/findings.csv")})", output, StringComparison.Ordinal);
        Assert.Equal("finding,severity,kind,path,found,advice", rows[0]);
        Assert.Equal(1 + 2 + 5, rows.Length);
        Assert.Equal(rows, Lines(Run("dataset", "check", In("set"), "--csv").Output));
    }

    [Fact]
    public void Json_is_one_object_a_line()
    {
        var findings = Lines(Run("dataset", "check", Set(), "--json").Output).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(6, findings.Length);
        Assert.Equal(("Error", "ConflictingLabels", 2),
            ((string)findings[0]["severity"]!, (string)findings[0]["kind"]!, findings[0]["paths"]!.AsArray().Count));
        Assert.Equal(In("set/cat/broken1.png"), (string)findings[1]["paths"]![0]!);
    }

    [Fact]
    public void Only_warnings_and_errors_fail_and_only_when_asked()
    {
        Assert.Equal(1, Run("dataset", "check", Set(), "--fail-on-findings").Exit);
        Directory.Delete(In("set"), recursive: true);
        folder.Write("set/cat/1.png", Pictures.Noise(30, 20, 1).Encode(".png"));
        folder.Write("set/cat/2.png", Pictures.Noise(30, 20, 2).Encode(".jpg"));
        var (exit, output, _) = Run("dataset", "check", In("set"), "--fail-on-findings");
        Assert.Equal(0, exit);
        Assert.EndsWith("1 advice", output.TrimEnd(), StringComparison.Ordinal);
        File.Delete(In("set/cat/2.png"));
        Assert.EndsWith("Nothing found.", Run("dataset", "check", In("set")).Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_another_folder_are_compared()
    {
        folder.Write("a/1.png", Pictures.Quarters(30, 20).Encode(".png"));
        folder.Write("b/1.jpg", Pictures.Quarters(60, 60).Encode(".jpg"));
        Assert.Contains("near shared images, 1", Run("dataset", "check", In("a"), "--against", In("b"), "--near", "8").Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dataset check")]
    [InlineData("dataset check x --near 33")]
    [InlineData("dataset check x --near few")]
    [InlineData("dataset check x --lines 0")]
    [InlineData("dataset check x --json --csv")]
    [InlineData("dataset check x y")]
    public void Misuse_is_exit_code_2(string arguments)
    {
        var (exit, output, error) = Run(arguments.Split(' '));
        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith("mlpipe: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_folder_of_images_is_one_clear_line()
    {
        Directory.CreateDirectory(In("empty"));
        Directory.CreateDirectory(In("hollow/cat"));
        var file = folder.Write("file.png", 1);
        Assert.StartsWith($"mlpipe: {In("nowhere")}: not found", Failure(In("nowhere")), StringComparison.Ordinal);
        Assert.StartsWith($"mlpipe: {file}: is a file", Failure(file), StringComparison.Ordinal);
        Assert.StartsWith($"mlpipe: {In("empty")}: has no sub-folder", Failure(In("empty")), StringComparison.Ordinal);
        Assert.StartsWith($"mlpipe: {In("hollow")}: its 1 sub-folders hold no image", Failure(In("hollow")), StringComparison.Ordinal);
        Assert.StartsWith($"mlpipe: {In("set/list.csv")}: lies in the data folder", Failure(Set(), "--output", In("set/list.csv")),
            StringComparison.Ordinal);
        Assert.False(File.Exists(In("set/list.csv")));
    }

    static string Failure(params string[] arguments)
    {
        var (exit, output, error) = Run(["dataset", "check", .. arguments]);
        Assert.Equal((1, ""), (exit, output));
        return Assert.Single(Lines(error));
    }

    static (int Exit, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(args, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }

    static string[] Lines(string text) => text.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries);
}
