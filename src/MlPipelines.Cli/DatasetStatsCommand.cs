using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset stats FOLDER.</summary>
static class DatasetStatsCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder =
            CommandOptions.Path<string>("FOLDER", "Images, one sub-folder a class; or train, validation and test with such sub-folders.");
        var output = CommandOptions.Folder("--output", "Write class_counts.svg and class_counts.png there.");
        var command = new Command("stats",
            "Counts the images of each class, and says which classes are missing, tiny, rare or dominant.") { folder, output };
        command.SetAction(parsed =>
        {
            var ml = terminal.Context(seed: 0);
            var parts = SplitFolder.Resolve(new() { Folder = parsed.GetValue(folder)! });
            OutputPlace.Check(parsed.GetValue(folder)!, parsed.GetValue(output), "--output");
            string[]? expected = null;
            var charts = new List<Chart>();
            foreach (var part in new[] { parts.Folder, parts.Validation, parts.Test }.OfType<string>())
            {
                var counts = ml.Data.CountClasses(ml.Data.LoadFromImageFolder(part), expected: expected);
                terminal.Line($"{(expected is null ? "" : Environment.NewLine)}{DisplayText.Visible(part)}: {counts.Total} images "
                    + $"of {ClassTable.Count(counts.Classes.Count(one => one.Count > 0))}, the largest {counts.Imbalance:0.#} times the "
                    + "smallest");
                ClassTable.Write(terminal, counts);
                ClassTable.Warn(terminal, counts, parts.Validation is null && parts.Test is null ? "" : $"{Path.GetFileName(part)}: ");
                charts.Add(counts.ToChart($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(part))}: {counts.Total} images"));
                expected ??= [.. counts.Classes.Select(one => one.Name)];
            }
            if (parsed.GetValue(output) is { } target)
            {
                foreach (var extension in (string[])[".svg", ".png"])
                    new ChartColumn(charts).Save(Path.Combine(target, $"class_counts{extension}"));
                terminal.Line($"written: {Path.GetFullPath(target)}");
            }
        });
        return command;
    }
}
