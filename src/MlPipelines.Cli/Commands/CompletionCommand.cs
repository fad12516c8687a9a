using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe completion SHELL.</summary>
static class CompletionCommand
{
    // Each asks mlpipe itself, by System.CommandLine's directive [suggest:POSITION], so that it knows every option of this version. What is
    // handed on is the command that is being typed, up to the cursor, and not what stands before it on the same line.
    static readonly Dictionary<string, string> scripts = new()
    {
        ["bash"] = """
            # mlpipe in bash: eval "$(mlpipe completion bash)" in ~/.bashrc
            _mlpipe() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(mlpipe "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _mlpipe mlpipe
            """,
        ["zsh"] = """
            # mlpipe in zsh: eval "$(mlpipe completion zsh)" in ~/.zshrc, behind compinit
            _mlpipe() {
              local line="${(j: :)words[1,CURRENT-1]} $PREFIX"
              local -a found=(${(f)"$(mlpipe "[suggest:$#line]" "$line" 2>/dev/null)"})
              compadd -- $found
              _files
            }
            compdef _mlpipe mlpipe
            """,
        ["fish"] = """
            # mlpipe in fish: mlpipe completion fish > ~/.config/fish/completions/mlpipe.fish
            function __mlpipe_words
              set -l line (commandline -cp | string trim --left)
              mlpipe "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c mlpipe -a '(__mlpipe_words)'
            """,
        ["pwsh"] = """
            # mlpipe in PowerShell: mlpipe completion pwsh | Out-String | Invoke-Expression in $PROFILE
            Register-ArgumentCompleter -Native -CommandName mlpipe -ScriptBlock {
              param($word, $line, $position)
              $length = $position - $line.Extent.StartOffset
              mlpipe "[suggest:$length]" ("$line".PadRight($length)) 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    public static Command Create(Terminal terminal) => new SettingsCommand<string>("completion",
        "Prints what lets a shell complete the words of mlpipe; its first line says where it goes.", "", shell =>
        {
            terminal.Output.WriteLine(scripts[shell].ReplaceLineEndings("\n"));
            return ExitCode.Success;
        })
    {
        { OptionKinds.OneOf("SHELL", [.. scripts.Keys]), (_, shell) => shell },
    };
}
