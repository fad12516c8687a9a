namespace MlPipelines.Cli;

/// <summary>What characters a terminal shows.</summary>
static class TerminalCharacters
{
    // In the order in which the C library looks for them.
    static readonly string[] locales = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Whether it shows more than ASCII: not where the locale names another encoding than UTF-8, or none and is C; nor on the
    /// console of the Linux kernel, whose letters are few.</summary>
    /// <param name="variable">A variable of the environment by its name; null where there is none.</param>
    public static bool AreUnicode(Func<string, string?> variable)
    {
        var locale = locales.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return variable("TERM") != "linux" && (locale is null
            || locale.Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase));
    }
}
