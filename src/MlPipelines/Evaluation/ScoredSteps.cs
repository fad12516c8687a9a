using Microsoft.ML.Runtime;

namespace MlPipelines;

/// <summary>A step at the end of a pipeline that writes something once all scored rows have gone through it,
/// and hands them on as they are.</summary>
/// <remarks>It writes after the first complete pass over the rows. While a chain is fitted, and for a single prediction,
/// it does nothing.</remarks>
public abstract record ScoredRowsStep : Step
{
    private protected ScoredRowsStep() { }

    /// <summary>Column of the true classes, text or a key.</summary>
    public string LabelColumnName { get; init => field = Check.Named(value, nameof(LabelColumnName)); } = "Label";

    /// <summary>Column of the scores, one a class.</summary>
    public string ScoreColumnName { get; init => field = Check.Named(value, nameof(ScoreColumnName)); } = "Score";

    /// <summary>Column of the predicted classes, text or a key.</summary>
    public string PredictedLabelColumnName { get; init => field = Check.Named(value, nameof(PredictedLabelColumnName)); }
        = "PredictedLabel";

    /// <summary>Column of the images' files, where there is one.</summary>
    public string ImagePathColumnName { get; init => field = Check.Named(value, nameof(ImagePathColumnName)); } = RowSelection.PathColumn;

    internal virtual ScoredColumns Columns => new(LabelColumnName, ScoreColumnName, PredictedLabelColumnName, ImagePathColumnName);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public override DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (HasColumns(inputSchema))
            ScoredRowReader.CheckColumns(inputSchema, Columns, PictureOf(inputSchema));
        return inputSchema;
    }

    /// <inheritdoc/>
    public override IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(input.Schema);
        return HasColumns(input.Schema) ? new WatchedView(input, new(input.Schema, Columns, PictureOf(input.Schema)), Finish) : input;
    }

    private protected override IDataView TransformWhileFitting(IDataView input) => input;

    private protected override IRowToRowMapper MapperOver(DataViewSchema inputSchema) => new AddedMapper(new(inputSchema, []));

    /// <summary>Writes what the rows came to.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    private protected abstract void Write(ScoredRows rows);

    private protected virtual RowPicture? PictureOf(DataViewSchema schema) => null;

    // Rows without labels, as when a saved pipeline predicts, have nothing to be judged by.
    bool HasColumns(DataViewSchema schema) => schema.GetColumnOrNull(LabelColumnName) is not null;

    void Finish(ScoredRows rows)
    {
        foreach (var row in rows.Skipped)
            Warn($"skipped {row}");
        if (rows.Rows.IsEmpty)
            Warn("none of the rows has both a label and a prediction, so that nothing is written.");
        else
            Write(rows);
    }
}

/// <summary>Writes the confusion matrix of the scored rows that go through: .txt, .csv, .svg and .png beside each other, or the one that
/// the path's extension names.</summary>
/// <param name="Path">Where to; files of that name are replaced.</param>
public sealed record ConfusionMatrixWriter(string Path) : ScoredRowsStep
{
    static readonly string[] extensions = [".txt", ".csv", ".svg", ".png"];

    /// <inheritdoc cref="ConfusionMatrixWriter(string)"/>
    public string Path { get; } = Check.Named(Path);

    private protected override void Write(ScoredRows rows)
    {
        var matrix = new NamedConfusionMatrix([.. rows.ClassNames], [.. rows.Rows.Select(row => row.Label)],
            [.. rows.Rows.Select(row => row.Predicted)]);
        if (extensions.Contains(System.IO.Path.GetExtension(Path).ToLowerInvariant()))
            matrix.Save(Path);
        else
            foreach (var extension in extensions)
                matrix.Save(Path + extension);
    }
}

/// <summary>Copies the images of the scored rows that are predicted wrongly into a folder, as {true}_to_{predicted}_{file name}, in place
/// of those of the run before.</summary>
/// <param name="Folder">Where the copies go; other files there stay as they are.</param>
public sealed record MistakeSorter(string Folder) : ScoredRowsStep
{
    /// <inheritdoc cref="MistakeSorter(string)"/>
    public string Folder { get; } = Check.Named(Folder);

    private protected override RowPicture? PictureOf(DataViewSchema schema) => EvaluationVerbs.PictureOf(schema, ImagePathColumnName);

    private protected override void Write(ScoredRows rows)
    {
        foreach (var row in new MistakeFolder(Folder).Replace(rows).Skipped.Except(rows.Skipped))
            Warn($"skipped {row}");
    }
}

/// <summary>Writes path, true class, predicted class and scores of each scored row that goes through, as CSV.</summary>
/// <param name="Path">Where to; a file of that name is replaced.</param>
public sealed record PredictionsWriter(string Path) : ScoredRowsStep
{
    /// <inheritdoc cref="PredictionsWriter(string)"/>
    public string Path { get; } = Check.Named(Path);

    private protected override void Write(ScoredRows rows) => AtomicFile.WriteWithFolder(Path, PredictionsCsv.Render(rows));
}

/// <summary>Steps that judge scored rows, at the end of a pipeline or on the output of a model.</summary>
public static class ScoredStepsCatalog
{
    /// <summary>Writes the confusion matrix of the scored rows that go through.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">Where to: <c>confusion</c> writes confusion.txt, .csv, .svg and .png;
    /// an extension of these writes that one.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones.</param>
    public static StepEstimator<ConfusionMatrixWriter> WriteConfusionMatrix(this TransformsCatalog catalog, string path,
        ScoredColumns? columns = null) => Over(catalog, new ConfusionMatrixWriter(path), columns);

    /// <summary>Copies the images of the scored rows that are predicted wrongly into a folder,
    /// as {true}_to_{predicted}_{file name}.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="folder">Where the copies go; other files there stay as they are.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones. Where there is none of the files, the pictures themselves are
    /// written as PNG, named by their row.</param>
    public static StepEstimator<MistakeSorter> SortMistakes(this TransformsCatalog catalog, string folder,
        ScoredColumns? columns = null) => Over(catalog, new MistakeSorter(folder), columns);

    /// <summary>Writes path, true class, predicted class and scores of each scored row that goes through, as CSV.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones.</param>
    public static StepEstimator<PredictionsWriter> WritePredictions(this TransformsCatalog catalog, string path,
        ScoredColumns? columns = null) => Over(catalog, new PredictionsWriter(path), columns);

    internal static StepEstimator<TStep> Over<TStep>(TransformsCatalog catalog, TStep step, ScoredColumns? columns)
        where TStep : ScoredRowsStep =>
        new(catalog.Host(), columns is null ? step : step with
        {
            LabelColumnName = columns.Label,
            ScoreColumnName = columns.Score,
            PredictedLabelColumnName = columns.PredictedLabel,
            ImagePathColumnName = columns.ImagePath,
        });
}
