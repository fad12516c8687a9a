using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe runs: what earlier runs left.</summary>
static class RunsCommand
{
    /// <summary>The folder of runs that train writes to where nothing else is said.</summary>
    public const string Usual = "runs";

    public static Command Create(Terminal terminal) => new("runs",
        "What earlier runs left, read from their own folders; nothing in them is changed.")
    {
        RunsListCommand.Create(terminal),
        RunsShowCommand.Create(terminal),
        RunsCompareCommand.Create(terminal),
    };

    /// <summary>A run by its folder, or by its name in the usual folder of runs; what is damaged in it is told.</summary>
    public static RecordedRun Open(Terminal terminal, string named)
    {
        var usual = Path.Combine(Usual, named);
        var run = RecordedRun.Open(!Directory.Exists(named) && Directory.Exists(usual) ? usual : named);
        Tell(terminal, run);
        return run;
    }

    /// <summary>Names what of a run is damaged.</summary>
    public static void Tell(Terminal terminal, RecordedRun run)
    {
        foreach (var problem in run.Problems)
            terminal.Error($"warning: {problem}");
    }
}
