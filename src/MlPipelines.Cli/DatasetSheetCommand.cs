using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset sheet FOLDER.</summary>
static class DatasetSheetCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = CommandOptions.Path<string>("FOLDER", "Images, one sub-folder a class.");
        var perClass = CommandOptions.Number("--per-class", "How many images of each class are shown.", 8, 1, 256);
        var size = CommandOptions.Number("--size", "Pixels that an image may be wide and high; larger ones are shrunk.", 96, 8, 4096);
        var seed = CommandOptions.Number("--seed", "Equal seeds choose the same images.", 1, 0);
        var output = CommandOptions.Folder("--output", "The picture, .png or .jpg; one of that name is replaced.", "sheet.png");
        output.HelpName = "FILE";
        var command = new Command("sheet", "Draws some images of each class as one picture, to look at.")
        {
            folder,
            perClass,
            size,
            seed,
            output,
        };
        command.SetAction(parsed =>
        {
            OutputPlace.Check(parsed.GetValue(folder)!, parsed.GetValue(output), "--output");
            var ml = terminal.Context(parsed.GetValue(seed));
            var images = ml.Data.LoadFromImageFolder(parsed.GetValue(folder)!);
            var sheet = ml.Data.SaveContactSheet(images, parsed.GetValue(output)!,
                new() { PerClass = parsed.GetValue(perClass), Size = parsed.GetValue(size) }, terminal.Cancellation);
            terminal.Line($"written: {Path.GetFullPath(sheet.Path)} ({sheet.Width}×{sheet.Height})");
        });
        return command;
    }
}
