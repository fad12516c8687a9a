using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset get NAME.</summary>
static class DatasetGetCommand
{
    /// <summary>The environment variable that gives a mirror of all sets.</summary>
    const string Variable = "MLPIPELINES_DATASETS";

    const double Megabyte = 1 << 20;

    public static Command Create(Terminal terminal) => Create(terminal, PublishedDataSet.All);

    internal static Command Create(Terminal terminal, IReadOnlyList<PublishedDataSet> sets)
    {
        var names = sets.Select(set => set.Name).ToArray();
        var name = CommandOptions.OneOf("NAME", names);
        name.HelpName = string.Join('|', names);
        var output = CommandOptions.Folder("--output", "Where to; without it datasets/NAME.");
        var from = CommandOptions.Address("--from",
            $"The address of a folder with the files, in place of their authors'; or set {Variable} to one with a sub-folder for each "
                + "NAME.");
        var command = new Command("get",
            "Fetches a published data set, checks it by SHA-256 and unpacks it. What is there already is only checked; what was cut goes "
                + "on.") { name, output, from };
        command.SetAction(parsed =>
        {
            var set = sets.Single(set => set.Name == parsed.GetValue(name));
            var folder = parsed.GetValue(output) ?? Path.Combine("datasets", set.Name);
            var downloader = new DownloadOptions
            {
                From = parsed.GetValue(from) is { } address ? DownloadOptions.Parse(address, "--from") : null,
                Mirror = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } mirror ? DownloadOptions.Parse(mirror, Variable)
                : null,
            };
            terminal.Line($"{set.Name}: {set.Files.Sum(file => file.Bytes) / Megabyte:0} MB as published, into {folder}");
            var changed = terminal.Watch(set.Name, (long)(set.Files.Sum(file => file.Bytes) / Megabyte), bar =>
            {
                var ml = terminal.Context(seed: 0);
                return ml.Data.Download(set, folder, downloader with { Progress = new Bar(set, bar) }, terminal.Cancellation);
            }, unit: "MB");
            foreach (var file in changed)
                terminal.Line($"new:     {file}");
            terminal.Line(changed.Count > 0 ? $"checked: {set.Name} in {folder}" : $"checked: {set.Name} in {folder}, all was there");
            return CommandLine.Success;
        });
        return command;
    }

    /// <summary>Bytes of all files of a set, for one bar.</summary>
    sealed class Bar(PublishedDataSet set, IProgress<(long Done, string Name)> bar) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) =>
            bar.Report(((long)((set.Files.TakeWhile(file => file.Name != value.File).Sum(file => file.Bytes) + value.Done) / Megabyte),
                value.File));
    }
}
