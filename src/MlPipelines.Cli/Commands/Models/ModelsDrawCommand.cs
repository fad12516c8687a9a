using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe models draw NETWORK.</summary>
static class ModelsDrawCommand
{
    public static Command Create(Terminal terminal, IReadOnlyList<PretrainedModel> models)
    {
        var command = new SettingsCommand<Settings>("draw",
            "Draws a network: its stages with kernels, strides, filters and the size of what they give, branches and skip connections; "
                + "equal blocks that follow each other once, with their number.", new(), settings => Run(terminal, models, settings))
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
                new Option<bool>("--unfolded") { Description = "Draw each block, also those that are equal." },
                (settings, unfolded) => settings with { Unfolded = unfolded }
            },
            {
                OptionKinds.Output(OutputPlace.UsualOption, "The picture, .svg or .png; one of that name is replaced.", "FILE",
                    "network.svg"),
                (settings, output) => settings with { Output = output! }
            },
        };
        NetworkPartOptions.Add(command, (settings, change) => settings with { Part = change(settings.Part) });
        return command;
    }

    static int Run(Terminal terminal, IReadOnlyList<PretrainedModel> models, Settings settings)
    {
        var named = NamedNetwork.Read(settings.Network, asked: null, models, settings.Part);
        var title = Path.GetFileNameWithoutExtension(named.Name) is { Length: > 0 } name ? name : named.Name;
        var diagram = new NetworkDiagram(named.Network, title, named.InputOf(settings.Size), settings.Unfolded ? false : null);
        diagram.Save(settings.Output.Path);
        terminal.Line($"written: {Path.GetFullPath(settings.Output.Path)} ({diagram.Width:0}×{diagram.Height:0})");
        return ExitCode.Success;
    }

    sealed record Settings
    {
        public string Network { get; init; } = "";
        public NetworkPart Part { get; init; } = NetworkPart.Whole;
        public int? Size { get; init; }
        public bool Unfolded { get; init; }
        public OutputPlace Output { get; init; } = null!;
    }
}
