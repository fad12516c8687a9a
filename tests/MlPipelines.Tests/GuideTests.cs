using System.Text.RegularExpressions;
using MlPipelines.Cli;

namespace MlPipelines.Tests;

/// <summary>README.md and docs/: what they name is there, and they are short.</summary>
public sealed partial class GuideTests
{
    const int LongestParagraph = 500;

    internal static readonly string Pages = string.Join('\n', new[]
    {
        "README.md",
        "docs/guide.md",
        "docs/command-line.md",
        "docs/scaling.md",
        "docs/guarantees.md",
        "docs/performance.md",
        "docs/architecture.md",
    }.Select(Repository.Read));

    [Fact]
    public void No_paragraph_takes_more_than_five_lines() => Assert.All(
        Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Append(Path.Combine(Repository.Root, "README.md"))
            .SelectMany(File.ReadLines).Where(line => !line.StartsWith('|')),
        line => Assert.InRange(line.Length, 0, LongestParagraph));

    [Fact]
    public void Every_command_of_the_guides_is_in_the_help_and_the_other_way_round()
    {
        var help = Help("--help").Split("Examples:")[0];
        var written = Command().Matches(Pages).Select(match => match.Groups[1].Value).Distinct().Order();
        var listed = Listed().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value)
            .Order();
        Assert.Equal(listed, written);
    }

    [Fact]
    public void Every_option_of_the_guides_is_in_the_help_of_a_command()
    {
        var help = string.Concat(new[]
        {
            "train",
            "build",
            "new",
            "evaluate",
            "predict",
            "features",
            "merge",
            "cluster slurm",
            "cluster kubernetes",
            "report",
            "compare",
            "calibrate",
            "dataset labels",
            "quickstart",
            "augment",
            "explain layers",
            "explain heatmaps",
            "explain filters",
            "explain invert",
            "explain maximize",
            "explain map",
            "evalsets",
            "dataset get",
            "dataset balance",
            "models get",
            "serve",
            "verdicts",
            "models draw",
            "models summary",
            "runs list",
            "runs show",
            "runs compare",
        }.Select(command => Help([.. command.Split(' '), "--help"])));
        Assert.All(Option().Matches(Pages).Select(match => match.Groups[1].Value).Distinct(),
            option => Assert.Contains(option, help, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_folder_of_the_library_is_explained()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src/MlPipelines")).Select(path => Path.GetFileName(path)!)
            .Except(["bin", "obj", "build"]);
        Assert.All(folders, folder => Assert.Matches($@"(?m)^\|[^|]*`{folder}`", Pages));
    }

    [Fact]
    public void Every_file_that_the_guides_name_is_there() =>
        Assert.All(PathInRepository().Matches(Pages).Select(match => match.Groups[1].Value).Distinct(),
            path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));

    static string Help(params string[] args)
    {
        var output = new StringWriter();
        Assert.Equal(0, CommandLine.Run(args, output, TextWriter.Null, TestContext.Current.CancellationToken));
        return output.ToString();
    }

    [GeneratedRegex(@"^mlpipe (\w+)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"^  (\w+)", RegexOptions.Multiline)]
    private static partial Regex Listed();

    [GeneratedRegex(@"`(--[\w-]+)`")]
    private static partial Regex Option();

    [GeneratedRegex(@"\b((?:src|tests|pipelines)/[\w./-]*\w)")]
    private static partial Regex PathInRepository();
}
