using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe evaluate MODEL FOLDER.</summary>
static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = Options(terminal);
        TableOptions.Add(command, settings => settings.Table, (settings, table) => settings with { Table = table });
        return command;
    }

    static SettingsCommand<Settings> Options(Terminal terminal) => new("evaluate",
        "Tries a model on a labelled folder: accuracy, confusion matrix, mistakes.", new(), settings => Run(terminal, settings))
    {
        new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
        { SharedOptions.LabelledImages(), (settings, folder) => settings with { Folder = folder } },
        {
            OptionKinds.Output(OutputPlace.UsualOption,
                "Write metrics.json, predictions.csv, confusion_matrix.csv|svg|png and miss/ there."),
            (settings, output) => settings with { Output = output }
        },
        {
            OptionKinds.Output("--miss", "Copy the images predicted wrongly there, named {true}_to_{predicted}_{file name}."),
            (settings, miss) => settings with { Mistakes = miss }
        },
        {
            new Option<bool>("--heatmaps")
                { Description = "Put beside each image in the folder of --miss which of its places speak for the "
                + "class predicted (Grad-CAM)." },
            (settings, heatMaps) => settings with { HeatMaps = heatMaps }
        },
        {
            OptionKinds.Number("--top", "Also count an image as right when its class is among the N best scores.", 0, 0),
            (settings, top) => settings with { Top = top }
        },
        { TestTimeAugmentationOption.Create(), (settings, versions) => settings with { WithVersions = versions } },
        { BadFiles.Fail(), (settings, fail) => settings with { FailOnBadFiles = fail } },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        if (settings is { HeatMaps: true, Mistakes: null })
            throw new InvalidDataException("--heatmaps: go beside the images predicted wrongly. Say where with --miss DIR.");
        var ml = terminal.Context(seed: 0);
        TableOptions.Check(settings.Table, settings.Folder);
        var load = settings.Model.LoadToJudge(terminal, ml);
        var whole = ml.Data.LoadFromImages(settings.Folder, settings.Table);
        BadFiles.Check(whole, settings.FailOnBadFiles);
        var images = TrainingImages.ToJudgeBy(whole);
        if (images != whole)
            terminal.Line($"{settings.Folder} is split already: {images.Path} is evaluated");
        settings.Output?.CheckOutside(images.Path);
        settings.Mistakes?.CheckOutside(images.Path);
        var model = load(images);
        var scored = (settings.WithVersions?.Invoke(model) ?? model).Transform(images);
        WarnOfClasses(terminal, images, scored.Schema, settings);
        var (mistakes, report) = terminal.Watch("scoring", images.RowCount,
            bar => Evaluate(ml.MulticlassClassification, scored, settings, bar.Counting("scoring"), terminal.Cancellation));
        if (settings.HeatMaps)
        {
            using var explainer = ml.Model.Explain(model);
            mistakes?.WithHeatMaps(explainer, cancellation: terminal.Cancellation);
        }
        EvaluationSummary.Write(terminal, report);
        EvaluationSummary.WarnOfLearnt(terminal, ml.MulticlassClassification.CountLearnt(model, images), settings.Model.Path);
        foreach (var written in new[] { settings.Output, settings.Mistakes }.OfType<OutputPlace>())
            terminal.Line($"written: {Path.GetFullPath(written.Path)}");
        return BadFiles.ExitCodeOf(report, settings.FailOnBadFiles);
    }

    static void WarnOfClasses(Terminal terminal, LabelledImages images, DataViewSchema scored, Settings settings)
    {
        if (scored.GetColumnOrNull("Score") is not { } score || KeyNames.OfSlots(score) is not { } written)
            return;
        var known = written.Select(NormalForm.Of).ToArray();
        ClassCoverage.CheckCommon(images, known, settings.Model.Path);
        if (settings.Top >= known.Length)
            terminal.Error($"warning: --top {settings.Top}: the model has {known.Length} classes, so that every image counts as right.");
        if (known.Except(images.Classes).ToArray() is [_, ..] absent)
            terminal.Error($"warning: {images.Path}: has no images of {ClassCoverage.Names(absent)}, which {settings.Model.Path} knows and "
                + "which "
                + $"{(absent.Length == 1 ? "is" : "are")} so not tested.");
    }

    static (SortedMistakes? Mistakes, ClassificationReport Report) Evaluate(MulticlassClassificationCatalog catalog, IDataView scored,
        Settings settings,
        IProgress<long> progress, CancellationToken cancellation)
    {
        var sorted = settings.Mistakes is { } mistakes
            ? catalog.SortMistakes(scored, mistakes.Path, progress: progress, cancellation: cancellation) : null;
        var rows = sorted ?? scored;
        return (sorted, settings.Output is { } output
            ? RunFolder.Open(output.Path).WriteEvaluation(catalog, rows, settings.Top, progress, cancellation).Metrics
            : catalog.Report(rows, topKPredictionCount: settings.Top, progress: progress, cancellation: cancellation));
    }

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string Folder { get; init; } = "";
        public CsvOptions Table { get; init; } = new();
        public OutputPlace? Output { get; init; }
        public OutputPlace? Mistakes { get; init; }
        public bool HeatMaps { get; init; }
        public int Top { get; init; }
        public Func<ITransformer, ITransformer>? WithVersions { get; init; }
        public bool FailOnBadFiles { get; init; }
    }
}
