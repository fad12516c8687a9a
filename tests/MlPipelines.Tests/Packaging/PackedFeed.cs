using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using MlPipelines.Imaging;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Packaging;

/// <summary>The packages of what is tested, in a folder that is a feed, and a program built on them.</summary>
/// <remarks>Their version is one that no other run has, so that the machine's cache can be used, and is left as it was.</remarks>
public sealed class PackedFeed : IAsyncLifetime
{
    readonly TemporaryFolder folder = new();

    public string Root => folder.Path;
    public string Version { get; } = $"{SavedStep.LibraryVersion}-test{Guid.NewGuid():N}"[..24];
    public string Program => Path.Combine(Root, "program", "bin", "Debug", "net10.0", "program.dll");
    public string Images => Path.Combine(Root, "images");

    public async ValueTask InitializeAsync()
    {
        await Dotnet.Run(Repository.Root, "pack", "MlPipelines.sln", "--no-build", "-c", Repository.Configuration,
            "-o", Path.Combine(Root, "feed"), $"-p:PackageVersion={Version}",
            $"-p:NuspecOutputPath={Path.Combine(Root, "nuspec")}{Path.DirectorySeparatorChar}", "-v:q");
        // Beside the sources that the machine has.
        Write("nuget.config", """<configuration><packageSources><add key="packed" value="feed" /></packageSources></configuration>""");
        Write("program/program.csproj", ConsumerProgram.Project(("MlPipelines.ResNet18", Version)));
        Write("program/Program.cs", ConsumerProgram.Source);
        DrawStripes();
        await Dotnet.Run(Root, "build", "program", "-v:q");
    }

    public ValueTask DisposeAsync()
    {
        RemoveFromCache();
        folder.Dispose();
        return default;
    }

    public void Write(string relative, string text) => folder.Write(relative, System.Text.Encoding.UTF8.GetBytes(text));

    public ZipArchive Open(string package) => ZipFile.OpenRead(Path.Combine(Root, "feed", $"{package}.{Version}.nupkg"));

    /// <summary>A package's description of itself, without namespace.</summary>
    public XElement Nuspec(string package)
    {
        using var zip = Open(package);
        using var stream = zip.GetEntry($"{package}.nuspec")!.Open();
        var text = XElement.Load(stream);
        foreach (var element in text.DescendantsAndSelf())
            element.Name = element.Name.LocalName;
        return text.Element("metadata")!;
    }

    void DrawStripes()
    {
        foreach (var label in new[] { "across", "down" })
            for (var copy = 0; copy < 6; copy++)
            {
                var pixels = new byte[16 * 16 * 3];
                for (var at = 0; at < pixels.Length; at++)
                    pixels[at] = (byte)((label == "down" ? at / 3 % 16 : at / 48) / (copy % 3 + 1) % 2 * (200 + 10 * copy));
                Directory.CreateDirectory(Path.Combine(Images, label));
                Image.FromPixels(16, 16, 3, pixels).Save(Path.Combine(Images, label, $"{copy}.png"));
            }
    }

    void RemoveFromCache()
    {
        var assets = Path.Combine(Root, "program", "obj", "project.assets.json");
        if (!File.Exists(assets))
            return;
        using var json = JsonDocument.Parse(File.ReadAllText(assets));
        var cache = json.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
        foreach (var package in Directory.GetDirectories(cache, "mlpipelines*"))
        {
            var version = Path.Combine(package, Version);
            if (Directory.Exists(version))
                Directory.Delete(version, recursive: true);
            if (!Directory.EnumerateFileSystemEntries(package).Any())
                Directory.Delete(package);
        }
    }
}
