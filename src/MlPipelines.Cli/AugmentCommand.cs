using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe augment FOLDER.</summary>
static class AugmentCommand
{
    public static Command Create(Terminal terminal)
    {
        var settings = new TrainingSettings { Folder = "" };
        var folder = CommandOptions.Path<string>("FOLDER", "Images, one sub-folder a class.");
        var count = CommandOptions.Number("--count", "How many images are shown, from as many classes as there are.", 4, 1, 64);
        var epochs = CommandOptions.Number("--epochs", "How many times each is shown changed.", 3, 1, 64);
        var size = CommandOptions.Number("--size", "Width and height that images are brought to, in pixels.", TrainingSettings.UsualSize, 8,
            4096);
        var seed = CommandOptions.Number("--seed", "Equal seeds give equal pictures; train changes images so with the same seed.",
            settings.Seed, 0);
        var output = CommandOptions.Folder("--output", "The picture, .png or .jpg; one of that name is replaced.", "augmented.png");
        output.HelpName = "FILE";
        var command = new Command("augment",
            "Draws images above what training makes of them, to look at: the same changes as train with the same options.")
            {
                folder,
                count,
                epochs,
                size,
                seed,
                output,
            };
        var augment = new AugmentOptions(command);
        command.SetAction(parsed =>
        {
            var asked = settings with
            {
                Folder = parsed.GetValue(folder)!,
                Seed = parsed.GetValue(seed),
                Augmentations = augment.Of(parsed, settings.Augmentations)
            };
            OutputPlace.Check(asked.Folder, parsed.GetValue(output), "--output");
            var ml = terminal.Context(asked.Seed);
            var images = TrainingRun.Data(ml, SplitFolder.Resolve(asked)).TrainSet;
            var pipeline = ml.Transforms.LoadImages("Image", "ImagePath", parsed.GetValue(size), parsed.GetValue(size))
                .Append(ml.Transforms.AugmentImages("Image", asked.Augmentations));
            var sheet = ml.Data.SaveAugmentations(images, parsed.GetValue(output)!, pipeline,
                new() { Count = parsed.GetValue(count), Epochs = parsed.GetValue(epochs) }, terminal.Cancellation);
            terminal.Line($"written: {Path.GetFullPath(sheet.Path)} ({sheet.Width}×{sheet.Height})");
        });
        return command;
    }
}
