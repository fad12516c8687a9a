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

    // What mlpipe is asked, and then what the shell makes of its answer.
    const string AskedChoice = "[suggest:17]|mlpipe dataset ch", AskedAll = "[suggest:15]|mlpipe dataset ";

    [Fact]
    public void Bash_completes_by_it() => Assert.Equal([AskedChoice, "check"], Completed("bash", ["--norc", "-c"], """
        mlpipe() ( echo "$1|$2" > ASKED; printf 'check\nget\n' )
        source SCRIPT
        COMP_WORDS=(mlpipe dataset ch) COMP_CWORD=2 COMP_LINE="mlpipe dataset ch" COMP_POINT=17
        _mlpipe
        cat ASKED
        echo "${COMPREPLY[*]}"
        """));

    [Fact]
    public void Zsh_completes_by_it() => Assert.Equal([AskedChoice, "check", "get", AskedAll, "check", "get", "files"],
        Completed("zsh", ["-f", "-c"], """
            mlpipe() { echo "$1|$2" >> ASKED; printf 'check\nget\n' }
            compdef() { }
            compadd() { shift; cat ASKED; print -l -- "$@" }
            source SCRIPT
            _files() { }
            words=(mlpipe dataset ch) CURRENT=3 PREFIX=ch
            _mlpipe
            rm ASKED
            _files() { print files }
            words=(mlpipe dataset '') CURRENT=3 PREFIX=
            _mlpipe
            """));

    [Fact]
    public void Fish_completes_by_it() => Assert.Equal([AskedChoice, "check", AskedAll, "check", "get", AskedChoice, "check"],
        Completed("fish", ["-N", "-c"], """
            function mlpipe; echo "$argv[1]|$argv[2]" >> ASKED; printf 'check\nget\n'; end
            source SCRIPT
            for line in "mlpipe dataset ch" "mlpipe dataset " "cd /; mlpipe dataset ch"
                set -l found (complete -C $line | string match -v '*/' | string match -r '^(?:check|get)$')
                cat ASKED
                rm ASKED
                printf '%s\n' $found
            end
            """));

    [Fact]
    public void PowerShell_completes_by_it() => Assert.Equal(["check", "check get", "check"],
        Completed("pwsh", ["-NoProfile", "-Command"], """
        function mlpipe($at, $line) { if ("[suggest:$($line.Length)]" -eq $at -and $line -like 'mlpipe dataset *') { 'check', 'get' } }
        . SCRIPT
        foreach ($line in 'mlpipe dataset ch', 'mlpipe dataset ', 'cd /; mlpipe dataset ch') {
          (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText -join ' '
        }
        """));

    // The lines that a shell prints; the test is skipped where there is no such shell.
    static string[] Completed(string shell, string[] options, string text)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, shell)).FirstOrDefault(File.Exists);
        Assert.SkipUnless(found is not null, $"There is no {shell} here.");
        using var folder = new TemporaryFolder();
        var script = folder.With($"mlpipe.{(shell == "pwsh" ? "ps1" : shell)}", Run("completion", shell).Output);
        using var process = Process.Start(new ProcessStartInfo(found!,
            [.. options, text.Replace("SCRIPT", script, StringComparison.Ordinal)
                .Replace("ASKED", folder.File("asked"), StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(30_000));
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    static (int Exit, string Output) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (CommandLine.Run(args, output, error, TestContext.Current.CancellationToken), output.ToString());
    }
}
