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
            OptionKinds.Path("FOLDER", "Images, one sub-folder a class; or train, validation and test with such sub-folders; or an "
                + "archive or "
                + "a table of such images."),
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
        settings.Output?.CheckOutside(settings.Folder);
        var images = ml.Data.LoadFromImages(settings.Folder);
        LabelledImages[] parts = images.Parts.IsEmpty ? [images]
            : [.. DivisionNames.All.Select(images.Parts.GetValueOrDefault).OfType<LabelledImages>()];
        string[]? expected = null;
        var charts = new List<Chart>();
        foreach (var part in parts)
        {
            var counts = ml.Data.CountClasses(part, expected: expected);
            var (count, classes) = (Counted.Of(counts.Total, "image"),
                Counted.Of(counts.Classes.Count(one => one.Count > 0), "class", "classes"));
            terminal.Line($"{(expected is null ? "" : Environment.NewLine)}{DisplayText.Visible(part.Path)}: {count} of {classes}, the "
                + $"largest {counts.Imbalance:0.#} times the smallest");
            if (part.Hidden is [var first, ..])
                terminal.Line($"{Counted.Of(part.Hidden.Length, "hidden entry is", "hidden entries are")} passed over, such "
                    + $"as {DisplayText.Visible(first)}");
            ClassTable.Write(terminal, counts);
            ClassTable.Warn(terminal, counts, parts.Length == 1 ? "" : $"{Path.GetFileName(part.Path)}: ");
            charts.Add(counts.ToChart($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(part.Path))}: {count}"));
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
