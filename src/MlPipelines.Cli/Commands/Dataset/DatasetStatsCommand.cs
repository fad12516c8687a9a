using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset stats FOLDER.</summary>
static class DatasetStatsCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("stats",
        "Counts the images of each class, and says which classes are missing, tiny, rare or dominant.", new(),
        settings => Run(terminal, settings))
    {
        {
            OptionKinds.Path("FOLDER", "Images, one sub-folder a class; or train, validation and test with such sub-folders."),
            (settings, folder) => settings with { Folder = folder }
        },
        {
            OptionKinds.Output(OutputPlace.UsualOption, "Write class_counts.svg and class_counts.png there."),
            (settings, folder) => settings with { Output = folder }
        },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(seed: 0);
        var parts = SplitFolder.Resolve(new() { Folder = settings.Folder });
        settings.Output?.CheckOutside(settings.Folder);
        string[]? expected = null;
        var charts = new List<Chart>();
        foreach (var part in new[] { parts.Folder, parts.Validation, parts.Test }.OfType<string>())
        {
            var images = ml.Data.LoadFromImageFolder(part);
            var counts = ml.Data.CountClasses(images, expected: expected);
            terminal.Line($"{(expected is null ? "" : Environment.NewLine)}{DisplayText.Visible(part)}: {counts.Total} images "
                + $"of {ClassTable.Count(counts.Classes.Count(one => one.Count > 0))}, the largest {counts.Imbalance:0.#} times the "
                + "smallest");
            if (images.Hidden is [var first, ..])
                terminal.Line($"{images.Hidden.Length} hidden {(images.Hidden.Length == 1 ? "entry is" : "entries are")} passed over, such "
                    + $"as {DisplayText.Visible(first)}");
            ClassTable.Write(terminal, counts);
            ClassTable.Warn(terminal, counts, parts.Validation is null && parts.Test is null ? "" : $"{Path.GetFileName(part)}: ");
            charts.Add(counts.ToChart($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(part))}: {counts.Total} images"));
            expected ??= [.. counts.Classes.Select(one => one.Name)];
        }
        if (settings.Output is { Path: var target })
        {
            foreach (var extension in (string[])[".svg", ".png"])
                new ChartColumn(charts).Save(Path.Combine(target, $"class_counts{extension}"));
            terminal.Line($"written: {Path.GetFullPath(target)}");
        }
        return ExitCode.Success;
    }

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public OutputPlace? Output { get; init; }
    }
}
