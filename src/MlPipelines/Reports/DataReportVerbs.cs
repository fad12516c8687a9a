namespace MlPipelines;

/// <summary>Pictures of data sets, on the catalog of data.</summary>
public static class DataReportVerbs
{
    /// <summary>The number of samples of each class as bars.</summary>
    /// <param name="counts">What <see cref="ImageDataCatalog.CountClasses"/> found.</param>
    /// <param name="title">Said above.</param>
    public static BarChart ToChart(this ClassCounts counts, string title = "Images of each class")
    {
        ArgumentNullException.ThrowIfNull(counts);
        return new(title, [.. counts.Classes.Select(one => new Bar(one.Name, one.Count))]);
    }

    /// <summary>Saves the number of samples of each class as bars, .svg or .png by the name's extension.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="data">The rows; only their labels are read.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="labelColumnName">Column of the classes: text, a key or a number.</param>
    /// <exception cref="ArgumentException">The column is missing or of another type, or the extension is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveClassCounts(this DataOperationsCatalog catalog, IDataView data, string path, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        catalog.CountClasses(data, labelColumnName).ToChart().Save(path);
    }

    /// <summary>Saves some images of each class as one picture, .png or .jpg by the name's extension: a row a class with its name and its
    /// number of images, the classes in the ordinal order of their names.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="data">The rows. Images that cannot be read are left out and named in the log;
    /// others of their class take their place.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="options">How many, how large, which, and of which columns.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or the extension is another.</exception>
    /// <exception cref="InvalidDataException">The picture would be too large.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SavedSheet SaveContactSheet(this DataOperationsCatalog catalog, IDataView data, string path,
        ContactSheetOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        PictureSheet.CheckedExtension(path);
        options ??= new();
        var contacts = new ContactSheet(data, options.LabelColumnName, new(data.Schema, options.ImageColumnName), options.PerClass,
            options.Size);
        var sheet = contacts.Draw(options.Seed ?? catalog.Host().Seed(), cancellation);
        return Saved(catalog, nameof(SaveContactSheet), path, sheet, contacts.Skipped);
    }

    /// <summary>Saves some images above what a trainer gets of them, as one picture, .png or .jpg by the name's extension: the originals,
    /// then a row an epoch, each image with what was drawn for it.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="data">The rows that <paramref name="pipeline"/> begins with.
    /// Images that cannot be read are left out and named in the log.</param>
    /// <param name="path">Where to; a file of that name is replaced.</param>
    /// <param name="pipeline">A step AugmentImages, fitted, or a fitted pipeline with one in it; the steps after it are left out.</param>
    /// <param name="options">How many, which, and the column of their classes.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <remarks>Images are not resampled, but small ones magnified by a whole number. Augmentations that mix samples
    /// (<see cref="ISampleMixing"/>) mix the images shown as one batch; a trainer's batches hold others.</remarks>
    /// <exception cref="ArgumentException">There is no such step, a column is missing, or the extension is another.</exception>
    /// <exception cref="InvalidDataException">No image can be read, or the picture would be too large.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SavedSheet SaveAugmentations(this DataOperationsCatalog catalog, IDataView data, string path, ITransformer pipeline,
        AugmentationSheetOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(pipeline);
        PictureSheet.CheckedExtension(path);
        options ??= new();
        var sheet = new AugmentationSheet(data, pipeline, options.LabelColumnName, options.Seed ?? catalog.Host().Seed());
        var drawn = sheet.Draw(options.Count, options.Epochs, cancellation);
        return Saved(catalog, nameof(SaveAugmentations), path, drawn, sheet.Skipped);
    }

    /// <summary>The same for a step AugmentImages that is not fitted, or for steps that end with it.</summary>
    /// <inheritdoc
    /// cref="SaveAugmentations(DataOperationsCatalog, IDataView, string, ITransformer, AugmentationSheetOptions?, CancellationToken)"/>
    public static SavedSheet SaveAugmentations(this DataOperationsCatalog catalog, IDataView data, string path,
        IEstimator<ITransformer> pipeline, AugmentationSheetOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return SaveAugmentations(catalog, data, path, pipeline.Fit(data), options, cancellation);
    }

    /// <summary>The same for a list of augmentations of the images in the column Image, drawn from the context's seed.</summary>
    /// <inheritdoc
    /// cref="SaveAugmentations(DataOperationsCatalog, IDataView, string, ITransformer, AugmentationSheetOptions?, CancellationToken)"/>
    public static SavedSheet SaveAugmentations(this DataOperationsCatalog catalog, IDataView data, string path,
        IEnumerable<Augmentation> augmentations, AugmentationSheetOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var step = new ImageAugmentingTransformer("Image", "Image", catalog.Host().Seed(), [.. augmentations]);
        return SaveAugmentations(catalog, data, path, step, options, cancellation);
    }

    static SavedSheet Saved(DataOperationsCatalog catalog, string verb, string path, PictureSheet sheet, IReadOnlyList<SkippedRow> skipped)
    {
        foreach (var row in skipped)
            catalog.Host().Warn(verb, $"skipped {row}");
        var image = sheet.Save(path);
        return new(path, image.Width, image.Height, [.. skipped]);
    }
}
