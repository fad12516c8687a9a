using System.Text.RegularExpressions;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;
using MlPipelines.Tests.Execution;

namespace MlPipelines.Tests;

/// <summary>Runs the programs of README.md and docs/guide.md that load, look at data and learn.</summary>
[Collection(Alone.Name), Trait("Category", "Runtime")]
public sealed partial class ReadmeTests : DocumentedPrograms
{
    [Fact]
    public void Ten_lines_run_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        // <program>
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.2, stratificationColumn: "Label");
        var pipeline = ml.Transforms.LoadImages("Image", "ImagePath", 224, 224)
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(featureColumnName: "Image"));
        var model = pipeline.Fit(split.TrainSet);
        var scored = ml.MulticlassClassification.SortMistakes(model.Transform(split.TestSet), "miss");
        Console.WriteLine($"{ml.MulticlassClassification.Report(scored).MicroAccuracy:P1}, the mistakes are in miss/");
        ml.Model.SaveAsOnnx(model, "flowers.onnx", images.Schema);
        // </program>
        Assert.Contains("the mistakes are in miss/", surroundings.Printed.ToString(), StringComparison.Ordinal);
        Assert.Equal(scored.GetColumn<float[]>("Score").SelectMany(scores => scores), new MLContext().Model.LoadOnnx("flowers.onnx")
            .Transform(split.TestSet).GetColumn<float[]>("Score").SelectMany(scores => scores));
        model.Dispose();
    }

    [Fact]
    public void The_program_of_MLNETs_steps_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        // <program>
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.2, stratificationColumn: "Label");
        var pipeline = ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
            .Append(ml.Transforms.LoadImages("Image", "ImagePath", 128, 128))
            .Append(ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f), new RandomRotation(20),
                new RandomErasing()))
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { LabelColumnName = "LabelKey", Epoch = 20 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(split.TrainSet);
        var scored = model.Transform(split.TestSet);
        var judge = ml.Transforms.WriteConfusionMatrix("confusion")
            .Append(ml.Transforms.SortMistakes("miss"));
        var metrics = ml.MulticlassClassification.Evaluate(judge.Fit(scored).Transform(scored), "LabelKey");
        Console.WriteLine($"{metrics.MicroAccuracy:P1}, see confusion.png and miss/");
        ml.Model.Save(model, images.Schema, "flowers.zip");
        ml.Model.SaveAsOnnx(model, "flowers.onnx", images.Schema);
        // </program>
        Assert.Contains("see confusion.png and miss/", surroundings.Printed.ToString(), StringComparison.Ordinal);
        Assert.All(["confusion.txt", "confusion.csv", "confusion.svg", "confusion.png", Path.Combine("miss", "mistakes.json")],
            file => Assert.True(File.Exists(file), file));
        var expected = scored.GetColumn<float[]>("Score").SelectMany(scores => scores).ToArray();
        foreach (var loaded in new[] { new MLContext().Model.Load("flowers.zip", out _), new MLContext().Model.LoadOnnx("flowers.onnx") })
            Assert.Equal(expected, loaded.Transform(split.TestSet).GetColumn<float[]>("Score").SelectMany(scores => scores));
        model.Dispose();
    }

    [Fact]
    public void The_network_is_built_as_written()
    {
        // <program>
        var network = new Sequential(
            new Rescaling(1 / 255f),
            new Conv2D(32, 3, Padding.Same, Activation.Relu),
            new MaxPooling2D(2),
            new Dropout(0.25f),
            new Flatten(),
            new Dense(10, Activation.Softmax));
        // </program>
        Assert.Equal([-1, 10], network.Build(28, 28, 3).Outputs[0].Value.Shape);
    }

    [Fact]
    public void The_program_that_looks_at_data_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        // <program>
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        Console.WriteLine(ml.Data.CountClasses(images));
        foreach (var finding in ml.Data.Check("datasets/flowers").Findings)
            Console.WriteLine($"{finding.Severity}: {finding.Found} {finding.Advice}");
        ml.Data.SaveContactSheet(images, "sheet.png", new() { PerClass = 4 });
        var steps = ml.Transforms.Balance("Label", new ClassBalance(AtMost: 200, AtLeast: 8))
            .Append(ml.Transforms.LoadImages("Image", "ImagePath", 96, 96))
            .Append(ml.Transforms.AugmentImages("Image", new RandAugment(), new MixUp(0.2f)));
        ml.Data.SaveAugmentations(images, "augmented.png", steps, new() { Count = 4 });
        // </program>
        Assert.Contains("poppy", surroundings.Printed.ToString(), StringComparison.Ordinal);
        Assert.All(["sheet.png", "augmented.png"], picture => Assert.True(Image.FromFile(picture).Width > 64));
    }

    [Fact]
    public void The_program_that_keeps_groups_whole_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        // <program>
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImages("datasets/flowers").GroupedBy(@"(\d+)");
        var split = ml.Data.TrainTestSplit(images, 0.2, samplingKeyColumnName: "Group", stratificationColumn: "Label");
        var model = ml.Transforms.LoadImages("Image", "ImagePath", 64, 64, ResizingKind.IsoPad)
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { Epoch = 2 }))
            .Fit(split.TrainSet);
        Console.WriteLine(ml.MulticlassClassification.CountLearnt(model, split.TestSet)?.Share);
        // </program>
        var learnt = split.TrainSet.GetColumn<string>("Group").ToHashSet();
        Assert.NotEmpty(learnt);
        Assert.DoesNotContain(split.TestSet.GetColumn<string>("Group"), learnt.Contains);
        model.Dispose();
    }

    [Fact]
    public void The_program_that_learns_from_a_network_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        var drawn = new Sequential(new Conv2D(4, 7, strides: 8, activation: Activation.Relu),
            new Conv2D(8, 3, strides: 2, activation: Activation.Relu), new GlobalAveragePooling2D(), new Dense(1000));
        File.WriteAllBytes("mobilenet_v2.onnx", OnnxFile.Write(drawn.Build(224, 224, 3).Initialize(1)));
        // <program>
        var ml = new MLContext(seed: 1);
        var network = Network.FromOnnx("mobilenet_v2.onnx", Preprocessing.ImageNetTorch);
        Console.WriteLine(network.Inspect());
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        var split = ml.Data.TrainTestSplit(images, testFraction: 0.2, stratificationColumn: "Label");
        var load = ml.Transforms.LoadImages("Image", "ImagePath", 224, 224);
        var head = load
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { Network = network, Head = new LinearHead() }))
            .Fit(split.TrainSet);
        var whole = load
            .Append(ml.Transforms.AugmentImages("Image", new RandomResizedCrop(MinArea: 0.5f), new RandomFlip()))
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(
                new() { Network = network.WithClassifier(new Dense(images.Classes.Length)), FineTuning = new(), Epoch = 4 }))
            .Fit(split.TrainSet);
        Console.WriteLine(ml.MulticlassClassification.Report(head.Transform(split.TestSet)).MicroAccuracy);
        Console.WriteLine(ml.MulticlassClassification.Report(whole.Transform(split.TestSet)).MicroAccuracy);
        // </program>
        Assert.Contains("features: [?,8]", surroundings.Printed.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, ml.MulticlassClassification.Report(head.Transform(split.TestSet)).MicroAccuracy);
        head.Dispose();
        whole.Dispose();
    }

    [Fact]
    public void The_program_that_builds_a_classifier_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        // <program>
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        var built = ml.MulticlassClassification.BuildImageClassifier(images, new() { Time = TimeSpan.FromMinutes(5), Trials = 2 });
        Console.WriteLine(built.Search.Reason);
        Console.WriteLine($"{built.Report.MicroAccuracy:P1} of {built.Report.RowCount} images that no choice has seen");
        File.WriteAllText("trials.csv", built.Search.ToCsv());
        ml.Model.SaveAsOnnx(built.Model, "flowers.onnx", images.Schema);
        // </program>
        Assert.Contains("of 2 images that no choice has seen", surroundings.Printed.ToString(), StringComparison.Ordinal);
        Assert.All(["trials.csv", "flowers.onnx"], file => Assert.True(File.Exists(file), file));
    }

    [Fact]
    public void The_program_whose_features_feed_another_trainer_runs_as_written()
    {
        using var folder = new TemporaryFolder();
        MakeFlowers(Path.Combine(folder.Path, "datasets/flowers"));
        using var surroundings = new Surroundings(folder.Path);
        var drawn = new Sequential(new Conv2D(4, 7, strides: 8, activation: Activation.Relu),
            new Conv2D(8, 3, strides: 2, activation: Activation.Relu), new GlobalAveragePooling2D(), new Dense(1000));
        File.WriteAllBytes("mobilenet_v2.onnx", OnnxFile.Write(drawn.Build(224, 224, 3).Initialize(1)));
        // <program>
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromImageFolder("datasets/flowers");
        var pipeline = ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
            .Append(ml.Transforms.LoadImages("Image", "ImagePath", 224, 224))
            .Append(ml.Transforms.FeaturizeImages("Features", "Image", Network.FromOnnx("mobilenet_v2.onnx", Preprocessing.ImageNetTorch)))
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("LabelKey", "Features"))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var predictor = ml.Model.CreatePredictor<Photo, Guess>(pipeline.Fit(images));
        foreach (var guess in predictor.PredictBatch(Directory.GetFiles("datasets/flowers/poppy")
            .Select(file => new Photo { ImagePath = file })))
            Console.WriteLine(guess.PredictedLabel);
        // </program>
        Assert.Equal(5, surroundings.Printed.ToString().Split("poppy").Length - 1);
    }

    [Fact]
    public void Every_program_of_the_guides_is_run()
    {
        var source = Repository.Read("tests/MlPipelines.Tests/ReadmeTests.cs")
            + Repository.Read("tests/MlPipelines.Tests/ModelProgramsTests.cs");
        var written = Fenced().Matches(GuideTests.Pages).Select(match => Plain(match.Groups[1].Value)).ToArray();
        Assert.NotEmpty(written);
        Assert.Equal(Delimited().Matches(source).Select(match => Plain(match.Groups[1].Value)), written);
    }

    static string Plain(string text) => Whitespace().Replace(text, " ").Trim();

    [GeneratedRegex(@"```csharp\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"^ *// <program>\r?\n(.*?)^ *// </program>", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Delimited();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
