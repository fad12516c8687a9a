using System.IO.Compression;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MlPipelines.Cli;

namespace MlPipelines.Tests.Cli;

/// <summary>mlpipe new: what it writes is compiled here; a test of the packages builds and runs it as a stranger does.</summary>
[Trait("Category", "Runtime")]
public sealed class NewCommandTests : NetworkOfRedAndBlue
{
    public static TheoryData<string> Trainings => ["--network NET", "--network NET --head mean", "--network NET --head neighbours",
        "--network NET --head perceptron --epochs 2", "--network NET --augment RandomFlip,RandomErasing(0.5) --variants 2",
        "--network NET --fine-tune 1", "--network NET --freeze none --epochs 1 --weights balanced --label-smoothing 0.1",
        "--network NET --fine-tune 2 --balanced-batches --resizing pad", "--from-scratch --epochs 2 --size 16",
        "--from-scratch --epochs 1 --size 16 --no-augment --learning-rate 0.01 --batch 8", "--network NET --group-by (\\d)\\.png",
        "--from-scratch --epochs 1 --size 16 --validation-share 0.3",
        "--from-scratch --epochs 1 --size 16 --validation-share 0.3 --group-by (\\d)\\.png",
        "--network resnet18"];

    [Theory, MemberData(nameof(Trainings))]
    public void The_training_that_is_written_makes_the_same_model_bit_for_bit(string options)
    {
        // What the network wants done with pixels is said, so that nothing is tried for it.
        string[] words = [.. options.Split(' ').SelectMany(word => word == "NET" ? [Network, "--preprocessing", "zero-to-one"]
            : new[] { word })];
        var (exit, _, error) = Train(["--name", "run", .. words]);
        Assert.True(exit == 0, error);
        var code = New("Colours", Folder.File("runs/run"));
        var again = Folder.File("again.onnx");
        Compiled(code).GetType("Colours")!.GetMethod("Train")!.Invoke(null, [again, Folder.File("data")]);
        Assert.Equal(File.ReadAllBytes(Folder.File("runs/run/model.onnx")), File.ReadAllBytes(again));
    }

    [Theory]
    [InlineData("parts")]
    [InlineData("parts.zip")]
    [InlineData("parts.csv")]
    [InlineData("data", "--validation", "parts.csv", "--test", "parts.zip")]
    [InlineData("parts.csv", "--test", "parts.zip")]
    public void Divided_images_are_trained_as_they_are_divided_again(string source, params string[] options)
    {
        Divide();
        string[] words = [.. options.Select(word => word.StartsWith('-') ? word : Folder.File(word))];
        var run = Train("first", Folder.File(source), [.. words, "--from-scratch", "--epochs", "2", "--size", "16"]);
        Assert.Equal(Of(run, "model.onnx"), Of(Train("second", Path.Combine(run, "pipeline.json"), []), "model.onnx"));
        Assert.Equal(Of(run, "metrics.json"), Of(Folder.File("runs/second"), "metrics.json"));
        var again = Folder.File("again.onnx");
        Compiled(New("Colours", run)).GetType("Colours")!.GetMethod("Train")!.Invoke(null, [again, Folder.File(source)]);
        Assert.Equal(Of(run, "model.onnx"), File.ReadAllBytes(again));

        string Train(string name, string what, string[] more)
        {
            var (exit, _, error) = Run([what.EndsWith(".json", StringComparison.Ordinal) ? "run" : "train", what, "--output",
                Folder.File("runs"), "--name", name, .. more]);
            Assert.True(exit == 0, error);
            return Folder.File($"runs/{name}");
        }

        static byte[] Of(string run, string file) => File.ReadAllBytes(Path.Combine(run, file));
    }

