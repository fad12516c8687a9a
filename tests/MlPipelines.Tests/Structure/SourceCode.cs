using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MlPipelines.Tests.Structure;

/// <summary>The sources of src/, each name in them bound to what it means.</summary>
static class SourceCode
{
    /// <summary>The projects, each behind those that it references.</summary>
    public static readonly ImmutableArray<string> Projects =
    [
        "MlPipelines.Foundation", "MlPipelines.Networks", "MlPipelines.Images", "MlPipelines", "MlPipelines.ResNet18", "MlPipelines.Mpi",
        "MlPipelines.Server",
        "MlPipelines.Cli",
    ];

    static readonly string root = Path.Combine(Repository.Root, "src");
    static readonly string[] own = [.. Projects, "mlpipe", "MlPipelines.Tests"];
    static readonly string[] packages = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => !own.Contains(Path.GetFileNameWithoutExtension(path)))];
    static readonly CSharpCompilationOptions options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable).WithMetadataImportOptions(MetadataImportOptions.Internal);
    static readonly CSharpCompilation shipped =
        CSharpCompilation.Create("Packages", references: packages.Select(path => MetadataReference.CreateFromFile(path)), options: options);
    static readonly ConcurrentDictionary<string, ISymbol?> asShipped = [];
    static readonly Lazy<ImmutableArray<Use>> uses = new(FindUses);

    /// <summary>Every use of something that is declared in src/ or in a package.</summary>
    public static ImmutableArray<Use> Uses => uses.Value;

    /// <summary>A symbol of ML.NET as the package has it.</summary>
    /// <remarks>MlPipelines is built against copies in which all is public (Interop/Internals.targets).</remarks>
    public static ISymbol AsShipped(ISymbol symbol) =>
        symbol.ContainingAssembly?.Name.StartsWith("Microsoft.ML", StringComparison.Ordinal) == true
        && symbol.GetDocumentationCommentId() is { } name
        ? asShipped.GetOrAdd(name, id => DocumentationCommentId.GetFirstSymbolForDeclarationId(id, shipped)) ?? symbol : symbol;

    /// <summary>The sources of a project, as paths from src/.</summary>
    public static IEnumerable<string> Files(string project) => Directory
        .EnumerateFiles(Path.Combine(root, project), "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    static ImmutableArray<Use> FindUses()
    {
        List<CSharpCompilation> compiled = [];
        foreach (var project in Projects)
            compiled.Add(Compile(project, compiled));
        return [.. compiled.AsParallel().AsOrdered().SelectMany(compilation => compilation.SyntaxTrees.Where(tree => !IsGenerated(tree))
            .SelectMany(tree => UsesOfFile.Find(tree.FilePath, compilation.GetSemanticModel(tree))))];
    }

    static CSharpCompilation Compile(string project, IEnumerable<CSharpCompilation> before)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest);
        var trees = Files(project).Select(file => (Path: file, Full: Path.Combine(root, file))).Concat(Generated(project))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file.Full), parse, file.Path));
        var name = project == "MlPipelines.Cli" ? "mlpipe" : project;
        var compilation = CSharpCompilation.Create(name, trees,
            [.. Packages(project), .. before.Select(one => one.ToMetadataReference())], options);
        // Bodies that source generators write are not there; nothing else may be missing.
        var errors = compilation.GetDeclarationDiagnostics()
            .Where(one => one.Severity == DiagnosticSeverity.Error && one.Id is not ("CS8795" or "CS9248")).ToArray();
        Assert.True(errors.Length == 0, $"{project}: its sources do not bind. Build it first.\n{string.Join('\n', errors.Take(10))}");
        return compilation;
    }

    static IEnumerable<MetadataReference> Packages(string project)
    {
        var raised = Directory.EnumerateFiles(Built(project), "*.dll", SearchOption.AllDirectories)
            .Where(path => path.Contains($"{Path.DirectorySeparatorChar}raised{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .GroupBy(path => Path.GetFileName(path)).ToDictionary(group => group.Key, group => group.MaxBy(File.GetLastWriteTimeUtc)!);
        return packages.Select(path => MetadataReference.CreateFromFile(raised.GetValueOrDefault(Path.GetFileName(path), path)));
    }

    // Global usings and the classes of onnx.proto, which the build made; paths as if they lay among the sources.
    static IEnumerable<(string Path, string Full)> Generated(string project) => Directory
        .EnumerateFiles(Built(project), "*.cs", SearchOption.AllDirectories)
        .Where(path => !IsOfAPlatform(Path.GetRelativePath(Built(project), path)))
        .Select(path => ($"{project}/{Path.GetRelativePath(Built(project), path).Replace('\\', '/')}", path));

    // Where the build in the configuration of these tests keeps what it makes on the way.
    static string Built(string project) => Path.Combine(root, project, "obj", Repository.Configuration, "net10.0");

    // A build for one platform keeps another of each beside, in a folder of its name.
    static bool IsOfAPlatform(string path) => path.Split(Path.DirectorySeparatorChar, '/')[0] is var first
        && (first.StartsWith("linux-", StringComparison.Ordinal) || first.StartsWith("win-", StringComparison.Ordinal)
            || first.StartsWith("osx-", StringComparison.Ordinal));

    static bool IsGenerated(SyntaxTree tree) => !File.Exists(Path.Combine(root, tree.FilePath));
}
