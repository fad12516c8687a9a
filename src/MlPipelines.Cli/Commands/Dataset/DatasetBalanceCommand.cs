using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset balance FOLDER --output NEW.</summary>
static class DatasetBalanceCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("balance",
        "Writes a new folder with classes merged, images left out or repeated; FOLDER stays as it is.", new(),
        settings => Run(terminal, settings))
    {
        { SharedOptions.LabelledFolder(), (settings, folder) => settings with { Folder = folder } },
        { SharedOptions.NewFolder(), (settings, output) => settings with { Output = output } },
        {
            OptionKinds.OptionalNumber("--at-most", "Of a larger class N images are drawn at random.", 1),
            (settings, most) => settings with { AtMost = most }
        },
        {
            OptionKinds.OptionalNumber("--at-least", "Images of a smaller class are repeated until there are N; needs --copy.", 1),
            (settings, least) => settings with { AtLeast = least }
        },
        {
            OptionKinds.Choice<ClassSize>("--equal-to",
                "Bring all classes to the size of the smallest, median or largest; but for the smallest this needs --copy.", "SIZE"),
            (settings, size) => settings with { EqualTo = size }
        },
        {
            OptionKinds.OptionalNumber("--merge-below", "Classes of fewer than N images become one.", 2),
            (settings, below) => settings with { MergeBelow = below }
        },
        { Into(), (settings, name) => settings with { Into = name } },
        { Merges(), (settings, merges) => settings with { Merges = merges } },
        {
            new Option<bool>("--copy") { Description = "Repeat images by copying their files." },
            (settings, copy) => settings with { Copy = copy }
        },
        { SharedOptions.Seed("Equal seeds draw equal images."), (settings, seed) => settings with { Seed = seed } },
    };

    static Option<ClassName> Into()
    {
        var option = OptionKinds.Parsed("--into", "Name of the class that --merge-below makes.", "NAME", text => new ClassName(text))
            .NotBlank();
        option.DefaultValueFactory = _ => new("others", IsDefault: true);
        return option;
    }

    static Option<KeyValuePair<string, string>[]> Merges() => new("--merge")
    {
        Description = "Class FROM becomes part of class TO; may be given several times.",
        HelpName = "FROM=TO",
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var pairs = result.Tokens.Select(token => token.Value.Split('=', 2)).ToArray();
            foreach (var pair in pairs.Where(pair => pair is not [{ Length: > 0 }, { Length: > 0 }]))
                result.AddError($"--merge: got '{string.Join('=', pair)}', needs FROM=TO, two names of classes.");
            foreach (var twice in pairs.CountBy(pair => pair[0]).Where(count => count.Value > 1))
                result.AddError($"--merge: got '{twice.Key}' {twice.Value} times, needs one class that it becomes part of.");
            return [.. pairs.Where(pair => pair.Length == 2).DistinctBy(pair => pair[0])
                .Select(pair => KeyValuePair.Create(pair[0], pair[1]))];
        },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        ClassBalance balance;
        try
        {
            Check(settings);
            balance = new(settings.AtMost, settings.AtLeast, settings.EqualTo, settings.MergeBelow, settings.Into!.Text,
                settings.Merges.ToDictionary(StringComparer.Ordinal));
        }
        catch (ArgumentException exception)
        {
            terminal.Error($"balance: {ErrorMessage.Of(exception)}");
            return ExitCode.Misuse;
        }
        return Write(terminal, settings, balance);
    }

    static int Write(Terminal terminal, Settings settings, ClassBalance balance)
    {
        var ml = terminal.Context(settings.Seed);
        var images = ml.Data.LoadFromImageFolder(settings.Folder);
        var output = settings.Output!;
        output.CheckOutside(images.Path);
        var balanced = ml.Data.Balance(images, balance);
        if (!settings.Copy && Copies(balanced) is > 0 and var copies)
            throw new InvalidDataException($"{images.Path}: {Counted.Of(copies, "image")} would have to be copied, which is done only "
                + "with --copy. "
                + "A pipeline needs no copies: ml.Transforms.Balance repeats images while it learns, each time augmented differently. "
                + "Add --copy, or leave out --at-least and --equal-to.");
        var saved = terminal.Watch("copying", balanced.CountRows(),
            bar => ml.Data.SaveImageFolder(balanced, output.Path, progress: bar.Counting("copying"), cancellation: terminal.Cancellation));
        var counts = ml.Data.CountClasses(balanced);
        terminal.Line(
            $"{Counted.Of(images.RowCount, "image")} of {Counted.Of(images.Classes.Length, "class", "classes")} → {saved.Count} of "
                + $"{counts.Classes.Length}");
        ClassTable.Write(terminal, counts);
        ClassTable.Warn(terminal, counts);
        terminal.Line($"written: {saved.Path}");
        return ExitCode.Of(saved.Skipped.IsEmpty);
    }

    // ClassBalance refuses the same, under the names that its users know.
    static void Check(Settings settings)
    {
        if (settings is { MergeBelow: null, Into.IsDefault: false })
            throw new ArgumentException("--into: names the class that --merge-below makes, which is missing. Give both, or --merge.");
        if (settings.AtLeast > settings.AtMost)
            throw new ArgumentException(
                $"--at-least, --at-most: got {settings.AtLeast} and {settings.AtMost}, needs a least of no more than the most.");
        if (settings.EqualTo is not null && (settings.AtMost ?? settings.AtLeast) is not null)
            throw new ArgumentException($"--equal-to: got it beside {(settings.AtMost is null ? "--at-least" : "--at-most")}, needs to be "
                + "alone. Leave out one of them.");
        if (settings is { AtMost: null, AtLeast: null, MergeBelow: null, EqualTo: null, Merges: [] })
            throw new ArgumentException("got no rule, needs at least one of --at-most, --at-least, --equal-to, --merge-below and --merge.");
    }

    static long Copies(IDataView balanced) =>
        balanced.GetRowCount()!.Value - balanced.Rows("ImagePath").Select(row => row.Name).Distinct().LongCount();

    sealed record ClassName(string Text, bool IsDefault = false)
    {
        public override string ToString() => Text;
    }

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public OutputPlace? Output { get; init; }
        public int? AtMost { get; init; }
        public int? AtLeast { get; init; }
        public ClassSize? EqualTo { get; init; }
        public int? MergeBelow { get; init; }
        public ClassName? Into { get; init; }
        public KeyValuePair<string, string>[] Merges { get; init; } = [];
        public bool Copy { get; init; }
        public int Seed { get; init; }
    }
}
