using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset mini FOLDER --images N --output NEW.</summary>
static class DatasetMiniCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("mini",
        "Draws small sets with equal numbers of each class, and copies them into a new folder.", new(), settings => Run(terminal, settings))
    {
        { SharedOptions.LabelledFolder(), (settings, folder) => settings with { Folder = folder } },
        { SharedOptions.NewFolder(), (settings, output) => settings with { Output = output } },
        {
            OptionKinds.RequiredNumber("--images",
                "Images in a set; when it is no multiple of the number of classes, some classes, drawn at random, have one more.", 1),
            (settings, images) => settings with { Images = images }
        },
        {
            OptionKinds.Number("--sets", "Number of sets; with more than one they are sub-folders 01, 02, ….", 1, 1, 10_000),
            (settings, sets) => settings with { Sets = sets }
        },
        {
            new Option<bool>("--independent")
            {
                Description = "Draw each set from all images; without it no image is in two sets.",
            }, (settings, isIndependent) => settings with { Independent = isIndependent }
        },
        {
            new Option<bool>("--allow-fewer")
            {
                Description = "Take what there is of a class that is too small, instead of failing.",
            }, (settings, allow) => settings with { AllowFewer = allow }
        },
        { SharedOptions.Seed("Equal seeds draw equal images."), (settings, seed) => settings with { Seed = seed } },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(settings.Seed);
        var images = ml.Data.LoadFromImageFolder(settings.Folder);
        var output = settings.Output!;
        output.CheckOutside(images.Path);
        var drawn = ml.Data.MiniSets(images, settings.Images, settings.Sets, disjoint: !settings.Independent,
            new() { AllowFewer = settings.AllowFewer });
        var saved = terminal.Watch("copying", drawn.Sum(set => set.CountRows()),
            bar => Save(ml.Data, drawn, output.Path, bar.Counting("copying"), terminal.Cancellation));
        foreach (var set in saved)
            terminal.Line($"{Counted.Of(set.Count, "image")} of {Counted.Of(set.Classes.Count, "class", "classes")}: {set.Path}");
        return ExitCode.Of(saved.All(set => set.Skipped.IsEmpty));
    }

    static IReadOnlyList<SavedImageFolder> Save(DataOperationsCatalog data, IReadOnlyList<IDataView> sets, string output,
        IProgress<long> progress, CancellationToken cancellation)
    {
        if (sets is [var only])
            return [data.SaveImageFolder(only, output, progress: progress, cancellation: cancellation)];
        var digits = "D" + Math.Max(2, sets.Count.ToString(CultureInfo.InvariantCulture).Length);
        return data.SaveImageFolders([
            .. sets.Select((set, index) => KeyValuePair.Create((index + 1).ToString(digits, CultureInfo.InvariantCulture), set))], output,
            progress: progress, cancellation: cancellation);
    }

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public OutputPlace? Output { get; init; }
        public int Images { get; init; }
        public int Sets { get; init; }
        public bool Independent { get; init; }
        public bool AllowFewer { get; init; }
        public int Seed { get; init; }
    }
}
