using System.Globalization;

namespace MlPipelines;

/// <summary>Writes a set as a labelled folder.</summary>
sealed class SetFolder(EvaluationSetReport report, EvaluationSet set, bool links)
{
    readonly UnusedFileNames classNames = new();
    readonly Dictionary<string, (string Folder, UnusedFileNames Files)> classes = new(StringComparer.Ordinal);

    /// <summary>Of each picture, its file within the folder; null where it could not be written.</summary>
    public string?[] Write(string folder, ICollection<LeftOutPicture> skipped, CancellationToken cancellation) =>
        [.. set.Places.Select(place =>
    {
        cancellation.ThrowIfCancellationRequested();
        var picture = report.Data.Pictures[place];
        var (name, files) = ClassOf(picture.Label);
        var file = Path.Combine(name, files.Take(FileName(picture)));
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            Put(picture.Asked, Path.Combine(folder, file));
            return file;
        }
        catch (FileNotFoundException exception)
        {
            skipped.Add(new(picture.Asked.Name, exception.Message));
            return null;
        }
    })];

    void Put(AskedPicture picture, string path)
    {
        if (picture.Path is not { } source)
            AtomicFile.Write(path, file => file.Write(ArchivePath.Read(picture.Name) ?? picture.Image.Encode(".png")), durable: false);
        else if (links)
            File.CreateSymbolicLink(path, Path.GetFullPath(source));
        else
        {
            using var from = File.OpenRead(source);
            AtomicFile.Write(path, from.CopyTo, durable: false);
        }
    }

    (string Folder, UnusedFileNames Files) ClassOf(string name)
    {
        if (!classes.TryGetValue(name, out var known))
            classes.Add(name, known = (classNames.Take(SafeFileName.Of(name)), new()));
        return known;
    }

    static string FileName(SurveyedPicture picture)
    {
        var path = picture.Asked.Name;
        return picture.Facts.Format is null ? $"{picture.Row.ToString("D6", CultureInfo.InvariantCulture)}.png"
            : SafeFileName.Of(path[(path.AsSpan().LastIndexOfAny('/', '\\') + 1)..]);
    }
}
