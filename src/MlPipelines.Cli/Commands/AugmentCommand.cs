using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe augment FOLDER.</summary>
static class AugmentCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("augment",
        "Draws images above what training makes of them, to look at: the same changes as train with the same options.",
        new(), settings => Run(terminal, settings))
    {
        {
            SharedOptions.LabelledFolder(),
            (settings, folder) => settings with { Training = settings.Training with { Folder = folder } }
        },
        {
            OptionKinds.Number("--count", "How many images are shown, from as many classes as there are.", 4, 1, 64),
            (settings, count) => settings with { Count = count }
        },
        {
            OptionKinds.Number("--epochs", "How many times each is shown changed.", 3, 1, 64),
            (settings, epochs) => settings with { Epochs = epochs }
        },
        {
            OptionKinds.Number("--size", "Width and height that images are brought to, in pixels.", TrainingSettings.DefaultSize, 8, 4096),
            (settings, size) => settings with { Size = size }
        },
        {
            SharedOptions.Resizing(),
            (settings, resizing) => settings with { Training = settings.Training with { Resizing = resizing } }
        },
        {
            SharedOptions.Seed("Equal seeds give equal pictures; train changes images so with the same seed."),
            (settings, seed) => settings with { Training = settings.Training with { Seed = seed } }
        },
        { SharedOptions.PictureFile("augmented.png"), (settings, output) => settings with { Output = output! } },
        {
            AugmentationOptions.With(AugmentationOptions.Chosen()),
            (settings, chosen) => settings with { Training = settings.Training with { ChosenAugmentations = chosen } }
        },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var training = settings.Training;
        settings.Output!.CheckOutside(training.Folder);
        var ml = terminal.Context(training.Seed);
        var images = TrainingRun.Data(ml, training).TrainSet;
        var pipeline = ml.Transforms.LoadImages("Image", "ImagePath", settings.Size, settings.Size,
                training.Resizing ?? ResizingText.Default)
            .Append(ml.Transforms.AugmentImages("Image", training.Augmentations));
        var sheet = ml.Data.SaveAugmentations(images, settings.Output.Path, pipeline,
            new() { Count = settings.Count, Epochs = settings.Epochs }, terminal.Cancellation);
        terminal.Line($"written: {Path.GetFullPath(sheet.Path)} ({sheet.Width}×{sheet.Height})");
        return ExitCode.Success;
    }

    sealed record Settings
    {
        public TrainingSettings Training { get; init; } = new();
        public int Count { get; init; }
        public int Epochs { get; init; }
        public int Size { get; init; }
        public OutputPlace? Output { get; init; }
    }
}
