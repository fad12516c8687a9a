namespace MlPipelines;

/// <summary>Paths without links.</summary>
static class RealPath
{
    /// <summary>The path with links in its folders followed, as far as it exists.</summary>
    /// <exception cref="IOException">Links lead round in a circle.</exception>
    public static string Of(string path)
    {
        var whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Path.GetDirectoryName(whole) is not { } parent
            ? whole
            : Directory.Exists(whole) && Directory.ResolveLinkTarget(whole, returnFinalTarget: true) is { } target
                ? Of(target.FullName)
                : Path.Combine(Of(parent), Path.GetFileName(whole));
    }

    /// <summary>Whether a real path is that of a folder or of something in it.</summary>
    public static bool IsWithin(string path, string folder) =>
        Ending(path).StartsWith(Ending(folder), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    static string Ending(string path) => Path.EndsInDirectorySeparator(path) ? path : path + Path.DirectorySeparatorChar;
}
