using System.Text.Json.Nodes;
using Microsoft.ML.Transforms;
using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>A training run from folder to run folder.</summary>
static class TrainingRun
{
    public static int Run(Terminal terminal, TrainingSettings asked)
    {
        var settings = SplitFolder.Resolve(asked);
        if (settings != asked)
            terminal.Line(
                $"{asked.Folder} is split already: "
                    + string.Join(", ",
                        new[] { settings.Folder, settings.Validation, settings.Test }.OfType<string>().Select(Path.GetFileName)));
        foreach (var folder in new[] { asked.Folder, settings.Validation, settings.Test }.OfType<string>())
        {
            settings.Output.CheckOutside(folder);
            settings.CacheFolder?.CheckOutside(folder);
        }
        var ml = terminal.Context(settings.Seed, settings.PixelCache);
        var pipeline = TrainingPipeline.Of(terminal, ml, settings);
        var images = Load(ml, settings.Folder, settings);
        if (images.Classes is [var only])
            throw new InvalidDataException($"{settings.Folder}: has images of one class, '{only}', needs at least two. Add a sub-folder "
                + "with images of another class.");
        var data = Split(ml, images, settings);
        pipeline = pipeline.Prepared(terminal, data.TrainSet);
        var description = Description(ml, images, data, settings, pipeline);
        if (settings.Pipeline is { } repeated)
            PipelineFile.Compare(terminal, repeated, description);
        var run = FolderOf(settings, description);
        terminal.Line($"{images.RowCount} images of {images.Classes.Length} classes: {data.TrainSet.CountRows()} to learn "
            + $"from, {data.ValidationSet.CountRows()} to watch, {data.TestSet.CountRows()} to test with");

        WarnOfSmallClasses(terminal, ml, images, data.TestSet);

        if (settings.FindLearningRate)
            return LearningRateSearch.Run(terminal, ml, data.TrainSet, run, pipeline);
        var (epochs, skipped) = (new List<EpochMetrics>(), new List<SkippedRow>());
        var model = terminal.Watch("training", pipeline.Epochs * data.TrainSet.CountRows(),
            bar => Fit(ml, data, run, pipeline, new TrainingDisplay(terminal, bar, pipeline.Length(data), epochs), skipped.Add));
        if (skipped.Count > 0)
            terminal.Line($"{skipped.Count} images could not be read and were skipped; each is named above");
        ml.Model.SaveAsOnnx(model, run.ModelPath, images.Schema);
        AtomicFile.Write(run.ZipPath, stream => ml.Model.Save(model, images.Schema, stream));
        if (epochs.Count > 0)
            run.WriteHistory(new(epochs));
        if (terminal.Cancellation.IsCancellationRequested)
        {
            terminal.Error($"Stopped after {epochs.Count} whole epochs. The model learnt so far: {run.ModelPath}");
            return ExitCode.Failure;
        }
        return Test(terminal, ml, model, data.TestSet, run, settings);
    }

