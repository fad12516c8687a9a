using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>The options that say what of a network is used.</summary>
static class NetworkPartOptions
{
    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="change">Its settings with what of the network is used changed.</param>
    public static Option[] Add<TSettings>(SettingsCommand<TSettings> command,
        Func<TSettings, Func<NetworkPart, NetworkPart>, TSettings> change)
        where TSettings : class =>
    [
        command.Add(Output(), (settings, output) => change(settings, part => part with { Output = output })),
        command.Add(OptionKinds.Text("--cut",
            "Take what this layer gives for the network's features, and leave out all behind it; without it what the classifier that is "
                + "found starts from. 'mlpipe models inspect' shows the layers.", "LAYER"),
            (settings, layer) => change(settings, part => part with { Cut = layer })),
    ];

    /// <summary>--network-output.</summary>
    public static Option<string> Output() => OptionKinds.Text("--network-output",
        "Which output of the network is used where its file has several; or an inner value, behind which the file may hold anything.",
        "NAME");
}
