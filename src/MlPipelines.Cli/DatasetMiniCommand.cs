using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset mini FOLDER --images N --output NEW.</summary>
static class DatasetMiniCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = CommandOptions.Path<string>("FOLDER", "Images, one sub-folder a class.");
        var output = CommandOptions.NewFolder();
        var size = CommandOptions.Number("--images",
            "Images in a set; when it is no multiple of the number of classes, some classes, drawn at random, have one more.", 1);
        size.Required = true;
        var sets = CommandOptions.Number("--sets", "Number of sets; with more than one they are sub-folders 01, 02, ….", 1, 1, 10_000);
        var independent = new Option<bool>("--independent")
        {
            Description = "Draw each set from all images; without it no image is in two sets.",
        };
        var fewer = new Option<bool>("--allow-fewer")
        {
            Description = "Take what there is of a class that is too small, instead of failing.",
        };
        var seed = CommandOptions.Number("--seed", "Equal seeds draw equal images.", 1, 0);
        var command = new Command("mini", "Draws small sets with equal numbers of each class, and copies them into a new folder.")
        {
            folder,
            output,
            size,
            sets,
            independent,
            fewer,
            seed,
        };
        command.SetAction(parsed =>
        {
            var ml = terminal.Context(parsed.GetValue(seed));
            var images = ml.Data.LoadFromImageFolder(parsed.GetValue(folder)!);
            OutputPlace.Check(images.Path, parsed.GetValue(output), "--output");
            var drawn = ml.Data.MiniSets(images, parsed.GetValue(size)!.Value, parsed.GetValue(sets),
                disjoint: !parsed.GetValue(independent), new() { AllowFewer = parsed.GetValue(fewer) });
            var saved = terminal.Watch("copying", drawn.Sum(set => set.CountRows()),
                bar => Save(ml.Data, drawn, parsed.GetValue(output)!, new CopyProgress(bar), terminal.Cancellation));
            foreach (var set in saved)
                terminal.Line($"{set.Count} images of {ClassTable.Count(set.Classes.Count)}: {set.Path}");
            return saved.All(set => set.Skipped.IsEmpty) ? CommandLine.Success : CommandLine.Failure;
        });
        return command;
    }

    static IReadOnlyList<SavedImageFolder> Save(DataOperationsCatalog data, IReadOnlyList<IDataView> sets, string output,
        CopyProgress progress, CancellationToken cancellation)
    {
        if (sets is [var only])
            return [data.SaveImageFolder(only, output, progress: progress, cancellation: cancellation)];
        var digits = "D" + Math.Max(2, sets.Count.ToString(CultureInfo.InvariantCulture).Length);
        return data.SaveImageFolders([
            .. sets.Select((set, index) => KeyValuePair.Create((index + 1).ToString(digits, CultureInfo.InvariantCulture), set))], output,
            progress: progress, cancellation: cancellation);
    }
}
