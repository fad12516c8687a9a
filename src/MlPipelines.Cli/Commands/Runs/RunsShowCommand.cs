using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MlPipelines.Cli;

/// <summary>mlpipe runs show RUN.</summary>
static class RunsShowCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("show",
        "One run whole: what ran, its epochs, all figures, and the files it left.", new(), settings => Run(terminal, settings))
    {
        {
            OptionKinds.Path("RUN", $"The folder of a run, or its name in '{RunsCommand.Usual}'."),
            (settings, run) => settings with { Folder = run }
        },
        {
            new Option<bool>("--json") { Description = "As one JSON object: pipeline, history and metrics." },
            (settings, json) => settings with { Json = json }
        },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var run = RunsCommand.Open(terminal, settings.Folder);
        if (settings.Json)
        {
            terminal.Line(Json(run).ToJsonString(JsonText.Indented));
            return ExitCode.Success;
        }
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{DisplayText.Visible(run.Name)}: "
            + $"{DisplayText.Visible(run.WhatRan)}; {run.State}, {run.Written:yyyy-MM-dd HH:mm} UTC"));
        Section(terminal, "what ran", RunComparison.Leaves(run.Pipeline, ""));
        if (run.History is { Epochs: [_, ..] } history)
        {
            terminal.Line();
            TextTable.Write(terminal, history.Epochs.Select(epoch => Cells(epoch, history.KeptEpoch))
                .Prepend(["epoch", "loss", "accuracy", "validation", "accuracy", "learning rate", "seconds", ""]), 0, 1, 2, 3, 4, 5, 6);
        }
        if (run.Metrics is { } metrics)
            Section(terminal, "what came of it", RunComparison.Figures(metrics));
        Section(terminal, "files", Directory.EnumerateFiles(run.Folder).Order(StringComparer.Ordinal).Select(file =>
            KeyValuePair.Create(Path.GetFileName(file), Text($"{new FileInfo(file).Length:N0} bytes"))));
        return ExitCode.Success;
    }

    static void Section(Terminal terminal, string title, IEnumerable<KeyValuePair<string, string>> values)
    {
        terminal.Line();
        var all = values.ToArray();
        TextTable.Write(terminal, all.Where(pair => !TextTable.Shortens(pair.Value)).Select(pair => new[] { pair.Key, pair.Value })
            .Prepend([title, ""]));
        foreach (var (name, value) in all.Where(pair => TextTable.Shortens(pair.Value)))
            terminal.Line($"{name}: {DisplayText.Visible(value)}");
    }

    static string[] Cells(EpochMetrics epoch, int? kept) =>
    [
        Text($"{epoch.Epoch}"), Text($"{epoch.Loss:0.000}"), Text($"{epoch.Accuracy:0.0%}"), Text($"{epoch.ValidationLoss:0.000}"),
        Text($"{epoch.ValidationAccuracy:0.0%}"), Text($"{epoch.LearningRate:g4}"), Text($"{epoch.Seconds:0.0}"),
        string.Join(", ", new[] { epoch.Phase, kept == epoch.Epoch ? "kept" : null }.Where(word => !string.IsNullOrEmpty(word))),
    ];

    static JsonObject Json(RecordedRun run) => new()
    {
        ["name"] = run.Name,
        ["folder"] = Path.GetFullPath(run.Folder),
        ["state"] = run.State,
        ["pipeline"] = run.Pipeline.DeepClone(),
        ["history"] = new JsonArray([.. (run.History?.Epochs ?? []).Select(epoch => new JsonObject
        {
            ["epoch"] = epoch.Epoch,
            ["loss"] = JsonText.Number(epoch.Loss),
            ["accuracy"] = JsonText.Number(epoch.Accuracy),
            ["validationLoss"] = JsonText.Number(epoch.ValidationLoss ?? double.NaN),
            ["validationAccuracy"] = JsonText.Number(epoch.ValidationAccuracy ?? double.NaN),
            ["learningRate"] = epoch.LearningRate,
            ["samples"] = epoch.Samples,
            ["seconds"] = epoch.Seconds,
            ["phase"] = epoch.Phase,
        })]),
        ["keptEpoch"] = run.History?.KeptEpoch,
        ["metrics"] = run.Metrics?.DeepClone(),
    };

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public bool Json { get; init; }
    }
}
