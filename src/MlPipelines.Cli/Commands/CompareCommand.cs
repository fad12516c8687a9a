using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe compare MODEL OTHER FOLDER.</summary>
static class CompareCommand
{
    /// <summary>Changed images that are listed at most.</summary>
    const int MostListed = 10;

    public static Command Create(Terminal terminal)
    {
        var command = new SettingsCommand<Settings>("compare",
            "Tries two models on the same labelled images: which is right more often, whether by more than chance (McNemar's test), and "
                + "which images changed sides.", new(), settings => Run(terminal, settings))
        {
            new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
            {
                OptionKinds.Path("OTHER", "The other model, of the same kinds. --labels, --preprocessing and --size are about MODEL; what "
                    + "they would say of the other has to stand in its file."),
                (settings, other) => settings with { Other = other }
            },
            { SharedOptions.LabelledImages(), (settings, folder) => settings with { Folder = folder } },
            {
                OptionKinds.Output(OutputPlace.UsualOption, "Write the images of which they say different classes there, as CSV.", "FILE"),
                (settings, output) => settings with { Output = output }
            },
        };
        TableOptions.Add(command, settings => settings.Table, (settings, table) => settings with { Table = table });
        return command;
    }

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(seed: 0);
        TableOptions.Check(settings.Table, settings.Folder);
        ModelFile[] files = [settings.Model, new() { Path = settings.Other, Device = settings.Model.Device }];
        var loads = files.Select(file => file.LoadToJudge(terminal, ml)).ToArray();
        var images = TrainingImages.ToJudgeBy(ml.Data.LoadFromImages(settings.Folder, settings.Table));
        settings.Output?.CheckOutside(images.Path);
        var models = loads.Select(load => load(images)).ToArray();
        foreach (var (file, model) in files.Zip(models))
            EvaluationSummary.WarnOfLearnt(terminal, ml.MulticlassClassification.CountLearnt(model, images), file.Path);
        var comparison = terminal.Watch("scoring with both models", 2 * images.RowCount, bar => ml.MulticlassClassification.Compare(
            models[0].Transform(images), models[1].Transform(images), progress: bar.Counting("scoring with both models"),
            cancellation: terminal.Cancellation));
        Write(terminal, comparison, images.Path);
        if (settings.Output is { } output)
        {
            AtomicFile.WriteWithFolder(output.Path, comparison.ToCsv());
            terminal.Line($"written: {Path.GetFullPath(output.Path)}");
        }
        return ExitCode.Success;
    }

    static void Write(Terminal terminal, ModelComparison comparison, string folder)
    {
        var above = File.Exists(folder) ? Path.GetDirectoryName(folder)! : folder;
        terminal.Line(comparison.ToString());
        terminal.Line(comparison.DifferenceInterval is { Lower: <= 0, Upper: >= 0 }
            ? "the difference may be chance" : comparison.Difference > 0 ? "the other is better" : "the first is better");
        foreach (var (words, some) in new[]
        {
            ("gained", comparison.Changed.Where(one => one.IsGain)), ("lost", comparison.Changed.Where(one => one.IsLoss)),
        })
            foreach (var one in some.Take(MostListed))
                terminal.Line($"{words}: {DisplayText.Visible(Path.GetRelativePath(above, one.Path ?? $"row {one.Id}"))}: "
                    + $"{DisplayText.Visible(one.First)} became {DisplayText.Visible(one.Second)}");
    }

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string Other { get; init; } = "";
        public string Folder { get; init; } = "";
        public CsvOptions Table { get; init; } = new();
        public OutputPlace? Output { get; init; }
    }
}
