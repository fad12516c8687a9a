using System.CommandLine;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>mlpipe models summary NETWORK.</summary>
static class ModelsSummaryCommand
{
    public static Command Create(Terminal terminal, IReadOnlyList<PretrainedModel> models)
    {
        var command = new SettingsCommand<Settings>("summary",
            "The layers of a network as a table of shapes and parameters: its backbone, all up to the features that the classifier starts "
                + "from, as one row.", new(), settings => Run(terminal, models, settings))
        {
            {
                OptionKinds.Path("NETWORK", "An .onnx file, or the name of a known network that was fetched."),
                (settings, network) => settings with { Network = network }
            },
            {
                OptionKinds.OptionalNumber("--size", "Width and height of the images; those that the network takes without it.", 1),
                (settings, size) => settings with { Size = size }
            },
            {
                OptionKinds.Parsed("--open", $"The row that is shown layer by layer: {Summary.Backbone}.", "NAME",
                    text => text == Summary.Backbone ? text : throw new FormatException($"got '{text}', needs '{Summary.Backbone}'.")),
                (settings, open) => settings with { Open = open is null ? [] : [open] }
            },
        };
        NetworkPartOptions.Add(command, (settings, change) => settings with { Part = change(settings.Part) });
        return command;
    }

    static int Run(Terminal terminal, IReadOnlyList<PretrainedModel> models, Settings settings)
    {
        var named = NamedNetwork.Read(settings.Network, asked: null, models, settings.Part);
        var input = named.InputOf(settings.Size);
        foreach (var line in named.Network.Summary(input.Height, input.Width, input.Channels).Folded(settings.Open).ToString().Split('\n'))
            terminal.Line(DisplayText.Visible(line));
        return ExitCode.Success;
    }

    sealed record Settings
    {
        public string Network { get; init; } = "";
        public NetworkPart Part { get; init; } = NetworkPart.Whole;
        public int? Size { get; init; }
        public string[] Open { get; init; } = [];
    }
}
