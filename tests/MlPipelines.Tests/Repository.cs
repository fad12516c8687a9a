namespace MlPipelines.Tests;

/// <summary>The files that the tests were built from.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The configuration that the tests were built in: they lie in bin/CONFIGURATION/net10.0/.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>All that is written in C# here, as whole paths.</summary>
    public static IEnumerable<string> Sources => ((string[])["src", "tests", "bench", "pipelines"])
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !Path.GetRelativePath(Root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MlPipelines.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException(
            $"{AppContext.BaseDirectory}: no MlPipelines.sln in it or above. Run the tests from within the repository.");
    }
}
