namespace MlPipelines.Tests.Packaging;

/// <summary>A program of someone who has the package and nothing else of this repository.</summary>
static class ConsumerProgram
{
    /// <summary>`train FOLDER MODEL` saves MODEL.zip and MODEL.onnx; `load FOLDER FILE...` loads each.</summary>
    /// <remarks>Both print the bits of the scores, a line for each model.</remarks>
    public const string Source = """
        using Microsoft.ML;
        using MlPipelines;

        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder(args[1]);
        if (args[0] == "train")
        {
            var pipeline = ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
                .Append(ml.Transforms.LoadImages("Image", "ImagePath", 16, 16))
                .Append(ml.Transforms.AugmentImages("Image", new RandomFlip()))
                .Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { LabelColumnName = "LabelKey", Epoch = 1 }))
                .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
            var model = pipeline.Fit(images);
            Print(model);
            ml.Model.Save(model, images.Schema, args[2] + ".zip");
            ml.Model.SaveAsOnnx(model, args[2] + ".onnx", images.Schema);
            return;
        }
        foreach (var file in args[2..])
            try
            {
                Print(ml.Model.LoadModel(file));
            }
            catch (InvalidDataException damage)
            {
                Console.WriteLine(damage.Message);
            }

        void Print(ITransformer model) => Console.WriteLine(string.Join(' ', ml.Data
            .CreateEnumerable<Guess>(model.Transform(images), reuseRowObject: false)
            .Select(guess => guess.PredictedLabel + string.Concat(guess.Score.Select(Bits)))));

        static string Bits(float score) => $",{BitConverter.SingleToUInt32Bits(score):x8}";

        sealed class Guess
        {
            public string PredictedLabel { get; set; } = "";
            public float[] Score { get; set; } = [];
        }
        """;

    /// <summary>A project file with those references, each a name and a version, in which every warning is an error.</summary>
    public static string Project(params (string Name, string Version)[] packages) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            {string.Concat(packages.Select(package => $"<PackageReference Include=\"{package.Name}\" Version=\"{package.Version}\" />"))}
          </ItemGroup>
        </Project>
        """;
}
