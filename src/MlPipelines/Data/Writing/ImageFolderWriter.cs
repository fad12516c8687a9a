using System.Collections.Immutable;
using System.Globalization;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Writes a labelled folder: files as they are, pictures without a file as PNG.</summary>
/// <param name="folder">What the folder is called in the end.</param>
/// <param name="place">Where it is written.</param>
/// <param name="folders">What the folders of classes are called, the same in all parts of a set.</param>
sealed class ImageFolderWriter(string folder, string place, ClassFolders folders)
{
    readonly Dictionary<string, (string Folder, UnusedFileNames Files)> classes = new(StringComparer.Ordinal);
    readonly ImmutableArray<SkippedRow>.Builder skipped = ImmutableArray.CreateBuilder<SkippedRow>();

    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="ArgumentException">There is no column to take images from.</exception>
    public SavedImageFolder Write(IDataView data, ImageColumns columns, IProgress<long>? progress, CancellationToken cancellation)
    {
        var (labelColumn, pathColumn, imageColumn) = columns;
        var label = LabelColumn.Of(data.Schema, labelColumn);
        var path = imageColumn is null ? data.Schema.FindText(pathColumn)?.Name : null;
        var image = imageColumn ?? data.Schema.PictureColumns().LastOrDefault();
        if (imageColumn is not null && data.Schema.Find(imageColumn).Type is not ImageDataViewType and var type)
            throw new ArgumentException(
                $"Column '{imageColumn}': holds {type.InWords()}, files or images are needed. Keep the column of paths or of images.");
        if (path is null && image is null)
            throw new ArgumentException($"Column '{pathColumn}': not found, and there is no column of images, files or images are needed. "
                + "Keep the column of paths or of images.");
        var count = 0L;
        foreach (var row in data.Read(new[] { label.Name, path, image }.OfType<string>(), Picture, new() { Skipped = skipped.Add },
            cancellation))
        {
            if (!Save(row))
                continue;
            count++;
            progress?.Report(count);
        }
        return new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)),
            classes.ToImmutableSortedDictionary(one => one.Key, one => one.Value.Folder, StringComparer.Ordinal), count,
            skipped.ToImmutable());

        Row Picture(RowValues row)
        {
            var name = label.NameOf(row[label.Name])
                ?? throw new InvalidDataException($"row {row.Id}: has no class, so no folder to be put in.");
            var file = path is null ? null : row.Get<string>(path);
            return file is not null && (image is null || File.Exists(file)) ? new(row.Id, name, file, null)
                : new(row.Id, name, file, row.Get<Picture>(image!).Draw(0).Encode(".png"));
        }
    }

    sealed record Row(long Id, string Class, string? Path, byte[]? Png);

    bool Save(Row row)
    {
        Stream source;
        try
        {
            // A device has no length, and no end.
            if (row.Png is null && FileStamp.Of(row.Path!) is { Length: 0 })
                throw new IOException("holds nothing (0 bytes)");
            source = row.Png is { } png ? new MemoryStream(png, writable: false) : File.OpenRead(row.Path!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            skipped.Add(new(row.Id, row.Path!, $"cannot be copied: {exception.Message}"));
            return false;
        }
        using (source)
        {
            // In the order of the rows, since names that are taken get a number: the same data gives the same names.
            var (name, files) = ClassOf(row.Class);
            Directory.CreateDirectory(Path.Combine(place, name));
            AtomicFile.Write(Path.Combine(place, name, files.Take(FileName(row))), source.CopyTo, durable: false);
        }
        return true;
    }

    (string Folder, UnusedFileNames Files) ClassOf(string name)
    {
        if (!classes.TryGetValue(name, out var known))
            classes.Add(name, known = (folders.Of(name), new()));
        return known;
    }

    static string FileName(Row row)
    {
        var origin = row.Path is { } path ? SafeFileName.Of(path[(path.AsSpan().LastIndexOfAny('/', '\\') + 1)..])
            : row.Id.ToString("D6", CultureInfo.InvariantCulture);
        return row.Png is null ? origin : Path.ChangeExtension(origin, ".png");
    }

    /// <summary>Checks that a folder is new and not among the files of the data.</summary>
    public static void CheckPlace(string folder, IDataView data, ImageColumns columns)
    {
        var (labelColumn, pathColumn, _) = columns;
        if (!AtomicFolder.IsFree(folder))
            throw new IOException($"{folder}: {(File.Exists(folder) ? "is a file" : "holds something already")}, a new folder is needed. "
                + "Choose another, or empty it.");
        if (data.Schema.FindText(pathColumn) is null)
            return;
        var (label, target, seen) =
            (LabelColumn.Of(data.Schema, labelColumn), RealPath.Of(Path.GetFullPath(folder)), new HashSet<string>());
        foreach (var row in data.Rows(pathColumn, label.Name))
        {
            var root = Path.GetDirectoryName(Path.GetFullPath(row.Get<string>(pathColumn))) is { } place
                ? Root(place, label.NameOf(row[label.Name])) : null;
            if (root is not null && seen.Add(root) && RealPath.IsWithin(target, RealPath.Of(root)))
                throw new ArgumentException(
                    $"{folder}: lies in the data folder {root}, where it would be taken for a class. Choose a folder outside it.");
        }
    }

    // Where the folder with the class's name lies; the file's own folder where there is none.
    static string Root(string place, string? name)
    {
        for (var at = place; at is not null; at = Path.GetDirectoryName(at))
            if (NormalForm.Of(Path.GetFileName(at)) == name)
                return Path.GetDirectoryName(at) ?? at;
        return place;
    }
}
