using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using MlPipelines.Imaging;
using MlPipelines.Tests.Data;
using MlPipelines.Tests.Execution;

namespace MlPipelines.Tests;

/// <summary>Runs the programs of docs/guide.md that use a model: predict, judge, look inside, serve.</summary>
[Collection(Alone.Name), Trait("Category", "Runtime")]
public sealed class ModelProgramsTests : DocumentedPrograms
{
    [Fact]
    public void The_program_that_predicts_from_memory_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        // <program>
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        var model = ml.Transforms.LoadImages("Image", "ImagePath", 16, 16)
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { Epoch = 20 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(images);
        var photo = "datasets/flowers/poppy/4.png";
        using var ofBytes = ml.Model.CreatePredictionEngine<PhotoBytes, Guess>(model);
        Console.WriteLine(ofBytes.Predict(new() { ImagePath = File.ReadAllBytes(photo) }).PredictedLabel);
        using var ofStreams = ml.Model.CreatePredictionEngine<PhotoStream, Guess>(model);
        using var stream = File.OpenRead(photo);
        Console.WriteLine(ofStreams.Predict(new() { ImagePath = stream }).PredictedLabel);
        using var ofImages = ml.Model.CreatePredictionEngine<PhotoImage, Guess>(model);
        using var image = MLImage.CreateFromFile(photo);
        Console.WriteLine(ofImages.Predict(new() { ImagePath = image }).PredictedLabel);
        // </program>
        Assert.Equal(3, surroundings.Printed.ToString().Split("poppy").Length - 1);
    }

    // <program>
    sealed class PhotoBytes
    {
        public byte[]? ImagePath { get; set; }
    }

    sealed class PhotoStream
    {
        [ImageStream]
        public Stream? ImagePath { get; set; }
    }

    sealed class PhotoImage
    {
        [ImageType(1, 1)]
        public MLImage? ImagePath { get; set; }
    }
    // </program>

    [Fact]
    public void The_program_that_judges_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        // <program>
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.5, stratificationColumn: "Label");
        var half = ml.Data.TrainTestSplit(split.TestSet, testFraction: 0.5, stratificationColumn: "Label");
        var classifier = ml.Transforms.LoadImages("Image", "ImagePath", 16, 16)
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { Epoch = 5 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(split.TrainSet);
        var honest = classifier.Append(ml.MulticlassClassification.TemperatureScaling().Fit(classifier.Transform(half.TrainSet)));
        ml.Model.SaveAsOnnx(honest, "flowers.onnx", images.Schema);
        var judge = honest.Append(ml.MulticlassClassification.RejectBelow(0.8f).Fit(honest.Transform(half.TestSet)))
            .Append(ml.Transforms.WriteEvaluation("evaluation").Fit(honest.Transform(half.TestSet)));
        var answers = judge.Transform(half.TestSet).GetColumn<string>("Answer").ToArray();
        var report = ml.MulticlassClassification.Report(honest.Transform(half.TestSet));
        Console.WriteLine($"{report.BrierScore:F3}, {report.MacroAreaUnderRocCurve:F3}, {report.ExpectedCalibrationError:F3}");
        Console.WriteLine(report.Coverage!.At(accuracy: 0.95)?.Coverage);
        report.ToReliabilityChart().Save("calibration.png");
        Console.WriteLine(ml.MulticlassClassification.Compare(classifier.Transform(half.TestSet), honest.Transform(half.TestSet)));
        // </program>
        Assert.Equal(half.TestSet.GetRowCount(), answers.Length);
        Assert.Contains(" 0 gained, 0 lost, ", surroundings.Printed.ToString(), StringComparison.Ordinal);
        Assert.All(["flowers.onnx", "calibration.png", Path.Combine("evaluation", "roc.svg")],
            file => Assert.True(File.Exists(file), file));
        classifier.Dispose();
    }

    [Fact]
    public void The_program_that_looks_inside_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        // <program>
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        var model = ml.Transforms.LoadImages("Image", "ImagePath", 32, 32)
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { Epoch = 5 }))
            .Fit(images);
        using var explainer = ml.Model.Explain(model);
        foreach (var layer in explainer.Layers)
            Console.WriteLine(layer);
        var photo = Image.FromFile("datasets/flowers/poppy/4.png");
        explainer.Features(photo, "conv2d").Mosaic().Save("conv2d.png");
        explainer.Filters("conv2d").Mosaic().Save("filters.png");
        var map = explainer.HeatMap(photo, new GradCam(), "poppy");
        map.Overlay(photo).Save("poppy.png");
        Console.WriteLine(explainer.FaithfulnessOf(photo, map).InsertionArea);
        explainer.Invert(photo, "conv2d_1").Image.Save("kept.png");
        explainer.Maximize(new ClassTarget("poppy")).Image.Save("drives.png");
        // </program>
        Assert.Contains("conv2d_1 (", surroundings.Printed.ToString(), StringComparison.Ordinal);
        Assert.All(["conv2d.png", "filters.png", "poppy.png", "kept.png", "drives.png"],
            file => Assert.True(Image.FromFile(file).Width > 10, file));
        model.Dispose();
    }

    [Fact]
    public async Task The_program_that_serves_a_model_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        SaveFlowers("flowers.onnx");
        // <program>
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddJudging(ServedModel.FromFile("flowers.onnx"), new() { Verdicts = "verdicts.db", KeepPictures = true });
        await using var app = builder.Build();
        app.MapJudging("/flowers");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new($"{app.Urls.First()}/flowers/") };
        var photo = new ByteArrayContent(File.ReadAllBytes("datasets/flowers/poppy/4.png"));
        var judged = await (await client.PostAsync("judge", photo)).Content.ReadFromJsonAsync<JsonObject>();
        await client.PostAsJsonAsync("verdict", new { judgement = (string?)judged!["id"], @class = "poppy" });
        await app.StopAsync();
        using var verdicts = VerdictStore.Open("verdicts.db");
        Console.WriteLine(verdicts.Tally()[^1].ToConfusionMatrix());
        Console.WriteLine(verdicts.Export("said").Count);
        // </program>
        Assert.Contains("actual \\ predicted", surroundings.Printed.ToString(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles("said/poppy"));
    }

    [Fact]
    public void The_program_that_trains_on_several_machines_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        // <program>
        using var ranks = MpiCommunicator.Open();
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        var pipeline = ml.Transforms.LoadImages("Image", "ImagePath", 32, 32)
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { Epoch = 2, BatchSize = 4, Communicator = ranks }));
        var model = pipeline.Fit(images);
        if (ranks.Rank == 0)
            ml.Model.SaveAsOnnx(model, "flowers.onnx", images.Schema);
        // </program>
        Assert.True(File.Exists("flowers.onnx"));
        model.Dispose();
    }

    static void SaveFlowers(string path)
    {
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        using var model = ml.Transforms.LoadImages("Image", "ImagePath", 16, 16)
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { Epoch = 2 })).Fit(images);
        ml.Model.SaveAsOnnx(model, path, images.Schema);
    }
}
