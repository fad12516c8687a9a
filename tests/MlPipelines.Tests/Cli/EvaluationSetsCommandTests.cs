using MlPipelines.Cli;
using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Evaluation.EvaluationSets;

namespace MlPipelines.Tests.Cli;

/// <summary>mlpipe evalsets.</summary>
[Trait("Category", "Runtime")]
public sealed class EvaluationSetsCommandTests : IDisposable
{
    const int Count = 60;

    readonly TemporaryFolder folder = new();

    public EvaluationSetsCommandTests()
    {
        foreach (var label in new[] { "red", "blue" })
        {
            Directory.CreateDirectory(folder.File($"data/{label}"));
            for (var number = 0; number < Count; number++)
            {
                var (dice, pixels) = (Dice.For(number, label.Length), new byte[192]);
                dice.Bytes(pixels);
                for (var i = 0; i < pixels.Length; i++)
                    pixels[i] = (byte)(pixels[i] / 3 + (i % 3 == (label == "red" ? 0 : 2) ? 160 : 0));
                Image.FromPixels(8, 8, 3, pixels).Save(folder.File($"data/{label}/{number}.png"));
            }
        }
        for (var seed = 1; seed <= 4; seed++)
            folder.With($"guess-{seed}.csv", $"path,predicted\n{string.Join('\n', Rows(seed))}\n");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Models_and_tables_give_sets_a_page_and_a_word_on_whether_they_hold()
    {
        var zip = ModelMemberTests.ForeignZip(new(1), folder);
        var (exit, output, error) = Run(folder.File("data"), "--member", zip, "--member", $"{zip},filter=grey,name=grey",
            "--member", $"{folder.File("guess-1.csv")},type=guess", "--member", $"{folder.File("guess-2.csv")},type=guess,role=held-out",
            "--pictures", "20", "--draws", "3", "--keep-duplicates", "--shown", "2", "--queries", "60", "--output", folder.File("sets"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("foreign.zip: 120 of 120 pictures answered, 100.0 % right", output, StringComparison.Ordinal);
        Assert.Contains("directed: types differ by", output, StringComparison.Ordinal);
        Assert.Contains($"look at {folder.File("sets/report.html")}", output, StringComparison.Ordinal);
        Assert.Equal(20, Directory.GetFiles(folder.File("sets/directed"), "*.png", SearchOption.AllDirectories).Length);
        Assert.Contains("<td class=\"name\">grey</td>", File.ReadAllText(folder.File("sets/report.html")), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder.File("sets-answers")).Length);
    }

    [Fact]
    public void Sets_can_be_links()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("links need a right of their own on Windows");
        Assert.Equal(0, Run(folder.File("data"), "--member", folder.File("guess-1.csv"), "--member", folder.File("guess-3.csv"),
            "--pictures", "20",
            "--links", "--output", folder.File("sets")).Exit);
        var link = new FileInfo(Directory.GetFiles(folder.File("sets/directed/red"))[0]);
        Assert.StartsWith(folder.File("data"), link.LinkTarget, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "two classifiers or more are needed")]
    [InlineData(1, "Give each a name of its own", "--member", "guess-1.csv", "--member", "guess-1.csv")]
    [InlineData(1, "of 1 type without those held out", "--member", "guess-1.csv")]
    [InlineData(1, "nowhere.csv: not found", "--member", "nowhere.csv", "--member", "guess-1.csv")]
    [InlineData(1, "nowhere.zip: not found", "--member", "nowhere.zip", "--member", "guess-1.csv")]
    [InlineData(1, "a table of predictions cannot look through a filter", "--member", "guess-1.csv,filter=grey", "--member", "guess-2.csv")]
    [InlineData(1, "Ask for fewer pictures", "--member", "guess-1.csv", "--member", "guess-2.csv", "--pictures", "5000")]
    [InlineData(1, "data: holds something already", "--member", "guess-1.csv", "--member", "guess-2.csv", "--output", "data")]
    [InlineData(2, "filter is 'red', needs one of grey, blur, edges", "--member", "guess-1.csv,filter=red")]
    [InlineData(2, "role is 'mine', needs search or held-out", "--member", "guess-1.csv,role=mine")]
    [InlineData(2, "needs one value for 'type'", "--member", "guess-1.csv,type=a,type=b")]
    [InlineData(2, "'labels' is about networks made elsewhere", "--member", "guess-1.csv,labels=x")]
    [InlineData(2, "got 'odd', needs one of control, wide-view, less-colour", "--types", "odd")]
    public void What_does_not_go_is_said(int expected, string message, params string[] words)
    {
        string[] named = [.. words.Select(word => word is "data" || word.StartsWith("guess", StringComparison.Ordinal) ? folder.File(word)
            : word)];
        var (exit, _, error) = Run([folder.File("data"), .. named, .. named.Contains("--output") ? []
            : new[] { "--output", folder.File("never") }]);
        Assert.Equal((expected, ""), (exit, error.Contains(message, StringComparison.Ordinal) ? "" : error));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("never")));
    }

    IEnumerable<string> Rows(int seed) => from label in new[] { "red", "blue" }
                                          from number in Enumerable.Range(0, Count)
                                          select $"{folder.File($"data/{label}/{number}.png")},"
                                              + (Dice.For(seed, number, label.Length).Chance(0.3) ? label == "red" ? "blue" : "red"
                                              : label);

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(["evalsets", .. arguments], output, error, TestContext.Current.CancellationToken), output.ToString(),
            error.ToString());
    }
}
