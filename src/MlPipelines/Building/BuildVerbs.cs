namespace MlPipelines;

/// <summary>Building a classifier without saying how.</summary>
public static class BuildVerbs
{
    /// <summary>Looks at the images, tries heads, fine-tuning and small networks from scratch by successive halving, trains the best on all
    /// but the images of the report, and judges it by those.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="data">Rows with ImagePath, or Image, and Label; rows of one value in a column Group stay in one part.</param>
    /// <param name="options">How long, and with what; null for ten minutes and the networks at hand.</param>
    /// <remarks>Where the last training of a network that learns in steps would not end in time, the model is that of its trial, which has
    /// learnt from all but those that candidates are chosen by.
    /// What is tried next depends on what came of the trials before, and on time only where there is a bound of time: without it
    /// equal seeds and equally many trials choose the same.</remarks>
    /// <exception cref="ArgumentException">A column is missing, there are fewer than two classes, or there is nothing to try.</exception>
    /// <exception cref="InvalidDataException">No picture can be read, a part comes to nothing, or the workspace holds another
    /// build.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; a workspace keeps the finished trials.</exception>
    public static BuiltClassifier BuildImageClassifier(this MulticlassClassificationCatalog catalog, IDataView data,
        ImageBuildOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        using var build = new ImageBuild(catalog, data, options);
        build.Tell();
        var (recipe, search) = build.Search();
        var (model, history) = build.Last(recipe, search.IsOfTrial);
        var report = catalog.Report(model.Transform(build.Data.Test), cancellation: options.CancellationToken);
        return new(model, report, build.Data.Test, search) { History = history };
    }
}
