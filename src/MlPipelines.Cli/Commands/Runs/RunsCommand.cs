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
        var run = RecordedRun.Open(Folder(named, Usual));
        Tell(terminal, run);
        return run;
    }

    /// <summary>
    /// The folder that is meant by a run's name: itself, or where that is no run the one of that name among
    /// <paramref name="runs"/>. A run is called as the folder of its images, which lies where the folder of runs does.
    /// </summary>
    public static string Folder(string named, string runs)
    {
        var among = Path.Combine(runs, named);
        return !RecordedRun.IsRun(named) && RecordedRun.IsRun(among) ? among : named;
    }

    /// <summary>Names what of a run is damaged.</summary>
    public static void Tell(Terminal terminal, RecordedRun run)
    {
        foreach (var problem in run.Problems)
            terminal.Error($"warning: {problem}");
    }
}
