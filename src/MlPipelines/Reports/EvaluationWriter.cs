namespace MlPipelines;

/// <summary>Writes the whole evaluation of the scored rows that go through: metrics.json, the confusion matrix as .csv, .svg and .png,
/// predictions.csv, the curves as .svg, and cohorts.csv where there are cohorts.</summary>
/// <param name="Folder">Where to; files of those names are replaced, others stay as they are.</param>
public sealed record EvaluationWriter(string Folder) : ScoredRowsStep
{
    /// <inheritdoc cref="EvaluationWriter(string)"/>
    public string Folder { get; } = Check.Named(Folder);

    /// <summary>Column that says which cohort a row belongs to; null for none.</summary>
    public string? CohortColumnName
    {
        get;
        init => field = value is null ? null : Check.Named(value, nameof(CohortColumnName));
    }

    internal override ScoredColumns Columns => base.Columns with { Cohort = CohortColumnName };

    private protected override void Write(ScoredRows rows)
    {
        var folder = RunFolder.Open(Folder);
        folder.WriteMetrics(EvaluationVerbs.Judge(rows));
        AtomicFile.WriteWithFolder(folder.PathOf("predictions.csv"), PredictionsCsv.Render(rows));
        if (CohortColumnName is not null)
            folder.WriteCohorts(CohortReport.Of(rows));
    }
}

/// <summary>The evaluation as a step, at the end of a pipeline or on the output of a model.</summary>
public static class EvaluationWriterCatalog
{
    /// <summary>Writes the whole evaluation of the scored rows that go through: figures, confusion matrix, predictions, curves and
    /// cohorts.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="folder">Where to; files of the same names are replaced.</param>
    /// <param name="columns">The columns, that of the cohorts among them; null for ML.NET's usual ones.</param>
    public static StepEstimator<EvaluationWriter> WriteEvaluation(this TransformsCatalog catalog, string folder,
        ScoredColumns? columns = null) =>
        ScoredStepsCatalog.Over(catalog, new EvaluationWriter(folder) { CohortColumnName = columns?.Cohort }, columns);
}
