using System.Text.RegularExpressions;

namespace MlPipelines.Tests;

public sealed partial class ArchitectureTests
{
    static readonly string[] native = ["MlPipelines.Networks/Execution/Native"];
    static readonly string root = Root();
    static readonly string library = Path.Combine(root, "src");

    public static TheoryData<string> Sources() => [.. Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(library, path)).Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.StartsWith("MlPipelines.Cli", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Sources))]
    public void A_file_keeps_the_rules_of_its_folder(string path)
    {
        var text = File.ReadAllText(Path.Combine(library, path));
        var file = path.Replace(Path.DirectorySeparatorChar, '/');

        AssertOnlyIn(native, file, text, NativeCode());
        AssertOnlyIn(["MlPipelines.Networks/Execution"], file, text, OnnxRuntime());
        AssertOnlyIn(["MlPipelines.Images/Imaging"], file, text, Vips());
        AssertOnlyIn(native, file, text, Surroundings());
    }

    [Fact]
    public void The_top_level_holds_what_it_may()
    {
        string[] needed = ["src", "tests", "pipelines", "datasets", "MlPipelines.sln", "nuget.config"];
        string[] tracked = ["README.md", "LICENSE", "CHANGELOG.md", "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig", ".ci", "bench", "docs", ".gitignore", ".git", ".gitattributes"];
        string[] ignored = ["runs", "miss", "artifacts", "TestResults", ".vs", ".idea"];

        var found = Directory.EnumerateFileSystemEntries(root).Select(path => Path.GetFileName(path)!).Where(name => !name.EndsWith(".onnx", StringComparison.Ordinal)).ToArray();

        Assert.Empty(needed.Except(found));
        Assert.Empty(found.Except(needed).Except(tracked).Except(ignored));
    }

    static void AssertOnlyIn(string[] allowed, string file, string text, Regex pattern) =>
        Assert.True(allowed.Any(folder => file.StartsWith($"{folder}/", StringComparison.Ordinal)) || !pattern.IsMatch(text), $"{file} has '{pattern.Match(text)}', which belongs in {string.Join(" or ", allowed)}.");

    static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MlPipelines.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"{AppContext.BaseDirectory}: no MlPipelines.sln in it or above. Run the tests from within the repository.");
    }

    [GeneratedRegex(@"\bunsafe\b|LibraryImport|DllImport\(")]
    private static partial Regex NativeCode();

    [GeneratedRegex(@"\bOrt[A-Z]\w+|Microsoft\.ML\.OnnxRuntime;")]
    private static partial Regex OnnxRuntime();

    [GeneratedRegex(@"\bVips\w+|\bNetVips\b")]
    private static partial Regex Vips();

    [GeneratedRegex(@"DateTime\.(Utc)?Now|Random\.Shared|\bConsole\.|Environment\.GetEnvironmentVariable|new Random\(")]
    private static partial Regex Surroundings();
}
