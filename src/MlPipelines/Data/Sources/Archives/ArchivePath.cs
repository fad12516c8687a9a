using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Paths that go on inside an archive: <c>flowers.zip/rose/1.jpg</c>.</summary>
static class ArchivePath
{
    /// <summary>The bytes of the image at a path in an archive; null when the path is that of a file, or leads into no archive.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged, or has no such entry.</exception>
    public static byte[]? Read(string path)
    {
        if (File.Exists(path) || Split(path) is not var (archive, entry))
            return null;
        return Archive.Open(archive).Read(entry)
            ?? throw new InvalidDataException($"{path}: the archive {archive} holds no such file. Check the path.");
    }

    /// <summary>The full path of a file, or of an entry of an archive, that is found from the working directory; any other as it
    /// is.</summary>
    public static string Full(string path) => File.Exists(path) || Split(path) is not null ? Path.GetFullPath(path) : path;

    /// <summary>The image at a path, which is that of a file or goes on inside an archive; read when it is needed, and not kept.</summary>
    public static Image Image(string path, PixelCache? cache = null) => IsEntry(path)
        ? Imaging.Image.FromReader(
            () => Read(path) ?? throw new InvalidDataException($"{path}: its archive is gone. Check the path."), path, cache)
        : Imaging.Image.FromFile(path, cache: cache);

    /// <summary>Whether a path goes on inside an archive.</summary>
    public static bool IsEntry(string path) => !File.Exists(path) && Split(path) is not null;

    static (string Archive, string Entry)? Split(string path)
    {
        for (var at = path.Length - 1; (at = path.AsSpan(0, Math.Max(at, 0)).LastIndexOfAny('/', '\\')) > 0;)
            if (ArchiveKinds.IsArchive(path[..at]) && File.Exists(path[..at]))
                return (path[..at], ArchiveName.Of(path[(at + 1)..]).Name);
        return null;
    }
}
