using System.CommandLine;
using Microsoft.ML.Runtime;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset split FOLDER --output NEW.</summary>
static class DatasetSplitCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = Options(terminal);
        TableOptions.Add(command, settings => settings.Table, (settings, table) => settings with { Table = table });
        return command;
    }

    static SettingsCommand<Settings> Options(Terminal terminal) => new("split",
        "Copies labelled images into train, validation and test, each with the same share of every class, as 'mlpipe train' takes "
            + "them.", new(), settings => Run(terminal, settings))
    {
        { SharedOptions.LabelledImages(), (settings, folder) => settings with { Folder = folder } },
        { SharedOptions.NewFolder(), (settings, output) => settings with { Output = output } },
        {
            OptionKinds.Share("--validation", "Share of each class to watch while training; 0 for none.", 0.1),
            (settings, share) => settings with { Validation = share }
        },
        {
            OptionKinds.Share("--test", "Share of each class to test with; 0 for none.", 0.2),
            (settings, share) => settings with { Test = share }
        },
        { TableOptions.GroupBy(), (settings, groups) => settings with { GroupBy = groups } },
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
        TableOptions.Check(settings.Table, settings.Folder);
        var images = TableOptions.Load(ml, settings.Folder, settings.Table, settings.GroupBy);
        if (!images.Parts.IsEmpty)
            throw new InvalidDataException($"{settings.Folder}: is split already, into {string.Join(", ", images.Parts.Keys.Order())}. Put "
                + "the images of its parts together first.");
        if (TrainingImages.UngroupedIn(images) is { } alone)
            terminal.Error($"warning: {alone}");
        var output = settings.Output!;
        output.CheckOutside(images.Path);
        var parts = Parts(ml.Data.Host(), images, settings);
        var saved = terminal.Watch("copying", images.RowCount,
            bar => ml.Data.SaveImageFolders(parts, output.Path, progress: bar.Counting("copying"), cancellation: terminal.Cancellation));
        foreach (var (name, part) in parts)
        {
            terminal.Line($"{name}: {Counted.Of(part.CountRows(), "image")}");
            var counts = ml.Data.CountClasses(part, expected: images.Classes).Classes;
            if (counts.Where(one => one.Count == 0).Select(one => one.Name).ToArray() is [_, ..] missing)
                terminal.Error($"warning: {name}: no images of {string.Join(", ", missing.Select(each => $"'{each}'"))}; "
                    + $"{(missing is [_] ? "the class is" : "the classes are")} "
                    + $"{(settings.GroupBy is null ? "too small" : "in too few groups")}"
                    + $" to share out. Add images{(settings.GroupBy is null ? "" : " of other groups")}.");
        }
        terminal.Line($"written: {Path.GetFullPath(output.Path)}");
        return ExitCode.Of(saved.All(part => part.Skipped.IsEmpty));
    }

    static KeyValuePair<string, IDataView>[] Parts(IHostEnvironment host, IDataView images, Settings settings)
    {
        var division = new Division(settings.GroupBy is null ? null : LabelledImages.GroupColumn, "Label", null);
        var (validation, test) = (settings.Validation, settings.Test);
        if (validation > 0 && test > 0)
        {
            var three = division.Parts(host, images, test, validation);
            return [new(DivisionNames.Train, three[0]), new(DivisionNames.Validation, three[2]), new(DivisionNames.Test, three[1])];
        }
        var two = division.Parts(host, images, Math.Max(validation, test));
        return [new(DivisionNames.Train, two[0]), new(validation > 0 ? DivisionNames.Validation : DivisionNames.Test, two[1])];
    }

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public CsvOptions Table { get; init; } = new();
        public string? GroupBy { get; init; }
        public OutputPlace? Output { get; init; }
        public double Validation { get; init; }
        public double Test { get; init; }
        public int Seed { get; init; }
    }
}
