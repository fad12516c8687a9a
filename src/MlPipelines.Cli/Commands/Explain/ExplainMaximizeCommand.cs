using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>mlpipe explain maximize MODEL.</summary>
static class ExplainMaximizeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new SettingsCommand<Settings>("maximize",
            "Seeks images that classes, or channels of a layer, respond to most: what drives the network.", new(),
            settings => Run(terminal, settings))
        {
            new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
            {
                new Option<string[]>("--class") { Description = "A class; give it again for more.", HelpName = "NAME" },
                (settings, classes) => settings with { Classes = classes ?? [] }
            },
            {
                OptionKinds.Text("--layer", "The layer whose channels are meant: a name of 'explain layers'.", "NAME").NotBlank(),
                (settings, layer) => settings with { Layer = layer }
            },
            {
                OptionKinds.Parsed("--channel", "Channels of --layer by their numbers from 0, with commas between.", "N,M",
                    text => text.Split(',', StringSplitOptions.TrimEntries).Select(Number).ToArray()),
                (settings, channels) => settings with { Channels = channels ?? [] }
            },
            {
                OptionKinds.Parsed<(int Row, int Column)?>("--unit",
                    "The place of the channel's map, row and column from 0; the mean over all places without it.",
                    "ROW,COLUMN", text => text.Split(',', StringSplitOptions.TrimEntries).Select(Number).ToArray() is [var row, var column]
                        ? (Row: row, Column: column) : throw new FormatException($"got '{text}', needs two numbers, such as 3,4.")),
                (settings, unit) => settings with { Unit = unit }
            },
            { SharedOptions.PictureFile("maximized.png"), (settings, output) => settings with { Output = output! } },
        };
        ImageOptimizationSettings.Add(command, new MaximizationOptions(),
            (settings, change) => settings with { Search = change(settings.Search) });
        return command;
    }

    static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"got '{text}', needs a number from 0.");

    static int Run(Terminal terminal, Settings settings)
    {
        var targets = TargetsOf(settings);
        using var explainer = settings.Model.Explain(terminal);
        var options = settings.Search.On(new MaximizationOptions());
        var batches = targets.GroupBy(target => target is ClassTarget)
            .Sum(kind => (kind.Count() + NetworkExplainer.ImagesAtOnce - 1) / NetworkExplainer.ImagesAtOnce);
        var found = terminal.Watch("maximizing", (long)batches * options.Steps,
            bar => explainer.Maximize(targets, options, bar.Counting("maximizing"), terminal.Cancellation), unit: "steps");
        var sheet = found.SaveMaximizations(settings.Output.Path);
        terminal.Line($"written: {Path.GetFullPath(sheet.Path)} ({sheet.Width}×{sheet.Height})");
        return ExitCode.Success;
    }

    static ActivationTarget[] TargetsOf(Settings settings)
    {
        var (layer, channels) = (settings.Layer, settings.Channels);
        if (layer is null ? channels.Length > 0 || settings.Unit is not null : channels.Length == 0)
            throw new InvalidDataException("--layer and --channel belong together: a channel is one of a layer. Give both, or --class.");
        if (settings.Classes.Length == 0 && layer is null)
            throw new InvalidDataException("Nothing to maximize. Say a class with --class, or channels with --layer and --channel.");
        return [.. settings.Classes.Select(name => new ClassTarget(name)),
            .. channels.Select(channel => settings.Unit is var (row, column)
                ? (ActivationTarget)new UnitTarget(layer!, channel, row, column) : new ChannelTarget(layer!, channel))];
    }

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string[] Classes { get; init; } = [];
        public string? Layer { get; init; }
        public int[] Channels { get; init; } = [];
        public (int Row, int Column)? Unit { get; init; }
        public ImageOptimizationSettings Search { get; init; } = new();
        public OutputPlace Output { get; init; } = null!;
    }
}
