namespace MlPipelines;

/// <summary>Checks of data sets on the catalog of data.</summary>
public static class DataCheckVerbs
{
    /// <summary>Looks for what is wrong with a set of images: unreadable files, duplicates, images in both train and test, shortcuts,
    /// oddities. Nothing is changed.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="path">A folder with one sub-folder a class, or with the sub-folders train, validation and test that have these,
    /// or with images alone.</param>
    /// <param name="against">Another such folder, whose images must not be in the first.</param>
    /// <param name="options">What is looked for.</param>
    /// <remarks>Every file is read and decoded once; about a kilobyte of each stays in memory.
    /// The result does not depend on the number of threads.</remarks>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">A folder holds no image.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DataCheckReport Check(this DataOperationsCatalog catalog, string path, string? against = null,
        DataCheckOptions? options = null) =>
        catalog.Check([.. FolderParts.List(path), .. against is null ? [] : FolderParts.List(against)], options);

    /// <summary>The same for rows with the columns ImagePath or Image, and Label if there are classes.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="parts">Parts of a set that must not share images; one for a set that is whole.</param>
    /// <param name="options">What is looked for.</param>
    public static DataCheckReport Check(this DataOperationsCatalog catalog, IReadOnlyCollection<SurveyedPart> parts,
        DataCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        options ??= new();
        return DataCheckReport.Of(DataSurvey.Of(parts, options.Workers, options.Progress, options.CancellationToken), options.Checks,
            options.CancellationToken);
    }
}
