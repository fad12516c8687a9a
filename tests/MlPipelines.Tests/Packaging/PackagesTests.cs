using System.IO.Compression;
using System.Text;
using MlPipelines.Cli;

namespace MlPipelines.Tests.Packaging;

/// <summary>What someone gets who has the packages and not this repository.</summary>
[Trait("Category", "Slow")]
public sealed class PackagesTests(PackedFeed feed) : IClassFixture<PackedFeed>
{
    static readonly string[] libraries = ["MlPipelines.Foundation", "MlPipelines.Networks", "MlPipelines.Images", "MlPipelines",
        "MlPipelines.ResNet18", "MlPipelines.Mpi", "MlPipelines.Server"];

    public static TheoryData<string> Libraries => [.. libraries];
    public static TheoryData<string> Packages => [.. libraries, "mlpipe"];

    [Theory, MemberData(nameof(Libraries))]
    public void A_package_holds_the_library_its_documentation_and_the_readme(string package)
    {
        string[] library = [$"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml", "README.md"];
        string[] props = ["build/MlPipelines.props", "buildTransitive/MlPipelines.props"];
        using var zip = feed.Open(package);
        var own = zip.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal))
            .Except(["[Content_Types].xml", $"{package}.nuspec"]);
        Assert.Equal((package == "MlPipelines" ? library.Concat(props) : library).Order(), own.Order());
    }

    [Theory, MemberData(nameof(Packages))]
    public void A_package_says_what_it_is_and_names_no_place(string package)
    {
        var nuspec = feed.Nuspec(package);
        Assert.Equal(("MIT", "README.md"), (nuspec.Element("license")?.Value, nuspec.Element("readme")?.Value));
        Assert.EndsWith(".", nuspec.Element("description")?.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(nuspec.Elements(), element => element.Name.LocalName is "repository" or "projectUrl");
    }

    [Fact]
    public void A_package_takes_its_siblings_of_its_own_version_and_an_ML_NET_that_is_known()
    {
        var dependencies = libraries.SelectMany(package => feed.Nuspec(package).Descendants("dependency"))
            .Select(dependency => (Id: dependency.Attribute("id")!.Value, Version: dependency.Attribute("version")!.Value))
            .Distinct().ToArray();
        Assert.All(dependencies.Where(one => libraries.Contains(one.Id)), one => Assert.Equal($"[{feed.Version}]", one.Version));
        Assert.Equal("[5.0.1, 6.0.0)", Assert.Single(dependencies, one => one.Id == "Microsoft.ML").Version);
        Assert.Equal("[5.0.1, 6.0.0)", Assert.Single(dependencies, one => one.Id == "Microsoft.ML.ImageAnalytics").Version);
    }

    [Fact]
    public async Task A_model_has_the_same_scores_in_another_process_that_registers_nothing()
    {
        var model = Path.Combine(feed.Root, "model");
        var trained = await Dotnet.Run(feed.Root, feed.Program, "train", feed.Images, model);
        var loaded = await Dotnet.Run(feed.Root, feed.Program, "load", feed.Images, $"{model}.zip", $"{model}.onnx");
        Assert.Contains(",3", trained, StringComparison.Ordinal);
        Assert.Equal(trained + trained, loaded);
        Assert.Contains(SavedStep.LibraryVersion, TextOfSteps($"{model}.zip"), StringComparison.Ordinal);

        var (cut, changed) = (Path.Combine(feed.Root, "cut.zip"), Path.Combine(feed.Root, "changed.zip"));
        var bytes = File.ReadAllBytes($"{model}.zip");
        File.WriteAllBytes(cut, bytes[..(bytes.Length / 2)]);
        bytes[bytes.Length / 2] ^= 0xFF;
        File.WriteAllBytes(changed, bytes);
        var messages = (await Dotnet.Run(feed.Root, feed.Program, "load", feed.Images, cut, changed)).Split(Environment.NewLine);
        Assert.StartsWith($"{cut}: ", messages[0], StringComparison.Ordinal);
        Assert.StartsWith($"{changed}: ", messages[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_written_around_a_model_builds_predicts_and_trains_to_the_same_bits()
    {
        Run("train", feed.Images, "--output", Path.Combine(feed.Root, "runs"), "--name", "stripes", "--size", "16", "--epochs", "1");
        var (run, code) = (Path.Combine(feed.Root, "runs", "stripes"), Path.Combine(feed.Root, "code"));
        Run("new", run, "Stripes", "--output", code);
        var program = await Built(code, "Stripes");
        var picture = Path.Combine(feed.Images, "down", "0.png");
        Assert.Matches(@"0\.png: (down|across) [0-9.]+ ?%, (down|across) [0-9.]+ ?%",
            await Dotnet.Run(feed.Root, program, picture));
        var again = Path.Combine(feed.Root, "again.onnx");
        Assert.Contains("of 2 images that it has not learnt from", await Dotnet.Run(feed.Root, program, "train", again),
            StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(run, "model.onnx")), File.ReadAllBytes(again));

        var web = Path.Combine(feed.Root, "web");
        Run("new", Path.Combine(run, "model.zip"), "Served", "--output", web, "--web");
        using var server = Dotnet.Start(feed.Root, await Built(web, "Served"), "--urls", "http://127.0.0.1:0");
        try
        {
            using var client = new HttpClient { BaseAddress = await Dotnet.ListeningAt(server) };
            Assert.Equal("[\"across\",\"down\"]", await client.GetStringAsync("labels", TestContext.Current.CancellationToken));
            var judged = await client.PostAsync("judge", new ByteArrayContent(File.ReadAllBytes(picture)),
                TestContext.Current.CancellationToken);
            Assert.Contains("\"class\":", await judged.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    async Task<string> Built(string folder, string name)
    {
        var project = Path.Combine(folder, $"{name}.csproj");
        var text = File.ReadAllText(project);
        Assert.Contains($"Version=\"{SavedStep.LibraryVersion}\"", text, StringComparison.Ordinal);
        File.WriteAllText(project, text.Replace(SavedStep.LibraryVersion, feed.Version, StringComparison.Ordinal));
        Assert.DoesNotContain("warning", await Dotnet.Run(feed.Root, "build", folder, "-v:q"), StringComparison.Ordinal);
        return Path.Combine(folder, "bin", "Debug", "net10.0", $"{name}.dll");
    }

    static void Run(params string[] arguments)
    {
        var error = new StringWriter();
        Assert.True(CommandLine.Run(arguments, TextWriter.Null, error, TestContext.Current.CancellationToken) == 0, error.ToString());
    }

    [Fact]
    public void A_program_that_references_the_backbone_has_its_weights_beside_it()
    {
        var models = Path.Combine(Path.GetDirectoryName(feed.Program)!, "DnnImageModels");
        Assert.Equal(63_653_533, new FileInfo(Path.Combine(models, "ResNet18Onnx", "ResNet18.onnx")).Length);
        Assert.True(File.Exists(Path.Combine(models, "ResNetPrepOnnx", "ResNetPreprocess.onnx")));
        using var package = feed.Open("MlPipelines.ResNet18");
        Assert.InRange(package.Entries.Sum(entry => entry.Length), 1, 1_000_000);
    }

    [Fact]
    public void A_program_runs_with_the_garbage_collector_set_as_the_library_wants()
    {
        var settings = File.ReadAllText(Path.ChangeExtension(feed.Program, ".runtimeconfig.json"));
        Assert.Contains("System.GC.LOHThreshold", settings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ML_NETs_OnnxTransformer_stands_beside_it_without_a_warning()
    {
        feed.Write("both/both.csproj", ConsumerProgram.Project(("MlPipelines", feed.Version), ("Microsoft.ML.OnnxTransformer", "5.0.1")));
        Assert.DoesNotContain("warning NU", await Dotnet.Run(feed.Root, "restore", "both"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_installs_and_runs()
    {
        var place = Path.Combine(feed.Root, "tool");
        await Dotnet.Run(feed.Root, "tool", "install", "mlpipe", "--version", feed.Version, "--tool-path", place);
        var help = await Dotnet.RunProgram(Path.Combine(place, OperatingSystem.IsWindows() ? "mlpipe.exe" : "mlpipe"), feed.Root, "--help");
        Assert.Contains("quickstart", help, StringComparison.Ordinal);
    }

    // What ML.NET keeps as text of two bytes a character, or one, of all steps.
    static string TextOfSteps(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var text = new StringBuilder();
        foreach (var entry in zip.Entries.Where(entry => entry.Name == "Model.key"))
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            text.Append(Encoding.Unicode.GetString(content.ToArray()));
        }
        return text.ToString();
    }
}
