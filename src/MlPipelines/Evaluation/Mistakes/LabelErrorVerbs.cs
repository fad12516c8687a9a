using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Labels that are likely wrong, on the catalog of classifiers.</summary>
public static class LabelErrorVerbs
{
    /// <summary>Finds rows whose label is likely wrong: the model, which must not have learnt from them, is surer of another class than it
    /// is of that class's own rows on the whole.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="scored">Scored rows that the model has not learnt from.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones.</param>
    /// <returns>The most likely first.</returns>
    /// <remarks>Source: confident learning, Northcutt, Jiang, Chuang 2021, doi:10.1613/jair.1.12125. Difficult images are among what is
    /// found: it is a list to look through, not to delete by.</remarks>
    public static ImmutableArray<LikelyLabelError> FindLabelErrors(this MulticlassClassificationCatalog catalog, IDataView scored,
        ScoredColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ConfidentLearning.Find(EvaluationVerbs.Rows(catalog, scored, columns));
    }

    /// <summary>The same of all rows that were cross-validated, each as the model says that has not seen it.</summary>
    /// <inheritdoc cref="FindLabelErrors(MulticlassClassificationCatalog, IDataView, ScoredColumns?)"/>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="folds">The cross-validation.</param>
    public static ImmutableArray<LikelyLabelError> FindLabelErrors(this MulticlassClassificationCatalog catalog,
        CrossValidationReport folds)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(folds);
        return ConfidentLearning.Find(folds.PooledRows);
    }

    /// <summary>Copies the images to <paramref name="folder"/> as {label}_to_{likely}_{file name}, in place of those of the run before,
    /// with label_errors.csv beside them.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="errors">What was found.</param>
    /// <param name="folder">Where the copies go; other files there stay as they are.</param>
    /// <exception cref="ArgumentException">An image has no file, or lies in <paramref name="folder"/> itself.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void SaveLabelErrors(this MulticlassClassificationCatalog catalog, IReadOnlyList<LikelyLabelError> errors,
        string folder)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(errors);
        Check.Named(folder);
        if (errors.FirstOrDefault(error => error.Path is null) is { } without)
            throw new ArgumentException($"errors: row {without.Id} has no file to copy. Score data with a column of files.",
                nameof(errors));
        ImmutableArray<string> names = [.. errors.SelectMany(error => new[] { error.Label, error.Likely }).Distinct()];
        var (_, skipped) = new MistakeFolder(folder).Replace(new()
        {
            ClassNames = names,
            Rows = [.. errors.Select(error => new ScoredRow(error.Id, error.Path, names.IndexOf(error.Label), names.IndexOf(error.Likely),
                Scores(error), null))],
            Skipped = [],
            UnlabelledCount = 0,
        });
        foreach (var row in skipped)
            catalog.Host().Warn(nameof(SaveLabelErrors), $"skipped {row}");
        AtomicFile.WriteWithFolder(Path.Combine(folder, "label_errors.csv"), ToCsv(errors));

        float[] Scores(LikelyLabelError error)
        {
            var scores = new float[names.Length];
            (scores[names.IndexOf(error.Label)], scores[names.IndexOf(error.Likely)]) = (error.LabelScore, error.LikelyScore);
            return scores;
        }
    }

    static string ToCsv(IEnumerable<LikelyLabelError> errors)
    {
        var csv = new CsvWriter().Text("path").Text("label").Text("likely").Text("score of label").Text("score of likely").EndRow();
        foreach (var error in errors)
            csv.Text(ArchivePath.Full(error.Path!)).Text(error.Label).Text(error.Likely).Number(error.LabelScore).Number(error.LikelyScore)
                .EndRow();
        return csv.ToString();
    }
}
