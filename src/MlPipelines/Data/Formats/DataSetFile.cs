namespace MlPipelines;

/// <summary>A file of a published data set, which goes by several names.</summary>
static class DataSetFile
{
    /// <summary>The first of the names that the folder holds.</summary>
    /// <exception cref="FileNotFoundException">It holds none; the message names all, and what is there.</exception>
    public static string Find(string folder, string where, params IReadOnlyList<string> names)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{where}: {folder} is no folder, the folder of the data set is needed. Give its path; "
                + "datasets/README.md says where each comes from.");
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{where}: {folder} holds {Content(folder)}, {string.Join(" or ", names)} is needed. Check "
                + "the path, or fetch the data set.");
    }

    static string Content(string folder) =>
        string.Join(", ",
            Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .Take(8)) is { Length: > 0 } names ? names : "nothing";
}
