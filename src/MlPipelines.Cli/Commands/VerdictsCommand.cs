using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>mlpipe verdicts FILE.</summary>
static class VerdictsCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("verdicts",
        "What users said of a served model's judgements: counts and confusion matrix of each generation, or a labelled folder.", new(),
        settings => Run(terminal, settings))
    {
        {
            OptionKinds.Path("FILE", "The file that 'mlpipe serve --verdicts' kept them in."),
            (settings, file) => settings with { File = file }
        },
        {
            OptionKinds.OptionalNumber("--generation", "The generation of the model, from 1; all without it.", 1),
            (settings, generation) => settings with { Generation = generation }
        },
        {
            OptionKinds.Output("--export", "The new folder that kept pictures are written to, one sub-folder a class, as users said; it "
                + "must not hold anything yet."),
            (settings, export) => settings with { Export = export }
        },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        using var store = VerdictStore.Open(settings.File);
        if (settings.Export is { } place)
            return Export(terminal, store.Export(place.Path, settings.Generation));
        var tally = store.Tally().Where(one => settings.Generation is not { } asked || one.Number == asked).ToArray();
        if (tally.Length == 0)
            throw new InvalidDataException($"{settings.File}: has no generation {settings.Generation}.");
        foreach (var generation in tally)
            Show(terminal, generation);
        return ExitCode.Success;
    }

    static void Show(Terminal terminal, GenerationTally generation)
    {
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"generation {generation.Number}: "
            + $"{DisplayText.Visible(generation.Name)}, SHA-256 {generation.Model[..12]}…, since {generation.Since:u}"));
        if (generation.Verdicts == 0)
        {
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{generation.Judged:N0} judged, no verdict yet"));
            return;
        }
        var (low, high) = generation.AccuracyInterval;
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{generation.Judged:N0} judged, {generation.Verdicts:N0} verdicts, "
            + $"{generation.Right:N0} right: {generation.Accuracy:0.0%} (95 % interval {low:0.0%} to {high:0.0%})"));
        terminal.Line(generation.ToConfusionMatrix().ToString());
    }

    static int Export(Terminal terminal, ExportedVerdicts written)
    {
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"written: {DisplayText.Visible(written.Path)}, {written.Count:N0} "
            + $"images in {written.Classes.Count:N0} classes"));
        if (written.WithoutPicture > 0)
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{written.WithoutPicture:N0} verdicts are on pictures that were not "
                + $"kept"));
        if (written.Repeated > 0)
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{written.Repeated:N0} verdicts are on pictures that a later one is "
                + $"about too, which counts"));
        foreach (var (name, folder) in written.Classes.Where(one => one.Key != one.Value))
            terminal.Line($"{DisplayText.Visible(name)} is in {DisplayText.Visible(folder)}");
        return ExitCode.Success;
    }

    sealed record Settings
    {
        public string File { get; init; } = "";
        public int? Generation { get; init; }
        public OutputPlace? Export { get; init; }
    }
}