    // The images of data with the parts train, validation and test: as a folder, an archive and a table.
    void Divide()
    {
        var table = new List<string> { "path,label,split" };
        foreach (var label in new[] { "red", "blue" })
            for (var number = 0; number < 20; number++)
            {
                var part = number < 12 ? "train" : number < 16 ? "validation" : "test";
                Directory.CreateDirectory(Folder.File($"parts/{part}/{label}"));
                File.Copy(Folder.File($"data/{label}/{number}.png"), Folder.File($"parts/{part}/{label}/{number}.png"));
                table.Add($"data/{label}/{number}.png,{label},{part}");
            }
        ZipFile.CreateFromDirectory(Folder.File("parts"), Folder.File("parts.zip"));
        File.WriteAllLines(Folder.File("parts.csv"), table);
    }

    [Fact]
    public void With_groups_and_a_folder_to_test_with_the_same_images_are_watched()
    {
        foreach (var label in new[] { "red", "blue" })
        {
            Directory.CreateDirectory(Folder.File($"unseen/{label}"));
            for (var number = 0; number < 4; number++)
                File.Move(Folder.File($"data/{label}/{number}.png"), Folder.File($"unseen/{label}/{number}.png"));
        }
        var (exit, _, error) = Train(["--name", "run", "--test", Folder.File("unseen"), "--group-by", "(\\d)\\.png", "--from-scratch",
            "--epochs", "2", "--size", "16"]);
        Assert.True(exit == 0, error);
        var again = Folder.File("again.onnx");
        Compiled(New("Colours", Folder.File("runs/run"))).GetType("Colours")!.GetMethod("Train")!
            .Invoke(null, [again, Folder.File("data")]);
        Assert.Equal(File.ReadAllBytes(Folder.File("runs/run/model.onnx")), File.ReadAllBytes(again));
    }

    [Theory]
    [InlineData("--trials", "1", "--group-by", "(\\d)\\.png")]
    [InlineData("--trials", "1")]
    [InlineData("--minutes", "0.001")]
    public void The_training_of_a_build_makes_the_same_model_bit_for_bit(params string[] options)
    {
        var (exit, _, error) = Run(["build", Folder.File("data"), "--output", Folder.File("runs"), "--name", "built", "--network", Network,
            "--preprocessing", "zero-to-one", "--code", "Built", .. options]);
        Assert.True(exit == 0, error);
        var again = Folder.File("again.onnx");
        Compiled(Folder.File("runs/built/Built")).GetType("Built")!.GetMethod("Train")!.Invoke(null, [again, Folder.File("data")]);
        Assert.Equal(File.ReadAllBytes(Folder.File("runs/built/model.onnx")), File.ReadAllBytes(again));
    }

