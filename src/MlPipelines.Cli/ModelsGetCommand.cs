using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe models get NAME.</summary>
static class ModelsGetCommand
{
    /// <summary>The environment variable that gives a mirror of all models.</summary>
    const string Variable = "MLPIPELINES_MODELS_MIRROR";

    public static Command Create(Terminal terminal, IReadOnlyList<PretrainedModel> models)
    {
        var name = CommandOptions.OneOf("NAME", [.. models.Select(model => model.Name)]);
        var output = CommandOptions.Folder("--output",
            "Where to; without it a folder of your own application data, where train --network NAME looks.");
        var mirror = CommandOptions.Address("--mirror",
            $"The address of a folder with the files, in place of their publishers'; or set {Variable}.");
        var command = new Command("get",
            "Fetches a network and checks it by SHA-256. What is there already is only checked; what was cut goes on.")
            {
                name,
                output,
                mirror,
            };
        command.SetAction(parsed =>
        {
            var model = models.Single(model => model.Name == parsed.GetValue(name));
            var from = parsed.GetValue(mirror) is { } address ? DownloadOptions.Parse(address, "--mirror")
                : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? DownloadOptions.Parse(set, Variable) : null;
            terminal.Line($"{model.Title}, {model.Licence}: {model.Published.Bytes / 1e6:0} MB");
            var file = terminal.Watch(model.Name, model.Published.Bytes / 1_000_000,
                bar => terminal.Context(seed: 0).Model.Download(model, parsed.GetValue(output),
                new() { From = from, Progress = new Bar(bar) }, terminal.Cancellation), unit: "MB");
            terminal.Line($"checked: {file}");
            return CommandLine.Success;
        });
        return command;
    }

    sealed class Bar(IProgress<(long Done, string Name)> bar) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => bar.Report((value.Done / 1_000_000, value.File));
    }
}
