using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe models get NAME.</summary>
static class ModelsGetCommand
{
    /// <summary>The environment variable that gives a mirror of all models.</summary>
    const string Variable = "MLPIPELINES_MODELS_MIRROR";

    public static Command Create(Terminal terminal, IReadOnlyList<PretrainedModel> models) => new SettingsCommand<Settings>("get",
        "Fetches a network and checks it by SHA-256. What is there already is only checked; what was cut goes on.", new(),
        settings => Run(terminal, models.Single(model => model.Name == settings.Name), settings))
    {
        {
            OptionKinds.OneOf("NAME", [.. models.Select(model => model.Name)]),
            (settings, name) => settings with { Name = name }
        },
        {
            OptionKinds.Folder("--output",
                "Where to; without it a folder of your own application data, where train --network NAME looks."),
            (settings, folder) => settings with { Output = folder }
        },
        {
            OptionKinds.Address("--mirror",
                $"The address of a folder with the files, in place of their publishers'; or set {Variable}."),
            (settings, address) => settings with { Mirror = address }
        },
    };

    static int Run(Terminal terminal, PretrainedModel model, Settings settings)
    {
        var from = settings.Mirror
            ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? DownloadOptions.Parse(set, Variable) : null);
        terminal.Line($"{model.Title}, {model.Licence}: {model.Published.Bytes / 1e6:0} MB");
        var file = terminal.Watch(model.Name, model.Published.Bytes / 1_000_000,
            bar => terminal.Context(seed: 0).Model.Download(model, settings.Output, new()
            {
                From = from,
                Progress = new SynchronousProgress<DownloadProgress>(now => bar.Report(new(now.Done / 1_000_000, now.File))),
            }, terminal.Cancellation), unit: "MB");
        terminal.Line($"checked: {file}");
        return ExitCode.Success;
    }

    sealed record Settings
    {
        public string Name { get; init; } = "";
        public string? Output { get; init; }
        public Uri? Mirror { get; init; }
    }
}