    [Fact]
    public void A_model_alone_is_written_without_its_training_and_a_build_with_it()
    {
        Assert.Equal(0, Run(["build", Folder.File("data"), "--output", Folder.File("runs"), "--name", "built", "--network", Network,
            "--trials", "1", "--code", "Built"]).Exit);
        Assert.Equal(["Built.consumption.cs", "Built.csproj", "Built.onnx", "Built.training.cs", "Program.cs"],
            Names(Folder.File("runs/built/Built")));
        Assert.NotNull(Compiled(Folder.File("runs/built/Built")).GetType("Built")!.GetMethod("PredictAllLabels"));

        var alone = New("Alone", Folder.File("runs/built/model.zip"), "--web");
        Assert.Equal(["Alone.consumption.cs", "Alone.csproj", "Alone.zip", "Program.cs"], Names(alone));
        Assert.Null(Compiled(alone).GetType("Alone")!.GetMethod("Train"));
        var project = File.ReadAllText(Path.Combine(alone, "Alone.csproj"));
        Assert.Contains("Microsoft.NET.Sdk.Web", project, StringComparison.Ordinal);
        Assert.Contains($"Include=\"MlPipelines.Server\" Version=\"{SavedStep.LibraryVersion}\"", project, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "ClassName: got '1x', needs a name of a class", "MODEL", "1x")]
    [InlineData(2, "ClassName: got 'a-b', needs a name of a class", "MODEL", "a-b")]
    [InlineData(2, "got 'class', which is a word of C#. Take another, such as classModel.", "MODEL", "class")]
    [InlineData(2, "got 'Program', which the program itself uses", "MODEL", "Program")]
    [InlineData(1, "nothing.onnx: not found, a model file", "nothing.onnx", "Fine")]
    [InlineData(1, "is a network made elsewhere, a model of this library is needed", "NET", "Fine")]
    [InlineData(1, "has no model.onnx, the folder of a run that has ended is needed", "DATA", "Fine")]
    public void What_cannot_be_written_is_said(int exit, string said, string model, string name)
    {
        model = model switch { "NET" => Network, "DATA" => Folder.File("data"), _ => model };
        var (found, _, error) = Run(["new", model, name, "--output", Folder.File("code")]);
        Assert.Equal(exit, found);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.File("code")));
    }

    // As the written program uses the name: as a class with a static method, in top-level statements that may wait.
    [Fact]
    public void A_name_that_C_sharp_does_not_take_for_a_class_is_refused()
    {
        var runtime = MetadataReference.CreateFromFile(typeof(object).Assembly.Location);
        var names = SyntaxFacts.GetKeywordKinds().Select(SyntaxFacts.GetText).Where(SyntaxFacts.IsValidIdentifier)
            .Concat(["Equals", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString", "Flowers"]);
        Assert.All(names, name =>
        {
            var tree = CSharpSyntaxTree.ParseText($$"""
                string said = {{name}}.Say();
                await System.Threading.Tasks.Task.Yield();
                public static partial class {{name}}
                {
                    public static string Again => {{name}}.Say();
                    public static string Say() => said.ToString();
                    static string said = "";
                }
                """, cancellationToken: TestContext.Current.CancellationToken);
            var errors = CSharpCompilation.Create("Named", [tree], [runtime], new(OutputKind.ConsoleApplication)).GetDiagnostics(
                TestContext.Current.CancellationToken).Where(found => found.Severity == DiagnosticSeverity.Error).ToArray();
            if (errors.Length > 0)
                Assert.Throws<FormatException>(() => ProgramName.Parse(name));
        });
        Assert.Equal("Flowers", ProgramName.Parse("Flowers"));
    }

    [Fact]
    public void A_folder_that_holds_something_stays_as_it_is()
    {
        var (exit, _, error) = Run(["new", Network, "Fine", "--output", Folder.File("data")]);
        Assert.Equal(1, exit);
        Assert.Contains("holds something already, a new folder is needed", error, StringComparison.Ordinal);
        Assert.Equal(["blue", "red"], Names(Folder.File("data")));
    }

    string New(string name, string source, params string[] options)
    {
        var code = Folder.File($"code/{name}");
        var (exit, _, error) = Run(["new", source, name, "--output", code, .. options]);
        Assert.Equal((0, ""), (exit, error));
        return code;
    }

    static string[] Names(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    static Assembly Compiled(string folder)
    {
        const string usual = """
            global using System;
            global using System.Collections.Generic;
            global using System.IO;
            global using System.Linq;
            global using System.Net.Http;
            global using System.Threading;
            global using System.Threading.Tasks;
            """;
        const string web = """
            global using Microsoft.AspNetCore.Builder;
            global using Microsoft.AspNetCore.Hosting;
            global using Microsoft.AspNetCore.Http;
            global using Microsoft.AspNetCore.Routing;
            global using Microsoft.Extensions.DependencyInjection;
            global using Microsoft.Extensions.Hosting;
            """;
        var isWeb = File.ReadAllText(Directory.GetFiles(folder, "*.csproj").Single()).Contains("Sdk.Web", StringComparison.Ordinal);
        var sources = Directory.GetFiles(folder, "*.cs").Select(File.ReadAllText).Append(isWeb ? $"{usual}\n{web}" : usual);
        var compilation = CSharpCompilation.Create($"written-{Guid.NewGuid():N}",
            sources.Select(source => CSharpSyntaxTree.ParseText(source, new(LanguageVersion.Latest))),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        var emitted = compilation.Emit(assembly);
        Assert.Empty(emitted.Diagnostics.Where(one => one.Severity >= DiagnosticSeverity.Warning));
        return Assembly.Load(assembly.ToArray());
    }
}
