
namespace MlPipelines;

/// <summary>Networks that others have trained.</summary>
public static class PretrainedModelsCatalog
{
    /// <summary>Sees to it that the file of a model is there: fetches it if it is missing, goes on where an earlier download was cut, and
    /// checks it by SHA-256.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">Such as <c>PretrainedModel.Find("mobilenetv2")</c>.</param>
    /// <param name="folder">Where to; null for <see cref="PretrainedModel.DefaultFolder"/>.</param>
    /// <param name="options">Where from, and how patiently; what goes wrong on the way is a warning, too.</param>
    /// <param name="cancellation">Ends the download; the next one goes on from there.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InvalidDataException">There is another file of that name.</exception>
    /// <exception cref="DownloadException">It cannot be fetched, or another file is sent.</exception>
    public static string Download(this ModelOperationsCatalog catalog, PretrainedModel model, string? folder = null,
        DownloadOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        var told = options with { Notice = options.Notice + (text => catalog.Host().Warn(nameof(Download), text)) };
        var target = folder ?? PretrainedModel.DefaultFolder;
        Task.Run(() =>
            new DataSetDownloader(told).GetAsync([.. told.Folders(model.Name, model.Addresses, PretrainedModel.MirrorSetting)],
                [model.Published], target, cancellation), cancellation).GetAwaiter().GetResult();
        return model.File(target);
    }
}
