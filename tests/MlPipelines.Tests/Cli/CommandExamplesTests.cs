using System.CommandLine.Parsing;
using MlPipelines.Cli;

namespace MlPipelines.Tests.Cli;

public sealed class CommandExamplesTests
{
    static readonly string[][] leaves = [.. Leaves([])];

    [Fact]
    public void The_help_of_each_command_ends_with_its_examples()
    {
        Assert.All(leaves, words =>
            Assert.Contains($"Examples:\n  mlpipe {string.Join(' ', words)}", Help(words), StringComparison.Ordinal));
        Assert.Equal(CommandExamples.All.Count(), leaves.Sum(words =>
            Help(words).Split('\n').Count(line => line.StartsWith("  mlpipe ", StringComparison.Ordinal)
                && !line.Contains('[', StringComparison.Ordinal))));
    }

    [Fact]
    public void The_help_of_what_only_has_commands_below_it_has_an_example_of_each()
    {
        Assert.Contains("Examples:\n  mlpipe quickstart\n", Help([]), StringComparison.Ordinal);
        Assert.Contains("Examples:\n  mlpipe runs list\n  mlpipe runs show photos\n  mlpipe runs compare", Help(["runs"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_an_example_is_one_of_its_command() => Assert.All(CommandExamples.All, example =>
    {
        var words = CommandLineParser.SplitCommandLine(example).Skip(1).ToArray();
        var help = Help([.. words.TakeWhile((word, place) => place == 0 || leaves.Any(leaf => leaf is [var first, var second]
            && first == words[0] && second == word && place == 1))]);
        Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)),
            option => Assert.Contains(option, help, StringComparison.Ordinal));
    });

    static IEnumerable<string[]> Leaves(string[] above)
    {
        var help = Help(above).Split("Examples:")[0];
        if (help.IndexOf("Commands:", StringComparison.Ordinal) is not (>= 0 and var at))
            return [above];
        return help[at..].Split('\n').Skip(1).Where(line => line.Length > 2 && line.StartsWith("  ", StringComparison.Ordinal)
            && char.IsLetter(line[2])).SelectMany(line => Leaves([.. above, line.Trim().Split(' ')[0]]));
    }

    static string Help(string[] words)
    {
        var output = new StringWriter();
        Assert.Equal(0, CommandLine.Run([.. words, "--help"], output, TextWriter.Null, TestContext.Current.CancellationToken));
        return output.ToString().ReplaceLineEndings("\n");
    }
}
