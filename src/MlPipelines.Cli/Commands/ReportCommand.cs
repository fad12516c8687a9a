using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe report MODEL FOLDER.</summary>
static class ReportCommand
{
    const int Explained = 60;

    public static Command Create(Terminal terminal)
    {
        var command = new SettingsCommand<Settings>("report",
            "Tries a model on a labelled folder and writes all that is to be seen of it as one page: figures, curves, who is taken for "
                + "whom with the pictures behind it, mistakes with heat maps, labels that are likely wrong.", new(),
            settings => Run(terminal, settings))
        {
            new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
            { SharedOptions.LabelledImages(), (settings, folder) => settings with { Folder = folder } },
            {
                OptionKinds.Folder("--train", "The images that the model has learnt from: counts by class, what checks find in both, and "
                    + "beside each mistake the images that are most like it."),
                (settings, train) => settings with { Train = train }
            },
            {
                OptionKinds.Number("--explained", "Mistakes that get a heat map and neighbours, those of the greatest loss; 0 for none.",
                    Explained, 0), (settings, explained) => settings with { Explained = explained }
            },
            {
                OptionKinds.Output(OutputPlace.UsualOption, "The page; one of that name is replaced.", "FILE.html", "report.html"),
                (settings, output) => settings with { Output = output! }
            },
        };
        TableOptions.Add(command, settings => settings.Table, (settings, table) => settings with { Table = table });
        return command;
    }

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(seed: 0);
        TableOptions.Check(settings.Table, settings.Folder, settings.Train);
        var load = settings.Model.LoadToJudge(terminal, ml);
        var images = TrainingImages.ToJudgeBy(ml.Data.LoadFromImages(settings.Folder, settings.Table));
        var learnt = settings.Train is { } folder ? Learnt(ml.Data.LoadFromImages(folder, settings.Table)) : null;
        foreach (var data in new[] { images, learnt }.OfType<LabelledImages>())
            settings.Output.CheckOutside(data.Path);
        var model = load(images);
        using var explainer = settings.Explained > 0 ? ml.Model.Explain(model) : null;
        var run = RunOf(settings.Model.Path);
        EvaluationSummary.WarnOfLearnt(terminal, ml.MulticlassClassification.CountLearnt(model, images), settings.Model.Path);
        ml.MulticlassClassification.SavePage(model.Transform(images), settings.Output.Path, new()
        {
            Title = $"{Path.GetFileName(settings.Model.Path)} on {images.Path}",
            Explainer = explainer,
            Explained = settings.Explained,
            LearntFrom = learnt,
            Findings = ml.Data.Check([.. Parts(images, learnt)], new() { CancellationToken = terminal.Cancellation }).Findings,
            History = run?.History,
            Pipeline = run?.Pipeline,
            Command = run is null ? null : $"mlpipe run {RunFolder.Open(run.Folder).PipelinePath}",
        }, terminal.Cancellation);
        terminal.Line($"written: {Path.GetFullPath(settings.Output.Path)}");
        return ExitCode.Success;
    }

    static LabelledImages Learnt(LabelledImages images) => images.Parts.GetValueOrDefault(DivisionNames.Train) ?? images;

    static IEnumerable<SurveyedPart> Parts(LabelledImages images, LabelledImages? learnt)
    {
        if (learnt is not null)
            yield return new(DivisionNames.Train, learnt);
        yield return new(DivisionNames.Test, images);
    }

    /// <summary>The run that made the model, where it lies in its folder.</summary>
    static RecordedRun? RunOf(string model) => Path.GetDirectoryName(Path.GetFullPath(model)) is { } folder
        && File.Exists(RunFolder.Open(folder).PipelinePath) ? RecordedRun.Open(folder) : null;

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string Folder { get; init; } = "";
        public string? Train { get; init; }
        public CsvOptions Table { get; init; } = new();
        public int Explained { get; init; }
        public OutputPlace Output { get; init; } = null!;
    }
}
