using System.Buffers;

namespace MlPipelines.Cli;

/// <summary>Words as a POSIX shell reads them back.</summary>
static class ShellText
{
    static readonly SearchValues<char> plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,+@%");

    /// <summary>A word, in quotes where a shell would take some of it for its own.</summary>
    public static string Quoted(string word) => IsPlain(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A command with its arguments on one line.</summary>
    public static string Line(params IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    // NAME=VALUE before a command is a variable; an option with its value is none.
    static bool IsPlain(ReadOnlySpan<char> word) => word.Length > 0
        && word.IndexOfAnyExcept(plain) is var other && (other < 0 || word[0] == '-' && word[other] == '=' && IsPlain(word[(other + 1)..]));
}
