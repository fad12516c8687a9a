using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset check FOLDER.</summary>
static class DatasetCheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = CommandOptions.Path<string>("FOLDER",
            "Images, one sub-folder a class; or train, validation and test with such sub-folders; or images alone.");
        var against =
            CommandOptions.Folder("--against", "Another folder of images, such as the test set, whose images must not be in FOLDER.");
        var distance = CommandOptions.Number("--near",
            "Bits of 64 by which the perceptual hashes of near duplicates differ at most; more finds more, and more that is none.",
            new NearDuplicates().Distance, 0, 32);
        var most = CommandOptions.Number("--lines", "The most findings of a kind that are shown.", 10, 1);
        var output = CommandOptions.Text("--output", "Write all findings there, comma-separated, a row for each file.", "FILE.csv");
        var json = new Option<bool>("--json") { Description = "All findings, one JSON object a line." };
        var csv = new Option<bool>("--csv") { Description = "All findings, comma-separated, a row for each file." };
        var workers = CommandOptions.Number("--workers", "Threads that load images.", Environment.ProcessorCount, 1, 1024);
        var fail = new Option<bool>("--fail-on-findings")
        {
            Description = "End with exit code 1 when there are warnings or errors; mere advice is none.",
        };
        var command = new Command("check",
            "Looks for unreadable files, duplicates, images in both train and test, shortcuts and oddities. Changes nothing.")
        {
            folder, against, distance, most, output, json, csv, workers, fail,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
                result.AddError("--json, --csv: got both, needs at most one of them.");
        });
        command.SetAction(parsed =>
        {
            var ml = terminal.Context(seed: 0);
            var (path, other, file) = (parsed.GetValue(folder)!, parsed.GetValue(against), parsed.GetValue(output));
            foreach (var data in new[] { path, other }.OfType<string>())
                OutputPlace.Check(data, file, "--output");
            SurveyedPart[] parts = [.. FolderParts.List(path), .. other is null ? [] : FolderParts.List(other)];
            var report = terminal.Watch("looking", parts.Sum(part => part.Images.CountRows()),
                bar => ml.Data.Check(parts, new DataCheckOptions
                {
                    Workers = parsed.GetValue(workers),
                    Progress = new LookingProgress(bar),
                    CancellationToken = terminal.Cancellation,
                }.With(new NearDuplicates(parsed.GetValue(distance)))));
            if (file is not null)
                OutputFile.WriteText(file, FindingsText.Csv(report));
            terminal.Output.Write(parsed.GetValue(json) ? FindingsText.JsonLines(report)
                : parsed.GetValue(csv) ? FindingsText.Csv(report)
                : FindingsText.Render(report, parsed.GetValue(most), file ?? "--output FILE.csv"));
            return parsed.GetValue(fail) && report.Findings.Any(finding => finding.Severity > Severity.Advice) ? CommandLine.Failure
                : CommandLine.Success;
        });
        return command;
    }

    sealed class LookingProgress(IProgress<(long Done, string Name)> bar) : IProgress<long>
    {
        public void Report(long value) => bar.Report((value, "looking"));
    }
}
