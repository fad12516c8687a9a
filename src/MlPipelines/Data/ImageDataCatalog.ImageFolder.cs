namespace MlPipelines;

public static partial class ImageDataCatalog
{
    /// <summary>Lists a folder of images with one sub-folder a class, as columns ImagePath and Label.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The folder. A class is the name of a first-level sub-folder; images in folders below it belong to it.</param>
    /// <returns>Names, in <see cref="LabelledImages.Ignored"/>, every file that is not part of the data, and why.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no sub-folder, or no image in any.</exception>
    /// <remarks>Folders train and test with class folders in them are classes here too, with a warning: <see cref="LoadFromImages"/> takes
    /// them for parts.</remarks>
    public static ImageFolder LoadFromImageFolder(this DataOperationsCatalog catalog, string path)
    {
        var images = catalog.LogIgnored("LoadFromImageFolder", ImageFolder.List(path));
        if (ImageFolder.Divided(path) is { IsEmpty: false } parts)
            catalog.Host().Warn("LoadFromImageFolder", $"{path}: {string.Join(", ", parts.Keys.Select(Path.GetFileName))} are taken for "
                + "classes, though they look like parts of the data. LoadFromImages takes them for parts.");
        return images;
    }

    /// <summary>Writes the rows as a new labelled folder: copies of the files where there are files, PNG files of the pictures otherwise.
    /// Files are not opened as images.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="folder">A folder that is not there yet, or is empty, outside the data.</param>
    /// <param name="columns">The columns; null for Label and ImagePath. Each class becomes a sub-folder, under a name that a file system
    /// can hold; a second file of the same name gets a number.</param>
    /// <param name="progress">Told of the number of images written.</param>
    /// <param name="cancellation">Ends the writing; nothing of the folder is left then.</param>
    /// <returns>What was written, and the rows that could not be; each of those is also in the log.</returns>
    /// <exception cref="ArgumentException">There is no column to take images from, or the folder lies in the data.</exception>
    /// <exception cref="IOException">The folder holds something already, or cannot be written.</exception>
    public static SavedImageFolder SaveImageFolder(this DataOperationsCatalog catalog, IDataView data, string folder,
        ImageColumns? columns = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        columns ??= new();
        ImageFolderWriter.CheckPlace(Check.Named(folder), data, columns);
        return catalog.Reported([
            AtomicFolder.Write(folder,
                aside => new ImageFolderWriter(folder, aside, new()).Write(data, columns, progress, cancellation))])[0];
    }

    /// <summary>Writes several parts of the data, such as those of a split, each as a labelled folder in a new folder; the rules are those
    /// of <see cref="SaveImageFolder"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="parts">The rows of each part, by the name of its folder. A part without rows gets none.</param>
    /// <param name="folder">A folder that is not there yet, or is empty, outside the data.</param>
    /// <param name="columns">The columns; null for Label and ImagePath.</param>
    /// <param name="progress">Told of the number of images written, over all parts.</param>
    /// <param name="cancellation">Ends the writing; nothing of the folder is left then.</param>
    /// <exception cref="ArgumentException">A part's name is no name of a folder, or the folder lies in the data.</exception>
    public static IReadOnlyList<SavedImageFolder> SaveImageFolders(this DataOperationsCatalog catalog,
        IReadOnlyList<KeyValuePair<string, IDataView>> parts, string folder, ImageColumns? columns = null,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        columns ??= new();
        if (parts.FirstOrDefault(part => SafeFileName.Of(part.Key) != part.Key) is { Key: { } name })
            throw new ArgumentException($"parts: '{name}' is no name for a folder on every system, such as '{SafeFileName.Of(name)}' is. "
                + "Name it otherwise.", nameof(parts));
        foreach (var (_, data) in parts)
            ImageFolderWriter.CheckPlace(Check.Named(folder), data, columns);
        return catalog.Reported(AtomicFolder.Write(folder, Write));

        List<SavedImageFolder> Write(string aside)
        {
            var (saved, written, folders) = (new List<SavedImageFolder>(), 0L, new ClassFolders());
            foreach (var (part, data) in parts.Where(part => part.Value.CountRows() > 0))
            {
                var writer = new ImageFolderWriter(Path.Combine(folder, part), Path.Combine(aside, part), folders);
                saved.Add(writer.Write(data, columns, progress is null ? null : new Onward(progress, written), cancellation));
                written += saved[^1].Count;
            }
            return saved;
        }
    }

    static List<SavedImageFolder> Reported(this DataOperationsCatalog catalog, List<SavedImageFolder> saved)
    {
        foreach (var (name, place) in saved.SelectMany(folder => folder.Classes).Where(one => one.Key != one.Value).Distinct())
            catalog.Host().Warn("SaveImageFolder", $"class '{name}' is in the folder '{place}'.");
        foreach (var row in saved.SelectMany(folder => folder.Skipped))
            catalog.Host().Warn("SaveImageFolder", $"skipped {row}");
        return saved;
    }

    sealed class Onward(IProgress<long> progress, long before) : IProgress<long>
    {
        public void Report(long value) => progress.Report(before + value);
    }
}
