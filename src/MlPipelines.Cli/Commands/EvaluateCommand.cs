using System.Collections.Immutable;
using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe evaluate MODEL FOLDER.</summary>
static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = Options(terminal);
        TableOptions.Add(command, settings => settings.Table, (settings, table) => settings with { Table = table });
        ShardSettings.Add(command, settings => settings.Sharding, (settings, sharding) => settings with { Sharding = sharding });
        command.Check(result => ShardSettings.ProblemOf(result, ShardSettings.MissOption, "Give it to 'mlpipe merge'.")
            ?? ShardSettings.ProblemOf(result, "--heatmaps", "Draw them without shards."));
        return command;
    }

    static SettingsCommand<Settings> Options(Terminal terminal) => new("evaluate",
        "Tries a model on a labelled folder: accuracy, confusion matrix, mistakes.", new(), settings => Run(terminal, settings))
    {
        new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
        { SharedOptions.LabelledImages(), (settings, folder) => settings with { Folder = folder } },
        {
            OptionKinds.Output(OutputPlace.UsualOption,
                "Write metrics.json, predictions.csv, confusion_matrix.csv|svg|png, the curves as svg, cohorts.csv and miss/ there."),
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
        { SharedOptions.RejectBelow(), (settings, threshold) => settings with { RejectBelow = threshold } },
        {
            OptionKinds.Text("--by", "Also evaluate on their own the images of each cohort, such as a camera, a hospital or a year: a "
                + "column of the table; or a regular expression over the file's name, or over its path within FOLDER if it has a '/'; "
                + "the parentheses are the cohort: \"(\\d{4})-\".", "COLUMN|PATTERN"),
            (settings, by) => settings with { By = by }
        },
        { TestTimeAugmentationOption.Create(), (settings, versions) => settings with { WithVersions = versions } },
        { SharedOptions.JsonLines("all figures, and those of each cohort"), (settings, json) => settings with { WritesJson = json } },
        { BadFiles.Fail(), (settings, fail) => settings with { FailOnBadFiles = fail } },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        if (settings is { HeatMaps: true, Mistakes: null })
            throw new InvalidDataException("--heatmaps: go beside the images predicted wrongly. Say where with --miss DIR.");
        terminal.WritesJson = settings.WritesJson;
        var ml = terminal.Context(seed: 0);
        if (settings.Sharding.Parts is { } folder)
            return Finish(terminal, settings, Merged(terminal, folder), null);
        TableOptions.Check(settings.Table, settings.Folder);
        var load = settings.Sharding.Shard is null ? settings.Model.LoadToJudge(terminal, ml) : null;
        var images = Images(terminal, ml, settings);
        if (load is null)
            return new ShardRun(terminal, settings.Sharding, settings.Output!, settings.Model).Run(ShardedImages.Of(images),
                settings.Folder, "Score", places => Scored(settings.Model.LoadForShards(terminal, ml, images),
                    PickedView.Of(images, places, (int)images.RowCount)));
        var model = load(images);
        return Finish(terminal, settings, Scored(model, images), new(model, images));

        IDataView Scored(ITransformer by, IDataView rows)
        {
            var scored = (settings.WithVersions?.Invoke(by) ?? by).Transform(rows);
            WarnOfClasses(terminal, images, scored.Schema, settings);
            return scored;
        }
    }

    static LabelledImages Images(Terminal terminal, MLContext ml, Settings settings)
    {
        var whole = TableOptions.Load(ml, settings.Folder, settings.Table, settings.By);
        BadFiles.Check(whole, settings.FailOnBadFiles);
        if (whole.Ungrouped is [var without, ..])
            throw new InvalidDataException($"--by: '{settings.By}' finds nothing in {whole.Ungrouped.Length} of {whole.RowCount} images, "
                + $"such as {without}. Let the pattern fit all of them.");
        var images = TrainingImages.ToJudgeBy(whole);
        if (images != whole)
            terminal.Line($"{settings.Folder} is split already: {images.Path} is evaluated");
        settings.Output?.CheckOutside(images.Path);
        settings.Mistakes?.CheckOutside(images.Path);
        return images;
    }

    /// <summary>What the shards have scored. Paths that are not full are found from where they were scored.</summary>
    static ShardView Merged(Terminal terminal, string folder)
    {
        var parts = ShardFolder.Open(terminal, folder);
        if (parts[0].Header.Directory is var place && place != Environment.CurrentDirectory
            && parts.SelectMany(part => part.Read().Take(1)).Any(row => !Path.IsPathFullyQualified(row.Path)))
            throw new InvalidDataException($"{folder}: the images are named as seen from {place}, this is {Environment.CurrentDirectory}. "
                + "Call merge there, or give full paths to the shards.");
        return new(parts);
    }

    static int Finish(Terminal terminal, Settings settings, IDataView scored, Judged? judged)
    {
        var ml = terminal.Context(seed: 0);
        var (mistakes, report, cohorts) = terminal.Watch("scoring", scored.GetRowCount() ?? 0,
            bar => Evaluate(ml.MulticlassClassification, scored, settings, bar.Counting("scoring"), terminal.Cancellation));
        if (settings.HeatMaps)
        {
            using var explainer = ml.Model.Explain(judged!.Model);
            mistakes?.WithHeatMaps(explainer, cancellation: terminal.Cancellation);
        }
        EvaluationSummary.Write(terminal, report);
        if (settings.RejectBelow is { } threshold)
            EvaluationSummary.WriteRejected(terminal, report, threshold);
        EvaluationSummary.WriteCohorts(terminal, cohorts);
        if (judged is var (model, images))
            EvaluationSummary.WarnOfLearnt(terminal, ml.MulticlassClassification.CountLearnt(model, images), settings.Model.Path);
        foreach (var written in new[] { settings.Output, settings.Mistakes }.OfType<OutputPlace>())
            terminal.Line($"written: {Path.GetFullPath(written.Path)}");
        return BadFiles.ExitCodeOf(report, settings.FailOnBadFiles);
    }

    static void WarnOfClasses(Terminal terminal, LabelledImages images, DataViewSchema scored, Settings settings)
    {
        if (KnownClasses.Of(scored) is not { } known)
            return;
        if (settings.Top >= known.Length)
            terminal.Error($"warning: --top {settings.Top}: the model has {known.Length} classes, so that every image counts as right.");
        if (known.Except(images.Classes).ToArray() is [_, ..] absent)
            terminal.Error($"warning: {images.Path}: has no images of {KnownClasses.Names(absent)}, which {settings.Model.Path} knows and "
                + "which "
                + $"{(absent.Length == 1 ? "is" : "are")} so not tested.");
    }

    static (SortedMistakes? Mistakes, ClassificationReport Report, ImmutableArray<CohortReport> Cohorts) Evaluate(
        MulticlassClassificationCatalog catalog, IDataView scored, Settings settings, IProgress<long> progress,
        CancellationToken cancellation)
    {
        var columns = new ScoredColumns() { Cohort = settings.By is null ? null : LabelledImages.GroupColumn };
        var sorted = settings.Mistakes is { } mistakes
            ? catalog.SortMistakes(scored, mistakes.Path, columns, progress, cancellation) : null;
        var (rows, report) = (sorted, default(ClassificationReport));
        if (settings.Output is { } output)
            (report, rows) = RunFolder.Open(output.Path)
                .WriteEvaluation(catalog, sorted ?? scored, columns, settings.Top, progress, cancellation);
        report ??= catalog.Report(sorted ?? scored, columns, settings.Top, progress, cancellation);
        return (sorted, report, columns.Cohort is null ? [] : catalog.ReportByCohort(rows ?? scored, columns.Cohort, columns));
    }

    sealed record Judged(ITransformer Model, LabelledImages Images);

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string Folder { get; init; } = "";
        public CsvOptions Table { get; init; } = new();
        public OutputPlace? Output { get; init; }
        public OutputPlace? Mistakes { get; init; }
        public bool HeatMaps { get; init; }
        public int Top { get; init; }
        public float? RejectBelow { get; init; }
        public string? By { get; init; }
        public Func<ITransformer, ITransformer>? WithVersions { get; init; }
        public bool FailOnBadFiles { get; init; }
        public bool WritesJson { get; init; }
        public ShardSettings Sharding { get; init; } = new();
    }
}
