namespace MlPipelines;

/// <summary>Keras's ImageDataGenerator among the verbs.</summary>
public static class ImageGeneratorCatalog
{
    /// <summary>Transforms images at random while a trainer learns from them, and standardises them always,
    /// as Keras's ImageDataGenerator does.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of the vectors [C, H, W]; name it Features, or name it to the trainer.</param>
    /// <param name="inputColumnName">Column of images, all of one size, or of vectors [C, H, W]; pixels are 0–255.</param>
    /// <param name="generator">What is done. Statistics that it lacks are computed when the pipeline is fitted.</param>
    /// <param name="sampleSize">The most rows that statistics are computed from; of more, so many are drawn.</param>
    /// <remarks>The network then gets standardised numbers, so it needs no Rescaling. In a saved model the standardisation is part of the
    /// graph, which takes pixels 0–255.</remarks>
    public static ImageGeneratingEstimator GenerateImageData(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName, ImageDataGenerator generator, int sampleSize = 10_000)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(generator);
        return new(catalog.Host(), outputColumnName, Check.Named(inputColumnName), generator, sampleSize);
    }

    /// <summary>Splits as Keras's validation_split: of each class, the first int(fraction · n) images are for validation,
    /// the others to learn from.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="generator">Its <see cref="ImageDataGenerator.ValidationSplit"/> is the fraction.</param>
    /// <param name="labelColumnName">Column of the classes.</param>
    /// <remarks>
    /// First by path where there is a column ImagePath, or else by place. Nothing is shuffled: where names say what is in an image
    /// (breed_001, camera2_…), the two parts differ in kind
    /// and the validation misleads. <see cref="ImageDataCatalog.TrainTestSplit"/> draws at random. Unlike in Keras,
    /// validation images are never transformed.
    /// </remarks>
    public static DataOperationsCatalog.TrainTestData ValidationSplit(this DataOperationsCatalog catalog, IDataView data,
        ImageDataGenerator generator, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(generator);
        var (label, hasPath) = (LabelColumn.Of(data.Schema, labelColumnName), data.Schema.FindText(RowSelection.PathColumn) is not null);
        var rows = data.Rows(label.Name)
            .Select(row => (row.Place, Label: label.NameOf(row[label.Name]) ?? "", Path: hasPath ? row.Name : "")).ToArray();
        var validation = rows.GroupBy(row => row.Label)
            .SelectMany(group =>
                group.OrderBy(row => row.Path, StringComparer.Ordinal).Take((int)(generator.ValidationSplit * (double)group.Count())))
            .Select(row => row.Place).ToHashSet();
        var training = rows.Select(row => row.Place).Where(place => !validation.Contains(place));
        return InternalMembers.TrainTest(PickedView.Of(data, training, rows.Length), PickedView.Of(data, validation, rows.Length));
    }
}
