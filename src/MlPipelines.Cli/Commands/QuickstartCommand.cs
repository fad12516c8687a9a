using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe quickstart.</summary>
static class QuickstartCommand
{
    static readonly Settings defaults = new();

    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("quickstart",
        "Draws a sample data set of eight cartoon characters, trains on it, tests, and sorts the mistakes; under two minutes on two "
            + "cores.", defaults, settings => Run(terminal, settings))
    {
        {
            SharedOptions.RunsFolder(defaults.Training.Output),
            (settings, output) => settings with { Training = settings.Training with { Output = output! } }
        },
        {
            OptionKinds.Folder("--data", "Where the sample pictures are drawn.", Path.Combine("datasets", "characters", "images")),
            (settings, data) => settings with { Data = data }
        },
        { SharedOptions.Epochs(12), (settings, epochs) => settings with { Training = settings.Training with { Epochs = epochs } } },
        { SharedOptions.Device(), (settings, device) => settings with { Training = settings.Training with { Device = device } } },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var folder = CharacterSamples.Create(settings.Data);
        terminal.Line($"sample pictures: {folder}");
        return TrainingRun.Run(terminal, settings.Training with { Folder = folder });
    }

    sealed record Settings
    {
        public string Data { get; init; } = "";
        public TrainingSettings Training { get; init; } = new()
        {
            Name = "quickstart",
            Size = 64,
            Batch = 16,
            // Drawings, and small: to show the whole way, epochs included.
            FromScratch = true,
        };
    }
}