    static TransformerChain<KeyToValueMappingTransformer> Fit(MLContext ml, ImageDataCatalog.TrainValidationTestData data, RunFolder run,
        TrainingPipeline pipeline, TrainingDisplay display, Action<SkippedRow> skipped) =>
        pipeline.PrepareLearning
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(pipeline.Options(data.TrainSet,
                data.ValidationSet.CountRows() == 0 ? null : data.ValidationSet, run.Folder, display, skipped, display.Cancellation)))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data.TrainSet);

    static int Test(Terminal terminal, MLContext ml, TransformerChain<KeyToValueMappingTransformer> model, IDataView test, RunFolder run,
        TrainingSettings settings)
    {
        var exit = ExitCode.Success;
        if (test.CountRows() == 0)
            terminal.Line("not tested: the classes are too small to keep images back for it; give some with --test");
        else
        {
            var (metrics, mistakes) = terminal.Watch("scoring", test.CountRows(),
                bar => run.WriteEvaluation(ml.MulticlassClassification, model.Transform(test), 0, bar.Counting("scoring"),
                    terminal.Cancellation));
            EvaluationSummary.Write(terminal, metrics);
            LearntImagesWarning.Write(terminal, model, test, settings.Test ?? "the images to test with");
            terminal.Line($"mistakes: {mistakes.Mistakes.Length} images in {mistakes.Folder}");
            exit = BadFiles.ExitCodeOf(metrics, settings.FailOnBadFiles);
        }
        terminal.Line($"model:    {run.ModelPath}");
        terminal.Line($"all else: {run.Folder}");
        return exit;
    }

    static RunFolder FolderOf(TrainingSettings settings, JsonObject description)
    {
        var name = settings.Name ?? settings.NameOfFolder;
        if (!settings.Resume || RunFolder.Last(settings.Output.Path, name) is not { } earlier)
            return RunFolder.Create(settings.Output.Path, name, description);
        var (path, now) = (earlier.PathOf("pipeline.json"), JsonNode.Parse(description.ToJsonString())!.AsObject());
        if (File.Exists(path) && JsonNode.Parse(File.ReadAllText(path)) is JsonObject before
            && string.Join(", ",
                now.Where(pair => !PipelineFile.Machine.Contains(pair.Key) && !JsonNode.DeepEquals(pair.Value, before[pair.Key]))
                .Select(pair => pair.Key)) is { Length: > 0 } others)
            throw new InvalidDataException($"{earlier.Folder}: was run with other options ({others}), so it cannot go on. Repeat its "
                + $"options, which {path} lists, or leave out --resume.");
        return earlier;
    }

    static JsonObject? Place(string? folder, IDataView data) => folder is null ? null
        : new() { ["folder"] = Path.GetFullPath(folder), ["fingerprint"] = DataFingerprint.Of(data) };

    // A class that no test image belongs to is neither right nor wrong in the figures.
    static void WarnOfSmallClasses(Terminal terminal, MLContext ml, LabelledImages images, IDataView test)
    {
        ClassTable.Warn(terminal, ml.Data.CountClasses(images));
        foreach (var (name, _, _) in ml.Data.CountClasses(test, expected: images.Classes).Classes.Where(one => one.Count == 0))
            terminal.Error($"warning: class '{name}' has {images.Counts[name]} image{(images.Counts[name] == 1 ? "" : "s")}, too few to "
                + "keep one back, so it is not tested. Add images, or give some with --test.");
    }

    static LabelledImages Load(MLContext ml, string folder, TrainingSettings settings)
    {
        var images = ml.Data.LoadFromImages(folder);
        BadFiles.Check(images, settings.FailOnBadFiles);
        return images;
    }

    /// <summary>The images that a run with these settings learns from, watches and tests with.</summary>
    public static ImageDataCatalog.TrainValidationTestData Data(MLContext ml, TrainingSettings settings) =>
        Split(ml, Load(ml, settings.Folder, settings), settings);

    static ImageDataCatalog.TrainValidationTestData Split(MLContext ml, IDataView images, TrainingSettings settings)
    {
        const double watchedShare = 0.1, testedShare = 0.2;
        var validation = settings.Validation is { } watched ? Load(ml, watched, settings) : null;
        var test = settings.Test is { } tested ? Load(ml, tested, settings) : null;
        if (validation is not null && test is not null)
            return new(images, validation, test);
        if (validation is null && test is null)
            return ml.Data.TrainValidationTestSplit(images, watchedShare, testedShare, stratificationColumn: "Label");
        var split = ml.Data.TrainTestSplit(images, validation is null ? watchedShare : testedShare, stratificationColumn: "Label");
        return new(split.TrainSet, validation ?? split.TestSet, test ?? split.TestSet);
    }

    static JsonObject Description(MLContext ml, LabelledImages images, ImageDataCatalog.TrainValidationTestData data,
        TrainingSettings settings, TrainingPipeline pipeline)
    {
        var description = new JsonObject
        {
            ["mlpipelines"] = typeof(ImageClassifier).Assembly.GetName().Version?.ToString(3),
            ["mlnet"] = Internals.Version,
            ["onnxRuntime"] = OnnxRuntime.Version,
            ["libvips"] = Imaging.Image.LibraryVersion,
            ["name"] = settings.Name ?? settings.NameOfFolder,
            ["folder"] = Path.GetFullPath(settings.Folder),
            ["fingerprint"] = DataFingerprint.Of(images),
            ["classes"] = new JsonObject(images.Counts.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))),
            ["trainImages"] = data.TrainSet.CountRows(),
            ["validationImages"] = data.ValidationSet.CountRows(),
            ["testImages"] = data.TestSet.CountRows(),
            ["seed"] = settings.Seed,
            ["weights"] = settings.Weighting.ToString(),
            ["sampling"] = settings.Sampling.ToString(),
            ["device"] = settings.Device.ToString(),
            ["augmentations"] = new JsonArray(
                [.. settings.Augmentations.Select(augmentation => JsonValue.Create(AugmentationText.Of(augmentation)))]),
            ["validation"] = Place(settings.Validation, data.ValidationSet),
            ["test"] = Place(settings.Test, data.TestSet),
        };
        foreach (var (key, value) in pipeline.Description.Where(pair => pair.Value is not null))
            description.Add(key, value);
        foreach (var (key, value) in settings.Given.Where(pair => !description.ContainsKey(pair.Key)))
            description.Add(key, value);
        return description;
    }
}
