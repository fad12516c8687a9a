using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset split FOLDER --output NEW.</summary>
static class DatasetSplitCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("split",
        "Copies a labelled folder into train, validation and test, each with the same share of every class, as 'mlpipe train' takes "
            + "them.", new(), settings => Run(terminal, settings))
    {
        { SharedOptions.LabelledFolder(), (settings, folder) => settings with { Folder = folder } },
        { SharedOptions.NewFolder(), (settings, output) => settings with { Output = output } },
        {
            OptionKinds.Share("--validation", "Share of each class to watch while training; 0 for none.", 0.1),
            (settings, share) => settings with { Validation = share }
        },
        {
            OptionKinds.Share("--test", "Share of each class to test with; 0 for none.", 0.2),
            (settings, share) => settings with { Test = share }
        },
        { SharedOptions.Seed("Equal seeds split equally."), (settings, seed) => settings with { Seed = seed } },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        if (settings.Validation + settings.Test is var both && both is <= 0 or >= 1)
        {
            terminal.Error($"--validation, --test: together {both:0.###}, more than 0 and less than 1 is needed.");
            return ExitCode.Misuse;
        }
        var ml = terminal.Context(settings.Seed);
        var images = ml.Data.LoadFromImageFolder(settings.Folder);
        var output = settings.Output!;
        output.CheckOutside(images.Path);
        var parts = Parts(ml.Data, images, settings.Validation, settings.Test);
        var saved = terminal.Watch("copying", images.RowCount,
            bar => ml.Data.SaveImageFolders(parts, output.Path, progress: bar.Counting("copying"), cancellation: terminal.Cancellation));
        foreach (var (name, part) in parts)
        {
            terminal.Line($"{name}: {part.CountRows()} images");
            var counts = ml.Data.CountClasses(part, expected: images.Classes).Classes;
            if (counts.Where(one => one.Count == 0).Select(one => one.Name).ToArray() is [_, ..] missing)
                terminal.Error($"warning: {name}: no images of {string.Join(", ", missing.Select(each => $"'{each}'"))}; "
                    + $"{(missing is [_] ? "the class is" : "the classes are")} too small to share out. Add images.");
        }
        terminal.Line($"written: {Path.GetFullPath(output.Path)}");
        return ExitCode.Of(saved.All(part => part.Skipped.IsEmpty));
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

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public OutputPlace? Output { get; init; }
        public double Validation { get; init; }
        public double Test { get; init; }
        public int Seed { get; init; }
    }
}
