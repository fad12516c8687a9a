using System.Globalization;

namespace MlPipelines;

/// <summary>The images that a model is most wrong about, as a picture.</summary>
public static class TopLossVerbs
{
    /// <summary>Pictures side by side.</summary>
    const int Columns = 6;

    /// <summary>Saves the images of the greatest loss as one picture, .png or .jpg by the name's extension: each with its true class, the
    /// class predicted with its score, and the loss, the negative natural logarithm of the true class's score.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="scored">Scored data: the output of a model.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="count">How many images.</param>
    /// <param name="size">Longest side of an image, in pixels.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or the extension is another.</exception>
    /// <exception cref="InvalidDataException">There is no row to evaluate, or the picture would be too large.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SavedSheet SaveTopLosses(this MulticlassClassificationCatalog catalog, IDataView scored, string path, int count = 24,
        int size = 160, ScoredColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(scored);
        PictureSheet.CheckedExtension(path);
        Check.AtLeast(count, 1);
        Check.AtLeast(size, 16);
        columns ??= new();
        var rows = EvaluationVerbs.Rows(catalog, scored, columns);
        var top = rows.Rows.Select(row => (Row: row, Loss: ClassificationReport.Loss(row.Scores, row.Label)))
            .OrderByDescending(one => one.Loss).Take(count).ToArray();
        var source = new SheetSource(scored.Schema, scored.Schema.FindText(columns.ImagePath) is null ? null : columns.ImagePath);
        var (wanted, skipped) = (top.Select(one => one.Row.Id).ToHashSet(), new List<SkippedRow>());
        var images = scored.Read([source.Column], row => (row.Id, Image: wanted.Contains(row.Id) ? source.Of(row).Decoded() : null),
            new() { Skipped = skipped.Add }).Where(one => one.Image is not null).ToDictionary(one => one.Id, one => one.Image!);
        var pictures = top.Where(one => images.ContainsKey(one.Row.Id))
            .Select(one => SheetSource.Within(images[one.Row.Id], size, Caption(rows.MistakeOf(one.Row), one.Loss)));
        foreach (var row in skipped)
            catalog.Host().Warn(nameof(SaveTopLosses), $"skipped {row}");
        var image = new PictureSheet($"The {images.Count} images of the greatest loss, of {rows.Rows.Length}",
            [.. pictures.Chunk(Columns).Select((some, line) => new SheetRow($"{line * Columns + 1}", "", some))]).Save(path);
        return new(path, image.Width, image.Height, [.. skipped]);
    }

    static string Caption(Mistake row, double loss) => string.Create(CultureInfo.InvariantCulture,
        $"{DisplayText.Visible(row.True)}\n{(row.True == row.Predicted ? "recognised" : DisplayText.Visible(row.Predicted))} "
        + $"{row.Score:0.00}\nloss {loss:0.00}");
}
