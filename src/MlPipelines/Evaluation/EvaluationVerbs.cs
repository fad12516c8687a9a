namespace MlPipelines;

/// <summary>Evaluation on the catalog of classifiers.</summary>
public static class EvaluationVerbs
{
    /// <summary>Compares predictions with labels; both may be keys or text. ML.NET's Evaluate gives the usual figures; this names the
    /// classes, and adds intervals, F1, calibration and pictures.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="data">Scored data: the output of a model.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones. A class that the model does not know gets a row of its own in the
    /// confusion matrix.</param>
    /// <param name="topKPredictionCount">K of the top-k accuracy; 0 for none.</param>
    /// <param name="progress">Told of the number of rows read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidDataException">There is no row to evaluate, or none of a class that the model knows.</exception>
    public static ClassificationReport Report(this MulticlassClassificationCatalog catalog, IDataView data,
        ScoredColumns? columns = null, int topKPredictionCount = 0, IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Judge(Rows(catalog, data, columns, progress, cancellation), topKPredictionCount);
    }

    internal static ClassificationReport Judge(ScoredRows rows, int topKPredictionCount = 0) => new([.. rows.ClassNames],
        [.. rows.Rows.Select(row => row.Label)], [.. rows.Rows.Select(row => row.Predicted)],
            [.. rows.Rows.Select(row => row.Scores)], topKPredictionCount)
    {
        Skipped = rows.Skipped,
        UnlabelledRowCount = rows.UnlabelledCount,
        UnknownClassRowCount = rows.UnknownCount,
    };

    /// <summary>Copies each image that is predicted wrongly to <paramref name="folder"/> as {true}_to_{predicted}_{file name}, in place of
    /// those of the run before. Images without a file are written as PNG, named by their row.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="scored">Scored data: the output of a model.</param>
    /// <param name="folder">Where the copies go; other files there stay as they are.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones. Where there is none of the files, the pictures themselves are
    /// taken.</param>
    /// <param name="progress">Told of the number of rows read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The data as it was, so that calls chain.</returns>
    /// <exception cref="ArgumentException">A column is missing, or the images lie in <paramref name="folder"/> themselves.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static SortedMistakes SortMistakes(this MulticlassClassificationCatalog catalog, IDataView scored, string folder,
        ScoredColumns? columns = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        Check.Named(folder);
        columns ??= new();
        var pictures = PictureOf(scored.Schema, columns.ImagePath);
        var rows = scored is SortedMistakes sorted && sorted.Columns == columns && pictures is null ? sorted.Rows
            : ScoredRows.Read(scored, columns, pictures, progress, cancellation);
        var (mistakes, skipped) = new MistakeFolder(folder).Replace(rows);
        Tell(catalog, "SortMistakes", rows, skipped);
        return new(scored, columns, rows, folder, mistakes, skipped);
    }

    /// <summary>Writes every row's path, true class, predicted class and scores as CSV.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="scored">Scored data: the output of a model.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SavePredictions(this MulticlassClassificationCatalog catalog, IDataView scored, string path,
        ScoredColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        AtomicFile.WriteWithFolder(path, PredictionsCsv.Render(Rows(catalog, scored, columns)));
    }

    internal static ScoredRows Rows(MulticlassClassificationCatalog catalog, IDataView data, ScoredColumns? columns,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        columns ??= new();
        if (data is SortedMistakes sorted && sorted.Columns == columns)
            return sorted.Rows;
        var rows = ScoredRows.Read(data, columns, null, progress, cancellation);
        Tell(catalog, "Report", rows, rows.Skipped);
        return rows;
    }

    static void Tell(MulticlassClassificationCatalog catalog, string verb, ScoredRows rows, IEnumerable<SkippedRow> skipped)
    {
        if (rows.UnknownCount > 0 && rows.UnknownCount == rows.Rows.Length)
            throw new InvalidDataException($"{verb}: the labels are "
                + $"{Listed(rows.ClassNames.Skip(rows.KnownCount))}, the model knows {Listed(rows.ClassNames.Take(rows.KnownCount))}: "
                + "none in common. Is it the model of these classes?");
        foreach (var group in rows.Rows.Where(row => row.Label >= rows.KnownCount).GroupBy(row => rows.ClassNames[row.Label]))
            catalog.Host().Warn(verb, $"the model knows no class '{group.Key}': "
                + $"{Counted.Of(group.Count(), "image of it counts as a mistake", "images of it count as mistakes")}.");
        foreach (var row in skipped)
            catalog.Host().Warn(verb, $"skipped {row}");
    }

    static string Listed(IEnumerable<string> names)
    {
        const int most = 8;
        var all = names.ToArray();
        return string.Join(", ", all.Take(most).Select(name => $"'{name}'")) + (all.Length > most ? $" and {all.Length - most} more" : "");
    }

    internal static RowPicture? PictureOf(DataViewSchema schema, string pathColumn)
    {
        if (schema.FindText(pathColumn) is not null)
            return null;
        var picture = schema.PictureColumns().LastOrDefault()
            ?? throw new ArgumentException($"Column '{pathColumn}': not found, and there is no column of images to write instead. Keep "
                + "the column of paths or of images in the pipeline.");
        return new(picture, image => image.Draw(0).Encode(".png"));
    }
}
