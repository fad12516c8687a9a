using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset balance FOLDER --output NEW.</summary>
static class DatasetBalanceCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = CommandOptions.Path<string>("FOLDER", "Images, one sub-folder a class.");
        var output = CommandOptions.NewFolder();
        var most = CommandOptions.Number("--at-most", "Of a larger class N images are drawn at random.", 1);
        var least = CommandOptions.Number("--at-least", "Images of a smaller class are repeated until there are N; needs --copy.", 1);
        var equal = CommandOptions.Choice<ClassSize>("--equal-to",
            "Bring all classes to the size of the smallest, median or largest; but for the smallest this needs --copy.", "SIZE");
        var below = CommandOptions.Number("--merge-below", "Classes of fewer than N images become one.", 2);
        var into = CommandOptions.Text("--into", "Name of the class that --merge-below makes.", "NAME");
        into.DefaultValueFactory = _ => "others";
        var merge = CommandOptions.Merges();
        var copy = new Option<bool>("--copy") { Description = "Repeat images by copying their files." };
        var seed = CommandOptions.Number("--seed", "Equal seeds draw equal images.", 1, 0);
        var command = new Command("balance",
            "Writes a new folder with classes merged, images left out or repeated; FOLDER stays as it is.")
            {
                folder,
                output,
                most,
                least,
                equal,
                below,
                into,
                merge,
                copy,
                seed,
            };
        command.SetAction(parsed =>
        {
            ClassBalance balance;
            try
            {
                if (parsed.GetValue(below) is null && parsed.GetResult(into) is { Implicit: false })
                    throw new ArgumentException(
                        "--into: names the class that --merge-below makes, which is missing. Give both, or --merge.");
                Check(parsed.GetValue(most), parsed.GetValue(least), parsed.GetValue(equal), parsed.GetValue(below),
                    parsed.GetValue(merge)!.Length);
                balance = new(parsed.GetValue(most), parsed.GetValue(least), parsed.GetValue(equal), parsed.GetValue(below),
                    parsed.GetValue(into)!, parsed.GetValue(merge)!.ToDictionary(StringComparer.Ordinal));
            }
            catch (ArgumentException exception)
            {
                terminal.Error($"balance: {CommandLine.Message(exception)}");
                return CommandLine.Misuse;
            }
            return Write(terminal, parsed.GetValue(folder)!, parsed.GetValue(output)!, balance, parsed.GetValue(copy),
                parsed.GetValue(seed));
        });
        return command;
    }

    static int Write(Terminal terminal, string folder, string output, ClassBalance balance, bool copy, int seed)
    {
        var ml = terminal.Context(seed);
        var images = ml.Data.LoadFromImageFolder(folder);
        OutputPlace.Check(images.Path, output, "--output");
        var balanced = ml.Data.Balance(images, balance);
        if (!copy && Copies(balanced) is > 0 and var copies)
            throw new InvalidDataException($"{images.Path}: {copies} images would have to be copied, which is done only with --copy. "
                + "A pipeline needs no copies: ml.Transforms.Balance repeats images while it learns, each time augmented differently. "
                + "Add --copy, or leave out --at-least and --equal-to.");
        var saved = terminal.Watch("copying", balanced.CountRows(),
            bar => ml.Data.SaveImageFolder(balanced, output, progress: new CopyProgress(bar),
                cancellation: terminal.Cancellation));
        var counts = ml.Data.CountClasses(balanced);
        terminal.Line(
            $"{images.RowCount} images of {ClassTable.Count(images.Classes.Length)} → {saved.Count} of {counts.Classes.Length}");
        ClassTable.Write(terminal, counts);
        ClassTable.Warn(terminal, counts);
        terminal.Line($"written: {saved.Path}");
        return saved.Skipped.IsEmpty ? CommandLine.Success : CommandLine.Failure;
    }

    // ClassBalance refuses the same, under the names that its users know.
    static void Check(int? most, int? least, ClassSize? equal, int? below, int merges)
    {
        if (least > most)
            throw new ArgumentException($"--at-least, --at-most: got {least} and {most}, needs a least of no more than the most.");
        if (equal is not null && (most ?? least) is not null)
            throw new ArgumentException(
                $"--equal-to: got it beside {(most is null ? "--at-least" : "--at-most")}, needs to be alone. Leave out one of them.");
        if ((most ?? least ?? below ?? (int?)equal) is null && merges == 0)
            throw new ArgumentException("got no rule, needs at least one of --at-most, --at-least, --equal-to, --merge-below and --merge.");
    }

    static long Copies(IDataView balanced) =>
        balanced.GetRowCount()!.Value - balanced.Rows("ImagePath").Select(row => row.Name).Distinct().LongCount();
}
