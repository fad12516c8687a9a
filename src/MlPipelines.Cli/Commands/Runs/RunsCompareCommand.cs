using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe runs compare RUN RUN….</summary>
static class RunsCompareCommand
{
    // What a table on a terminal or a page has columns for.
    const int MostRuns = 100;

    public static Command Create(Terminal terminal)
    {
        var runs = OptionKinds.Paths("RUNS", $"Two runs or more, by folder or by name in '{RunsCommand.Usual}'; the others are compared "
            + "with the first.");
        runs.Arity = new ArgumentArity(2, MostRuns);
        return new SettingsCommand<Settings>("compare",
            "Runs side by side: what ran differently, all figures, and, where they were tested on the same images, whether they differ by "
                + "more than chance and which images changed sides.", new(), settings => Run(terminal, settings))
        {
            { runs, (settings, runs) => settings with { Runs = runs } },
            {
                OptionKinds.Output(OutputPlace.UsualOption, "A page with all of it, the epochs of all runs as curves, and the images that "
                    + "changed sides; one of that name is replaced.", "FILE"),
                (settings, output) => settings with { Output = output }
            },
        };
    }

    static int Run(Terminal terminal, Settings settings)
    {
        var comparison = new RunComparison([.. settings.Runs.Select(run => RunsCommand.Open(terminal, run))]);
        Section(terminal, "what ran differently", comparison, comparison.Differences);
        Section(terminal, "what came of it", comparison, comparison.Metrics);
        foreach (var pair in comparison.Pairs)
            Pair(terminal, comparison, pair);
        if (settings.Output is { } page)
        {
            AtomicFile.WriteWithFolder(page.Path, RunComparisonPage.Of(comparison));
            terminal.Line($"page: {page.Path}");
        }
        return ExitCode.Success;
    }

    static void Section(Terminal terminal, string title, RunComparison comparison, IEnumerable<ComparedValues> rows)
    {
        ComparedValues[] all = [.. rows];
        if (all.Length == 0)
            terminal.Line($"{title}: nothing");
        else
            TextTable.Write(terminal, all.Where(row => !IsLong(row)).Select(row => (string[])[row.Name, .. row.Values])
                .Prepend([title, .. comparison.Names]));
        // Long values may differ where a table would shorten them.
        foreach (var row in all.Where(IsLong))
        {
            terminal.Line(row.Name);
            foreach (var (name, value) in comparison.Names.Zip(row.Values))
                terminal.Line($"  {DisplayText.Visible(name)}: {DisplayText.Visible(value)}");
        }
        terminal.Line();
    }

    static bool IsLong(ComparedValues row) => row.Values.Any(TextTable.Shortens);

    static void Pair(Terminal terminal, RunComparison comparison, ComparedRun pair)
    {
        const int most = 20;
        var (first, second) = (DisplayText.Visible(comparison.Names[0]), DisplayText.Visible(comparison.Names[pair.Second]));
        terminal.Line($"{first} and {second} on the same images: {DisplayText.Visible(pair.Comparison?.ToString() ?? pair.Reason!)}");
        if (pair.Comparison is { Changed: [_, ..] changed })
        {
            TextTable.Write(terminal, changed.Take(most).Select(one => (string[])[one.Path ?? $"row {one.Id}", one.True, one.First,
                one.Second, one.IsGain ? "gained" : one.IsLoss ? "lost" : "neither"]).Prepend(["image", "class", first, second, ""]));
            if (changed.Length > most)
                terminal.Line($"{changed.Length - most} more; --output shows them on a page");
        }
        terminal.Line();
    }

    sealed record Settings
    {
        public string[] Runs { get; init; } = [];
        public OutputPlace? Output { get; init; }
    }
}
