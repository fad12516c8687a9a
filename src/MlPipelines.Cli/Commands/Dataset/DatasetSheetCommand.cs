using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset sheet FOLDER.</summary>
static class DatasetSheetCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("sheet",
        "Draws some images of each class as one picture, to look at.", new(), settings => Run(terminal, settings))
    {
        { SharedOptions.LabelledFolder(), (settings, folder) => settings with { Folder = folder } },
        {
            OptionKinds.Number("--per-class", "How many images of each class are shown.", 8, 1, 256),
            (settings, perClass) => settings with { PerClass = perClass }
        },
        {
            OptionKinds.Number("--size", "Pixels that an image may be wide and high; larger ones are shrunk.", 96, 8, 4096),
            (settings, size) => settings with { Size = size }
        },
        { SharedOptions.Seed("Equal seeds choose the same images."), (settings, seed) => settings with { Seed = seed } },
        { SharedOptions.PictureFile("sheet.png"), (settings, output) => settings with { Output = output } },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var output = settings.Output!;
        output.CheckOutside(settings.Folder);
        var ml = terminal.Context(settings.Seed);
        var images = ml.Data.LoadFromImageFolder(settings.Folder);
        var sheet = ml.Data.SaveContactSheet(images, output.Path,
            new() { PerClass = settings.PerClass, Size = settings.Size }, terminal.Cancellation);
        terminal.Line($"written: {Path.GetFullPath(sheet.Path)} ({sheet.Width}×{sheet.Height})");
        return ExitCode.Success;
    }

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public int PerClass { get; init; }
        public int Size { get; init; }
        public int Seed { get; init; }
        public OutputPlace? Output { get; init; }
    }
}
