
namespace MlPipelines.Cli;

/// <summary>Classes and their sizes, as lines for people.</summary>
static class ClassTable
{
    /// <summary>A bar, a number and a share for each class.</summary>
    public static void Write(Terminal terminal, ClassCounts counts)
    {
        var bars = TextBars.Render(counts.Classes.Select(one => (one.Name, (double)one.Count)), format: "0").TrimEnd('\n').Split('\n');
        var digits = counts.Classes.Max(one => $"{one.Count}".Length);
        foreach (var (bar, one) in bars.Zip(counts.Classes))
            terminal.Line($"{bar[..^$"{one.Count}".Length]}{$"{one.Count}".PadLeft(digits)}  {one.Share,6:0.0%}");
    }

    /// <summary>What is doubtful: warnings on the error stream, advice with the results.</summary>
    public static void Warn(Terminal terminal, ClassCounts counts, string of = "")
    {
        foreach (var warning in counts.Warnings)
        {
            if (warning.Problem == ClassProblem.Small)
                terminal.Line(DisplayText.Visible($"advice: {of}{warning.Message}"));
            else
                terminal.Error($"warning: {of}{warning.Message}");
        }
    }
}
