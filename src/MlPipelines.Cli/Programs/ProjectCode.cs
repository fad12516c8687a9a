namespace MlPipelines.Cli;

/// <summary>The project file and the program around a model.</summary>
/// <param name="name">Name of the class.</param>
/// <param name="modelFile">Name of the model's file.</param>
/// <param name="hasTraining">Whether there is NAME.training.cs.</param>
/// <param name="isWeb">Whether it serves the model over HTTP.</param>
sealed class ProjectCode(string name, string modelFile, bool hasTraining, bool isWeb)
{
    /// <summary>The file NAME.csproj, with the packages of this version.</summary>
    /// <param name="usesPackaged">Whether the packaged network is needed.</param>
    public string RenderProject(bool usesPackaged)
    {
        string[] packages =
        [
            "MlPipelines",
            .. usesPackaged ? ["MlPipelines.ResNet18"] : Array.Empty<string>(),
            .. isWeb ? ["MlPipelines.Server"] : Array.Empty<string>(),
        ];
        return $"""
            <Project Sdk="Microsoft.NET.Sdk{(isWeb ? ".Web" : "")}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
            {string.Join('\n', packages.Select(package =>
                $"    <PackageReference Include=\"{package}\" Version=\"{SavedStep.LibraryVersion}\" />"))}
              </ItemGroup>
              <ItemGroup>
                <None Update="{modelFile}" CopyToOutputDirectory="PreserveNewest" />
              </ItemGroup>
            </Project>

            """;
    }

    /// <summary>The file Program.cs.</summary>
    public string RenderProgram() => isWeb ? Web : Console;

    string Console => $$"""
        // dotnet run -- PICTURE...           the most probable classes of images
        {{(hasTraining ? "// dotnet run -- train MODEL.onnx [FOLDER]   trains the pipeline anew\n" : "")}}{{Training}}if (args.Length == 0)
        {
            Console.Error.WriteLine("{{name}}: needs images. Name their files.");
            return 2;
        }
        foreach (var path in args)
        {
            try
            {
                var guesses = {{name}}.PredictAllLabels(path).Take(3).Select(guess => $"{guess.Label} {guess.Score:P1}");
                Console.WriteLine($"{path}: {string.Join(", ", guesses)}");
            }
            catch (InvalidDataException problem)
            {
                Console.Error.WriteLine(problem.Message);
                return 1;
            }
        }
        return 0;

        """;

    string Web => $$"""
        // dotnet run                         serves the model: a page at /, POST /judge, POST /verdict, GET /tally, /model, /health
        {{(hasTraining ? "// dotnet run -- train MODEL.onnx [FOLDER]   trains the pipeline anew\n" : "")}}using MlPipelines;

        {{Training}}var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddJudging(ServedModel.FromFile({{name}}.ModelPath), new() { Verdicts = "verdicts.db" });
        var app = builder.Build();
        app.MapJudging();
        app.MapGet("/labels", () => {{name}}.Labels);
        await app.RunAsync();
        return 0;

        """;

    string Training => !hasTraining ? "" : $$"""
        if (args is ["train", var model, .. var rest])
        {
            var report = rest is [var folder] ? {{name}}.Train(model, folder) : {{name}}.Train(model);
            Console.WriteLine($"accuracy {report.MicroAccuracy:P1} of {report.RowCount} images that it has not learnt from");
            return 0;
        }


        """;
}
