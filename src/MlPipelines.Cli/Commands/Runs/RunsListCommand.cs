using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MlPipelines.Cli;

/// <summary>mlpipe runs list.</summary>
static class RunsListCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = OptionKinds.Path("FOLDER", $"The folder of runs; without it '{RunsCommand.Usual}'.");
        folder.DefaultValueFactory = _ => RunsCommand.Usual;
        return new SettingsCommand<Settings>("list",
            "The runs in a folder: when, what ran, accuracy with its 95 % interval, epochs and their time.", new(),
            settings => Run(terminal, settings))
        {
            { folder, (settings, folder) => settings with { Folder = folder } },
            {
                OptionKinds.Choice<RunOrder>("--sort", "What runs are ordered by: accuracy (the best first, as without it), when (the "
                    + "latest first), name or seconds.", "accuracy|when|name|seconds"),
                (settings, order) => settings with { Order = order ?? settings.Order }
            },
            {
                SharedOptions.Format("One JSON object a run.", "A table with a header."),
                (settings, format) => settings with { Format = format ?? settings.Format }
            },
        };
    }

    static int Run(Terminal terminal, Settings settings)
    {
        var runs = Sorted(RecordedRun.All(settings.Folder, terminal.Error), settings.Order).ToArray();
        foreach (var run in runs)
            RunsCommand.Tell(terminal, run);
        if (settings.Format == OutputFormat.Json)
            foreach (var run in runs)
                terminal.Line(Json(run).ToJsonString());
        else if (settings.Format == OutputFormat.Csv)
            terminal.Output.Write(Csv(runs));
        else if (runs.Length == 0)
            terminal.Line($"{settings.Folder}: no runs");
        else
            TextTable.Write(terminal, runs.Select(Cells).Prepend(["name", "when (UTC)", "what ran", "accuracy", "95 % interval", "epochs",
                "seconds", ""]), 3, 5, 6);
        return ExitCode.Success;
    }

    static IEnumerable<RecordedRun> Sorted(IEnumerable<RecordedRun> runs, RunOrder order) => order switch
    {
        RunOrder.Accuracy => runs.OrderByDescending(run => run.Accuracy ?? -1),
        RunOrder.When => runs.OrderByDescending(run => run.Written),
        RunOrder.Seconds => runs.OrderBy(run => run.Seconds ?? double.PositiveInfinity),
        _ => runs,
    };

    static string[] Cells(RecordedRun run) =>
    [
        run.Name, Text($"{run.Written:yyyy-MM-dd HH:mm}"), run.WhatRan, run.Accuracy is { } share ? Text($"{share:0.0%}") : "-",
        run.AccuracyInterval is { } interval ? Text($"{interval.Lower:0.0%} to {interval.Upper:0.0%} of {run.Tested}") : "",
        run.History is { } history ? Text($"{history.Epochs.Length}") : "-", run.Seconds is { } seconds ? Text($"{seconds:0.0}") : "-",
        run.Accuracy is null ? run.State : "",
    ];

    static JsonObject Json(RecordedRun run) => new()
    {
        ["name"] = run.Name,
        ["folder"] = Path.GetFullPath(run.Folder),
        ["when"] = Text($"{run.Written:yyyy-MM-ddTHH:mm:ssZ}"),
        ["ran"] = run.WhatRan,
        ["state"] = run.State,
        ["accuracy"] = run.Accuracy,
        ["accuracyInterval95"] = run.AccuracyInterval is { } interval ? new JsonArray(interval.Lower, interval.Upper) : null,
        ["images"] = run.Tested,
        ["epochs"] = run.History?.Epochs.Length,
        ["seconds"] = run.Seconds,
    };

    static string Csv(IEnumerable<RecordedRun> runs)
    {
        var csv = new CsvWriter();
        foreach (var name in (string[])["name", "folder", "when", "ran", "state", "accuracy", "lower", "upper", "images", "epochs",
            "seconds"])
            csv.Text(name);
        csv.EndRow();
        foreach (var run in runs)
            csv.Text(run.Name).Text(Path.GetFullPath(run.Folder)).Text(Text($"{run.Written:yyyy-MM-ddTHH:mm:ssZ}")).Text(run.WhatRan)
                .Text(run.State).Number(run.Accuracy ?? double.NaN).Number(run.AccuracyInterval?.Lower ?? double.NaN)
                .Number(run.AccuracyInterval?.Upper ?? double.NaN).Number(run.Tested ?? double.NaN)
                .Number(run.History?.Epochs.Length ?? double.NaN).Number(run.Seconds ?? double.NaN).EndRow();
        return csv.ToString();
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    enum RunOrder
    {
        Accuracy,
        When,
        Name,
        Seconds,
    }

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public RunOrder Order { get; init; }
        public OutputFormat Format { get; init; } = OutputFormat.Text;
    }
}
