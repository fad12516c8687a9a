using System.Diagnostics;
using MlPipelines.Cli;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

/// <summary>What lets shells complete words, and what it asks.</summary>
public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("mlpipe eval", "evaluate", "evalsets")]
    [InlineData("mlpipe train photos --check", "--checkpoint-steps", "--checkpoint-seconds")]
    [InlineData("mlpipe dataset ch", "check")]
    public void Words_are_suggested(string line, params string[] words)
    {
        var (exit, output) = Run($"[suggest:{line.Length}]", line);
        Assert.Equal(0, exit);
        Assert.All(words, word => Assert.Contains(word, output.Split('\n').Select(one => one.TrimEnd('\r'))));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _mlpipe mlpipe")]
    [InlineData("zsh", "compdef _mlpipe mlpipe")]
    [InlineData("fish", "complete -c mlpipe")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Each_shell_has_its_script(string shell, string part) => Assert.Contains(part, Run("completion", shell).Output);

    [Fact]
    public void Another_shell_is_a_misuse() => Assert.Equal(2, Run("completion", "csh").Exit);

    [Fact]
    public void Bash_completes_by_it()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash here.");
        using var folder = new TemporaryFolder();
        folder.With("mlpipe.bash", Run("completion", "bash").Output);
        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["--norc", "-c", $"""
            mlpipe() ( printf 'evaluate\nevalsets\n' )
            source {folder.File("mlpipe.bash")}
            COMP_WORDS=(mlpipe evalu) COMP_CWORD=1 COMP_LINE="mlpipe evalu" COMP_POINT=12
            _mlpipe
            echo "${"{COMPREPLY[*]}"}"
            """]) { RedirectStandardOutput = true })!;
        Assert.Equal("evaluate", bash.StandardOutput.ReadToEnd().Trim());
        bash.WaitForExit(10_000);
    }

    static (int Exit, string Output) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (CommandLine.Run(args, output, error, TestContext.Current.CancellationToken), output.ToString());
    }
}
