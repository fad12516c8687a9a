using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe quickstart.</summary>
static class QuickstartCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = CommandOptions.Folder("--output", "The folder of runs.", "runs");
        var data = CommandOptions.Folder("--data", "Where the sample pictures are drawn.",
            Path.Combine("datasets", "characters", "images"));
        var epochs = CommandOptions.Number("--epochs", "The most times that training goes through the images.", 12, 1);
        var device = CommandOptions.Device();
        var command = new Command("quickstart",
            "Draws a sample data set of eight cartoon characters, trains on it, tests, and sorts the mistakes; under two minutes on two "
                + "cores.") { output, data, epochs, device };
        command.SetAction(parsed =>
        {
            var folder = CharacterSamples.Create(parsed.GetValue(data)!);
            terminal.Line($"sample pictures: {folder}");
            return TrainingRun.Start(terminal, new()
            {
                Folder = folder,
                Name = "quickstart",
                Epochs = parsed.GetValue(epochs),
                Size = 64,
                Batch = 16,
                Output = parsed.GetValue(output)!,
                Device = parsed.GetValue(device)!,
            });
        });
        return command;
    }
}
