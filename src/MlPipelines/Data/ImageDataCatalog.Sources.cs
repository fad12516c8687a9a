using System.Text;

namespace MlPipelines;

public static partial class ImageDataCatalog
{
    /// <summary>Lists the images that a table names, as columns ImagePath and Label.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The table: text as RFC 4180 describes it, in UTF-8.</param>
    /// <param name="options">Its columns, and how it is written.</param>
    /// <returns>Names, in <see cref="LabelledImages.Ignored"/>, every line without a path, a label or a file,
    /// as <c>file:line</c>.</returns>
    /// <exception cref="FileNotFoundException">There is no such table.</exception>
    /// <exception cref="InvalidDataException">It is damaged, lacks a column, or no line of it is an image.</exception>
    public static LabelledImages LoadFromCsv(this DataOperationsCatalog catalog, string path, CsvOptions? options = null) =>
        catalog.LogIgnored("LoadFromCsv", CsvImages.List(Check.Named(path), options ?? new()));

    /// <summary>Lists the images that lie in one folder and have their labels in their names, as columns ImagePath and Label.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The folder; folders in it are passed over.</param>
    /// <param name="pattern">A regular expression over the file's name with a group named label,
    /// such as <c>^(?&lt;label&gt;[^_]+)_</c> for <c>cat_001.jpg</c>.</param>
    /// <returns>Names, in <see cref="LabelledImages.Ignored"/>, every file whose name does not fit.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">No image in it fits.</exception>
    public static LabelledImages LoadFromFlatFolder(this DataOperationsCatalog catalog, string path, string pattern) =>
        catalog.LogIgnored("LoadFromFlatFolder", FlatFolder.List(Check.Named(path), pattern));

    /// <summary>Lists the images of a zip, tar or tar.gz with one folder a class, as columns ImagePath (<c>flowers.zip/rose/1.jpg</c>),
    /// Label and Image. They are read in place, one when it is needed, by several threads at once.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The archive. Folders in it that hold all the class folders are passed over.</param>
    /// <param name="limits">How much it may hold.</param>
    /// <param name="nameEncoding">Of names in a zip that does not say that they are UTF-8.</param>
    /// <returns>Names, in <see cref="LabelledImages.Ignored"/>, every entry that is not part of the data: links, names that lead out of the
    /// archive, second entries of a name.</returns>
    /// <remarks>A tar.gz has no places to read from: it is unpacked once, into a file without a name among the temporary ones,
    /// which ends with the process.</remarks>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no archive, damaged, too large, or holds no image in a folder.</exception>
    public static LabelledImages LoadFromArchive(this DataOperationsCatalog catalog, string path, ArchiveLimits? limits = null,
        Encoding? nameEncoding = null) =>
        catalog.LogIgnored("LoadFromArchive", ArchiveImages.List(Check.Named(path), limits, nameEncoding));

    /// <summary>Lists labelled images by what the path is: a table (.csv, .tsv), an archive (.zip, .tar, .tar.gz, .tgz), or else a folder
    /// with one sub-folder a class. Data that is divided into train, validation and test, by folders or by a column of the table, comes
    /// with its <see cref="LabelledImages.Parts"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The table, archive or folder.</param>
    /// <param name="table">The columns of a table; null to find them.</param>
    /// <returns>Names, in <see cref="LabelledImages.Ignored"/>, everything that is not part of the data, and why.</returns>
    /// <exception cref="IOException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or holds no image of a class.</exception>
    public static LabelledImages LoadFromImages(this DataOperationsCatalog catalog, string path, CsvOptions? table = null) =>
        catalog.LogIgnored("LoadFromImages", ImageSource.List(path, table));

    /// <summary>Sees to it that a folder holds a published data set: fetches what is missing, checks it by SHA-256, unpacks it.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="set">Which one, such as <see cref="PublishedDataSet.Cifar10"/>.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="options">Where from, and how patiently; what goes wrong on the way is a warning, too.</param>
    /// <param name="cancellation">Ends the download; the next one goes on from there.</param>
    /// <returns>The files that were fetched or unpacked; none when all were there.</returns>
    /// <exception cref="InvalidDataException">A file there is not the published one.</exception>
    /// <exception cref="DownloadException">A file cannot be fetched, or another one is sent.</exception>
    public static IReadOnlyList<string> Download(this DataOperationsCatalog catalog, PublishedDataSet set, string folder,
        DownloadOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        var notice = options.Notice + (text => catalog.Host().Warn("Download", text));
        return Task.Run(() => new DataSetDownloader(options with { Notice = notice }).GetAsync(set, folder, cancellation), cancellation)
            .GetAwaiter().GetResult();
    }

    static T LogIgnored<T>(this DataOperationsCatalog catalog, string verb, T images) where T : LabelledImages
    {
        const int named = 20;
        var alike = new AlikeMessages(named);
        foreach (var message in images.Ignored.Select(file => file.Path == images.Path ? $"{file.Path}: {file.Reason}."
            : $"{file.Path}: skipped, {file.Reason}.").Where(alike.Lets))
            catalog.Host().Warn(verb, message);
        foreach (var line in alike.HeldBack())
            catalog.Host().Warn(verb, line);
        images.Unreadable = reason => catalog.Host().Warn(verb, reason);
        return images;
    }
}
