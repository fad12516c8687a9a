using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>How many of some images a model has learnt from.</summary>
/// <param name="Told">Images of which that is told: all that can be read, or a random sample where the model has learnt from
/// many.</param>
/// <param name="Learnt">Those of them that it has learnt from.</param>
public sealed record LearntOverlap(long Told, long Learnt)
{
    /// <summary>The share of the images that the model has learnt from, from 0 to 1.</summary>
    public double Share => Told == 0 ? 0 : (double)Learnt / Told;
}

/// <summary>Overlap of data with what a model has learnt from, on the catalog of classifiers.</summary>
public static class LearntOverlapVerbs
{
    /// <summary>Counts the images that a model has learnt from, by the content of their files whatever their names; of those the figures of
    /// an evaluation say nothing.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="model">A model with a classifier of this library.</param>
    /// <param name="images">Rows with the column ImagePath or a column of images.</param>
    /// <returns>Null where the model does not say what it has learnt from: one of before, or without a classifier.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public static LearntOverlap? CountLearnt(this MulticlassClassificationCatalog catalog, ITransformer model, IDataView images)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(images);
        if (model.Steps().OfType<ImageClassifier>().LastOrDefault()?.LearntFrom is not { } learnt)
            return null;
        var (path, picture) = (images.Schema.FindText(RowSelection.PathColumn)?.Name, images.Schema.PictureColumns().LastOrDefault());
        var column = path ?? picture ?? throw new ArgumentException($"images: has neither a column '{RowSelection.PathColumn}' nor one of "
            + "images. Keep the column of paths or of images.", nameof(images));
        var told = images.Read([column], row => learnt.Holds(KeyOf(row[column]))).OfType<bool>().ToArray();
        return new(told.Length, told.LongCount(held => held));
    }

    static PixelCacheKey KeyOf(object value) => value switch
    {
        Picture picture => picture.Image.Again().ContentKey(),
        var path => ArchivePath.Image((string)path).ContentKey(),
    };
}
