using System.CommandLine;
using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset stats FOLDER.</summary>
static class DatasetStatsCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = CommandOptions.Path<string>("FOLDER", "Images, one sub-folder a class; or train, validation and test with such sub-folders.");
        var command = new Command("stats", "Counts the images of each class, and says which classes are missing, tiny, rare or dominant.") { folder };
        command.SetAction(parsed =>
        {
            var ml = terminal.Context(seed: 0, Device.Cpu);
            var parts = SplitFolder.Resolve(new() { Folder = parsed.GetValue(folder)! });
            string[]? expected = null;
            foreach (var part in new[] { parts.Folder, parts.Validation, parts.Test }.OfType<string>())
            {
                var counts = ml.Data.CountClasses(ml.Data.LoadFromImageFolder(part), expected: expected);
                terminal.Line($"{(expected is null ? "" : Environment.NewLine)}{DisplayText.Visible(part)}: {counts.Total} images of {counts.Classes.Count(one => one.Count > 0)} classes, the largest {counts.Imbalance:0.#} times the smallest");
                ClassTable.Write(terminal, counts);
                ClassTable.Warn(terminal, counts, parts.Validation is null && parts.Test is null ? "" : $"{Path.GetFileName(part)}: ");
                expected ??= [.. counts.Classes.Select(one => one.Name)];
            }
        });
        return command;
    }
}
