namespace MlPipelines;

/// <summary>The page of an evaluation, on the catalog of classifiers.</summary>
public static class EvaluationPageVerbs
{
    /// <summary>Writes the whole evaluation as one page, which needs no other file and no network: figures, curves, the confusion matrix
    /// whose cells open the pictures behind them, a table of classes, the mistakes with what explains them, labels that are likely wrong,
    /// the data and what ran.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="scored">Scored data: the output of a model.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="options">What it has beside the rows.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">There is no row to evaluate.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SavePage(this MulticlassClassificationCatalog catalog, IDataView scored, string path,
        EvaluationPageOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        Check.Named(path);
        options ??= new();
        var rows = EvaluationVerbs.Rows(catalog, scored, options.Columns, cancellation: cancellation);
        var content = new EvaluationPage(rows, EvaluationVerbs.Judge(rows), options).Content(scored, cancellation);
        AtomicFile.WriteWithFolder(path, PageTemplate.Of("EvaluationPage.html", options.Title, content));
    }
}
