using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>mlpipe models inspect NAME-or-FILE.</summary>
static class ModelsInspectCommand
{
    public static Command Create(Terminal terminal, IReadOnlyList<PretrainedModel> models)
    {
        var command = new SettingsCommand<Settings>("inspect",
            "The layers of a network with their parameters, what it takes, and where its classifier begins.", new("", NetworkPart.Whole),
            settings => Run(terminal, NamedNetwork.Read(settings.Network, asked: null, models, settings.Part)))
        {
            {
                OptionKinds.Path("NETWORK", "An .onnx file, or the name of a known network that was fetched."),
                (settings, network) => settings with { Network = network }
            },
        };
        NetworkPartOptions.Add(command, (settings, change) => settings with { Part = change(settings.Part) });
        return command;
    }

    sealed record Settings(string Network, NetworkPart Part);

    static int Run(Terminal terminal, NamedNetwork named)
    {
        var inspection = named.Network.Inspect();
        foreach (var line in inspection.ToString().TrimEnd('\n').Split('\n'))
            terminal.Line(DisplayText.Visible(line));
        var (total, frozen) = (inspection.Layers.Sum(layer => layer.Parameters),
            inspection.Layers.Where(layer => layer.Frozen).Sum(layer => layer.Parameters));
        terminal.Line(
            string.Create(CultureInfo.InvariantCulture, $"parameters: {total:N0}")
                + (frozen > 0 ? string.Create(CultureInfo.InvariantCulture, $", of which training leaves alone {frozen:N0} (*)") : ""));
        terminal.Line(named.Network.Takes is { } takes
            ? $"input: {takes.Width}×{takes.Height} pixels, {Counted.Of(takes.Channels, "channel")}"
            : "input: images of any size");
        terminal.Line(named.Resizing is { } resizing ? $"resizing: {ResizingText.Of(resizing)}"
            : $"resizing: not known; train takes {ResizingText.Of(ResizingText.Default)} unless --resizing says another");
        terminal.Line(
            named.IsGuessed ? $"preprocessing: not known; train and evaluate try the presets on their images, predict "
                + $"takes {named.PreprocessingInWords}, unless --preprocessing says another"
                : $"preprocessing: {named.PreprocessingInWords}");
        if (named.Model is { } model)
            terminal.Line($"{model.Title}: {model.Classes} classes"
                + (model.Top1Accuracy?.ToString("', top-1 '0.0%", CultureInfo.InvariantCulture) ?? "")
                + $", licence {model.Licence}");
        return ExitCode.Success;
    }
}
