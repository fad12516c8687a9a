using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset split FOLDER --output NEW.</summary>
static class DatasetSplitCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = CommandOptions.Path<string>("FOLDER", "Images, one sub-folder a class.");
        var output = CommandOptions.NewFolder();
        var validation = CommandOptions.Share("--validation", "Share of each class to watch while training; 0 for none.", 0.1);
        var test = CommandOptions.Share("--test", "Share of each class to test with; 0 for none.", 0.2);
        var seed = CommandOptions.Number("--seed", "Equal seeds split equally.", 1, 0);
        var command = new Command("split",
            "Copies a labelled folder into train, validation and test, each with the same share of every class, as 'mlpipe train' takes "
                + "them.") { folder, output, validation, test, seed };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(validation) + parsed.GetValue(test) is var both && both is <= 0 or >= 1)
            {
                terminal.Error($"--validation, --test: together {both:0.###}, more than 0 and less than 1 is needed.");
                return CommandLine.Misuse;
            }
            var ml = terminal.Context(parsed.GetValue(seed));
            var images = ml.Data.LoadFromImageFolder(parsed.GetValue(folder)!);
            OutputPlace.Check(images.Path, parsed.GetValue(output), "--output");
            var parts = Parts(ml.Data, images, parsed.GetValue(validation), parsed.GetValue(test));
            var saved = terminal.Watch("copying", images.RowCount,
                bar => ml.Data.SaveImageFolders(parts, parsed.GetValue(output)!, progress: new CopyProgress(bar),
                    cancellation: terminal.Cancellation));
            foreach (var (name, part) in parts)
            {
                terminal.Line($"{name}: {part.CountRows()} images");
                var counts = ml.Data.CountClasses(part, expected: images.Classes).Classes;
                if (counts.Where(one => one.Count == 0).Select(one => one.Name).ToArray() is [_, ..] missing)
                    terminal.Error($"warning: {name}: no images of {string.Join(", ", missing.Select(each => $"'{each}'"))}; "
                        + $"{(missing is [_] ? "the class is" : "the classes are")} too small to share out. Add images.");
            }
            terminal.Line($"written: {Path.GetFullPath(parsed.GetValue(output)!)}");
            return saved.All(part => part.Skipped.IsEmpty) ? CommandLine.Success : CommandLine.Failure;
        });
        return command;
    }

    static KeyValuePair<string, IDataView>[] Parts(DataOperationsCatalog data, IDataView images, double validation, double test)
    {
        if (validation > 0 && test > 0)
        {
            var three = data.TrainValidationTestSplit(images, validation, test, stratificationColumn: "Label");
            return [new("train", three.TrainSet), new("validation", three.ValidationSet), new("test", three.TestSet)];
        }
        var two = data.TrainTestSplit(images, Math.Max(validation, test), stratificationColumn: "Label");
        return [new("train", two.TrainSet), new(validation > 0 ? "validation" : "test", two.TestSet)];
    }
}
