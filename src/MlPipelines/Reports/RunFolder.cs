using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>A folder with all that one run leaves; every file in it is there in full or not at all.</summary>
public sealed class RunFolder
{
    const string PipelineName = "pipeline.json";

    readonly JsonObject? made;

    RunFolder(string folder, JsonObject? made = null) => (Folder, this.made) = (folder, made);

    /// <summary>Path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Where the model goes that any runtime can run.</summary>
    public string ModelPath => PathOf("model.onnx");

    /// <summary>Where the model goes that ML.NET loads.</summary>
    public string ZipPath => PathOf("model.zip");

    /// <summary>What ran, as JSON.</summary>
    public string PipelinePath => PathOf(PipelineName);

    /// <summary>Where the page of the evaluation goes.</summary>
    public string PagePath => PathOf("report.html");

    /// <summary>Where the images predicted wrongly go.</summary>
    public string MistakesPath => PathOf("miss");

    /// <summary>Makes a new folder of that name; where there is one, -2, -3, … is added to the name.</summary>
    /// <param name="parent">The folder of all runs, such as "runs".</param>
    /// <param name="name">Name of this run.</param>
    /// <param name="pipeline">What runs; the folder begins with it, as pipeline.json.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static RunFolder Create(string parent, string name, JsonObject pipeline)
    {
        Check.Named(parent);
        var safe = SafeFileName.Of(Check.Named(name));
        try
        {
            return new(AtomicFolder.WriteOne(parent, Numbers.Select(number => Path.GetFileName(Numbered(parent, safe, number))),
                folder => new RunFolder(folder).WritePipeline(pipeline)), pipeline);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{parent}: cannot make a folder for the run: {(e.InnerException ?? e).Message.TrimEnd('.')}. Make "
                + "room, or choose another folder.", e);
        }
    }

    /// <summary>The last folder that <see cref="Create"/> made of that name; null when there is none.</summary>
    public static RunFolder? Last(string parent, string name)
    {
        Check.Named(parent);
        var safe = SafeFileName.Of(Check.Named(name));
        var found = Numbers.Select(number => Numbered(parent, safe, number)).TakeWhile(Directory.Exists)
            .LastOrDefault();
        return found is null ? null : new(found);
    }

    /// <summary>The folder that <see cref="Create"/> would make of that name.</summary>
    internal static string Next(string parent, string name) =>
        Numbers.Select(number => Numbered(parent, SafeFileName.Of(Check.Named(name)), number))
            .First(folder => !Path.Exists(folder));

    /// <summary>An existing or new folder that holds just this; files of the same names are replaced.</summary>
    public static RunFolder Open(string folder) => new(Check.Named(folder));

    /// <summary>Takes back what <see cref="Create"/> made where nothing has come of the run: a folder that holds pipeline.json
    /// alone.</summary>
    public void Discard()
    {
        if (made is not null && Directory.Exists(Folder)
            && Directory.EnumerateFileSystemEntries(Folder).All(entry => Path.GetFileName(entry) == PipelineName))
            Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Makes the folder again where it was deleted meanwhile, with the pipeline.json that <see cref="Create"/> gave it, so that
    /// what was learnt can be saved.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public void Restore()
    {
        Directory.CreateDirectory(Folder);
        if (made is not null && !File.Exists(PathOf(PipelineName)))
            WritePipeline(made);
    }

    /// <summary>Path of a file in the folder.</summary>
    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Writes pipeline.json: what ran.</summary>
    public void WritePipeline(JsonObject pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        AtomicFile.WriteWithFolder(PathOf(PipelineName), pipeline.ToJsonString(JsonText.Indented));
    }

    /// <summary>Writes history.csv, and history.svg where there is more than one epoch: a curve of one point shows nothing.</summary>
    public void WriteHistory(TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        AtomicFile.WriteWithFolder(PathOf("history.csv"), history.ToCsv());
        if (history.Epochs.Length > 1)
            AtomicFile.WriteWithFolder(PathOf("history.svg"), history.ToChart().ToSvg());
    }

    /// <summary>Writes learning_rate.csv and learning_rate.svg.</summary>
    public void WriteLearningRates(LearningRateCurve curve)
    {
        AtomicFile.WriteWithFolder(PathOf("learning_rate.csv"), curve.ToCsv());
        AtomicFile.WriteWithFolder(PathOf("learning_rate.svg"), curve.ToChart().ToSvg());
    }

    /// <summary>Writes metrics.json, confusion_matrix.csv, .svg and .png, and what there is of roc.svg, precision_recall.svg,
    /// calibration.svg and coverage.svg.</summary>
    public void WriteMetrics(ClassificationReport metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        AtomicFile.WriteWithFolder(PathOf("metrics.json"), metrics.ToJson().ToJsonString(JsonText.Indented));
        foreach (var extension in (string[])[".csv", ".svg", ".png"])
            metrics.ConfusionMatrix.Save(PathOf($"confusion_matrix{extension}"));
        foreach (var (name, chart) in EvaluationCharts.Of(metrics))
            AtomicFile.WriteWithFolder(PathOf($"{name}.svg"), chart.ToSvg());
    }

    /// <summary>Writes cohorts.csv.</summary>
    public void WriteCohorts(IEnumerable<CohortReport> cohorts) =>
        AtomicFile.WriteWithFolder(PathOf("cohorts.csv"), CohortReport.ToCsv(cohorts));

    /// <summary>Sorts the mistakes into miss/, evaluates, and writes predictions.csv and the metrics.</summary>
    /// <param name="catalog">Where the verbs are found.</param>
    /// <param name="scored">Scored data: the output of a model.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones. Where there is one of cohorts, cohorts.csv is written.</param>
    /// <param name="topKPredictionCount">K of the top-k accuracy; 0 for none.</param>
    /// <param name="progress">Told of the number of rows read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public (ClassificationReport Metrics, SortedMistakes Mistakes) WriteEvaluation(MulticlassClassificationCatalog catalog,
        IDataView scored, ScoredColumns? columns = null, int topKPredictionCount = 0, IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        var sorted = catalog.SortMistakes(scored, MistakesPath, columns, progress, cancellation);
        var metrics = catalog.Report(sorted, columns, topKPredictionCount, cancellation: cancellation);
        catalog.SavePredictions(sorted, PathOf("predictions.csv"), columns);
        WriteMetrics(metrics);
        if (columns?.Cohort is { } cohort)
            WriteCohorts(catalog.ReportByCohort(sorted, cohort, columns));
        return (metrics, sorted);
    }

    static IEnumerable<int> Numbers => Enumerable.Range(1, int.MaxValue - 1);

    static string Numbered(string parent, string name, int number) => Path.Combine(parent, number == 1 ? name : $"{name}-{number}");
}
