namespace MlPipelines;

/// <summary>Paths as a file system spells them: a name that a table writes in another of Unicode's normal forms is the same name.</summary>
sealed class FileSpellings
{
    readonly Dictionary<string, Dictionary<string, string>> folders = new(StringComparer.Ordinal);

    /// <summary>The path of the file that is there; the path as it is where there is none.</summary>
    public string OnDisk(string path) =>
        path.Length == 0 || Ascii(path) || File.Exists(path) ? path : Found(path) is { } found && File.Exists(found) ? found : path;

    // Up to the first folder that is there, and down again by the names that are.
    string? Found(string path)
    {
        if (path.Length == 0 || Path.Exists(path))
            return path;
        if (Path.GetDirectoryName(path) is not { } above || Found(above) is not { } folder)
            return null;
        if (!folders.TryGetValue(folder, out var names))
            folders.Add(folder, names = Directory.Exists(folder.Length == 0 ? "." : folder) ? Names(folder) : []);
        return names.TryGetValue(NormalForm.Of(Path.GetFileName(path)), out var name) ? Path.Combine(folder, name) : null;
    }

    static Dictionary<string, string> Names(string folder) => Directory.EnumerateFileSystemEntries(folder.Length == 0 ? "." : folder)
        .Select(entry => Path.GetFileName(entry)!).GroupBy(NormalForm.Of, StringComparer.Ordinal)
        .ToDictionary(alike => alike.Key, alike => alike.Order(StringComparer.Ordinal).First(), StringComparer.Ordinal);

    static bool Ascii(string path) => path.All(char.IsAscii);
}
