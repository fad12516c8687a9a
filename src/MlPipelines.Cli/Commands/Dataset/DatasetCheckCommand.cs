using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset check FOLDER.</summary>
static class DatasetCheckCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("check",
        "Looks for unreadable files, duplicates, images in both train and test, shortcuts and oddities. Changes nothing.", new(),
        settings => Run(terminal, settings))
    {
        {
            OptionKinds.Path("FOLDER",
                "Images, one sub-folder a class; or train, validation and test with such sub-folders; or images alone."),
            (settings, folder) => settings with { Folder = folder }
        },
        {
            OptionKinds.Folder("--against", "Another folder of images, such as the test set, whose images must not be in FOLDER."),
            (settings, folder) => settings with { Against = folder }
        },
        {
            OptionKinds.Number("--near",
                "Bits of 64 by which the perceptual hashes of near duplicates differ at most; more finds more, and more that is none.",
                new NearDuplicates().Distance, 0, 32), (settings, bits) => settings with { NearDistance = bits }
        },
        {
            OptionKinds.Number("--lines", "The most findings of a kind that are shown.", 10, 1),
            (settings, lines) => settings with { Lines = lines }
        },
        {
            OptionKinds.Output(OutputPlace.UsualOption, "Write all findings there, comma-separated, a row for each file.", "FILE.csv"),
            (settings, file) => settings with { Output = file }
        },
        {
            SharedOptions.Format(json: "All findings, one JSON object a line.",
                csv: "All findings, comma-separated, a row for each file."),
            (settings, format) => settings with { Format = format ?? settings.Format }
        },
        { SharedOptions.Workers(), (settings, workers) => settings with { Workers = workers } },
        {
            new Option<bool>("--fail-on-findings")
            {
                Description = "End with exit code 1 when there are warnings or errors; mere advice is none.",
            }, (settings, fail) => settings with { FailOnFindings = fail }
        },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(seed: 0);
        foreach (var data in new[] { settings.Folder, settings.Against }.OfType<string>())
            settings.Output?.CheckOutside(data);
        SurveyedPart[] parts =
            [.. FolderParts.List(settings.Folder), .. settings.Against is { } against ? FolderParts.List(against) : []];
        var report = terminal.Watch("looking", parts.Sum(part => part.Images.CountRows()),
            bar => ml.Data.Check(parts, new DataCheckOptions
            {
                Workers = settings.Workers,
                Progress = bar.Counting("looking"),
                CancellationToken = terminal.Cancellation,
            }.With(new NearDuplicates(settings.NearDistance))));
        if (settings.Output is { } file)
            AtomicFile.WriteWithFolder(file.Path, FindingsText.Csv(report));
        terminal.Output.Write(settings.Format switch
        {
            OutputFormat.Json => FindingsText.JsonLines(report),
            OutputFormat.Csv => FindingsText.Csv(report),
            _ => FindingsText.Render(report, settings.Lines, settings.Output?.Path ?? "--output FILE.csv"),
        });
        return ExitCode.Of(!settings.FailOnFindings || report.Findings.All(finding => finding.Severity <= Severity.Advice));
    }

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public string? Against { get; init; }
        public int NearDistance { get; init; }
        public int Lines { get; init; }
        public OutputPlace? Output { get; init; }
        public OutputFormat Format { get; init; }
        public int Workers { get; init; }
        public bool FailOnFindings { get; init; }
    }
}
