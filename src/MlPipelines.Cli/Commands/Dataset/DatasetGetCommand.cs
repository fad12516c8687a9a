using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset get NAME.</summary>
static class DatasetGetCommand
{
    /// <summary>The environment variable that gives a mirror of all sets.</summary>
    const string Variable = "MLPIPELINES_DATASETS";

    const double Megabyte = 1 << 20;

    public static Command Create(Terminal terminal) => Create(terminal, PublishedDataSet.All);

    internal static Command Create(Terminal terminal, IReadOnlyList<PublishedDataSet> sets) => new SettingsCommand<Settings>("get",
        "Fetches a published data set, checks it by SHA-256 and unpacks it. What is there already is only checked; what was cut goes "
            + "on.", new(), settings => Run(terminal, sets.Single(set => set.Name == settings.Name), settings))
    {
        {
            OptionKinds.OneOf("NAME", [.. sets.Select(set => set.Name)], helpName: string.Join('|', sets.Select(set => set.Name))),
            (settings, name) => settings with { Name = name }
        },
        {
            OptionKinds.Folder("--output", "Where to; without it datasets/NAME."),
            (settings, folder) => settings with { Output = folder }
        },
        {
            OptionKinds.Address("--from",
                $"The address of a folder with the files, in place of their authors'; or set {Variable} to one with a sub-folder for each "
                    + "NAME."), (settings, address) => settings with { From = address }
        },
    };

    static int Run(Terminal terminal, PublishedDataSet set, Settings settings)
    {
        var folder = settings.Output ?? Path.Combine("datasets", set.Name);
        var download = new DownloadOptions
        {
            From = settings.From,
            Mirror = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } mirror ? DownloadOptions.Parse(mirror, Variable)
            : null,
        };
        var megabytes = set.Files.Sum(file => file.Bytes) / Megabyte;
        terminal.Line($"{set.Name}: {megabytes:0} MB as published, into {folder}");
        var changed = terminal.Watch(set.Name, (long)megabytes,
            bar => terminal.Context(seed: 0).Data.Download(set, folder,
                download with { Progress = new SynchronousProgress<DownloadProgress>(file => bar.Report(new(Done(set, file), file.File))) },
                terminal.Cancellation), unit: "MB");
        foreach (var file in changed)
            terminal.Line($"new:     {file}");
        terminal.Line(changed.Count > 0 ? $"checked: {set.Name} in {folder}" : $"checked: {set.Name} in {folder}, all was there");
        return ExitCode.Success;
    }

    // One bar for all files of a set.
    static long Done(PublishedDataSet set, DownloadProgress now) =>
        (long)((set.Files.TakeWhile(file => file.Name != now.File).Sum(file => file.Bytes) + now.Done) / Megabyte);

    sealed record Settings
    {
        public string Name { get; init; } = "";
        public string? Output { get; init; }
        public Uri? From { get; init; }
    }
}
