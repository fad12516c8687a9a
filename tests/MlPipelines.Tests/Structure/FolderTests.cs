using System.Text.RegularExpressions;

namespace MlPipelines.Tests.Structure;

/// <summary>What is where, as text and folders.</summary>
public sealed partial class FolderTests
{
    static readonly string[] native = ["MlPipelines.Networks/Execution/Native", "MlPipelines.Mpi"];

    public static TheoryData<string> Sources => [.. SourceCode.Projects.Except(["MlPipelines.Cli"]).SelectMany(SourceCode.Files)];

    [Theory, MemberData(nameof(Sources))]
    public void A_file_keeps_the_rules_of_its_folder(string file)
    {
        var text = Repository.Read($"src/{file}");
        AssertOnlyIn([.. native, "MlPipelines.Foundation/Memory"], file, text, NativeCode());
        AssertOnlyIn(native, file, text, Surroundings());
    }

    [Fact]
    public void The_top_level_holds_what_it_may()
    {
        string[] needed = ["src", "tests", "pipelines", "datasets", "MlPipelines.sln", "nuget.config"];
        string[] tracked = ["README.md", "LICENSE", "CHANGELOG.md", "Directory.Build.props", "Directory.Build.targets",
            "Directory.Packages.props", "global.json", ".editorconfig", ".ci", "bench", "docs", ".gitignore", ".git", ".gitattributes"];
        string[] ignored = ["runs", "miss", "artifacts", "TestResults", ".vs", ".idea"];

        var found = Directory.EnumerateFileSystemEntries(Repository.Root).Select(path => Path.GetFileName(path)!)
            .Where(name => !name.EndsWith(".onnx", StringComparison.Ordinal)).ToArray();

        Assert.Empty(needed.Except(found));
        Assert.Empty(found.Except(needed).Except(tracked).Except(ignored));
    }

    static void AssertOnlyIn(string[] allowed, string file, string text, Regex pattern) =>
        Assert.True(allowed.Any(folder => file.StartsWith($"{folder}/", StringComparison.Ordinal)) || !pattern.IsMatch(text),
            $"{file} has '{pattern.Match(text)}', which belongs in {string.Join(" or ", allowed)}.");

    [GeneratedRegex(@"\bunsafe\b|LibraryImport|DllImport\(")]
    private static partial Regex NativeCode();

    [GeneratedRegex(@"DateTime\.(Utc)?Now|Random\.Shared|\bConsole\.|Environment\.GetEnvironmentVariable|new Random\(")]
    private static partial Regex Surroundings();
}
