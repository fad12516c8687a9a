namespace MlPipelines;

/// <summary>Labelled images by what their path is.</summary>
static class ImageSource
{
    /// <summary>Whether a path ends as a table's does.</summary>
    public static bool IsTable(string path) => Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv";

    /// <summary>The images of a table (.csv, .tsv), an archive (.zip, .tar, .tar.gz, .tgz), or else of a folder with one sub-folder a class
    /// or with parts that have such sub-folders.</summary>
    public static LabelledImages List(string path, CsvOptions? table) => Directory.Exists(Check.Named(path)) ? ImageFolder.ListDivided(path)
        : ArchiveKinds.IsArchive(path) ? ArchiveImages.List(path, null, null)
        : IsTable(path) ? CsvImages.List(path, table ?? new())
        : ImageFolder.List(path);
}
