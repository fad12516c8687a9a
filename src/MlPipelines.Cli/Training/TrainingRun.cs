using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML.Transforms;
using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>A training run from folder to run folder.</summary>
static class TrainingRun
{
    public static int Run(Terminal terminal, TrainingSettings settings)
    {
        foreach (var folder in new[] { settings.Folder, settings.Validation, settings.Test }.OfType<string>())
        {
            settings.Output.CheckOutside(folder);
            settings.CacheFolder?.CheckOutside(folder);
        }
        // What is only told leaves nothing, not even decoded images.
        settings = settings.DryRun ? settings with { Cache = false } : settings;
        terminal.WritesJson = settings.WritesJson;
        var ml = terminal.Context(settings.Seed, settings.PixelCache);
        var sets = TrainingImages.Load(ml, settings);
        var images = sets.Learnt;
        if (!sets.All.Parts.IsEmpty)
            terminal.Line($"{settings.Folder} is split already: {string.Join(", ", DivisionNames.All.Where(sets.All.Parts.ContainsKey))}");
        if (images.Classes is [var only])
            throw new InvalidDataException($"{images.Path}: has images of one class, '{only}', needs at least two. "
                + (ImageSource.IsTable(images.Path) ? "Add rows of another class, or name the column of classes by --label-column."
                    : "Add a sub-folder with images of another class."));
        var pipeline = TrainingPipeline.Of(terminal, ml, settings, images);
        settings = pipeline.Settings;
        if (settings.WatchedShare is not null && sets.Watched is { } given)
            throw new InvalidDataException($"--validation-share: there are images to watch, {given.Path}, so that none are divided off. "
                + "Leave it out.");
        var data = sets.Divide(ml, pipeline.LearnsAtOnce, settings.WatchedShare);
        sets.CheckCommon();
        pipeline = pipeline.Prepared(terminal, data.TrainSet);
        var description = Description(ml, sets, data, settings, pipeline);
        if (settings.Pipeline is { } repeated)
            PipelineFile.Compare(terminal, repeated, description);
        TellOfData(terminal, ml, sets, data, pipeline);
        if (settings.Communicator is { } all)
        {
            if (settings.FindLearningRate)
                throw new InvalidDataException("--find-learning-rate: is for one process; leave out mpirun.");
            SharedTraining.Agree(all, description);
            terminal.Line($"{all.Size} processes; this one computes with {all.Cores} of its machine's cores");
        }
        if (!settings.IsFirst)
            return settings.DryRun ? ExitCode.Success : Join(terminal, ml, sets, data, pipeline);
        var earlier = Earlier(terminal, settings, description);
        if (settings.DryRun)
            return DryRun.Tell(terminal, pipeline, data, earlier?.Folder ?? RunFolder.Next(settings.Output.Path, NameOf(settings)));
        var run = earlier ?? RunFolder.Create(settings.Output.Path, NameOf(settings), description);
        try
        {
            return FolderLock.Holding(run.Folder, () => Run(terminal, ml, sets, data, (run, pipeline, description), settings));
        }
        catch
        {
            // A run that leaves nothing takes no name from the next one.
            run.Discard();
            throw;
        }
    }

    static void TellOfData(Terminal terminal, MLContext ml, TrainingImages sets, ImageDataCatalog.TrainValidationTestData data,
        TrainingPipeline pipeline)
    {
        var images = sets.Learnt;
        terminal.Line($"{images.RowCount} images of {images.Classes.Length} classes: {data.TrainSet.CountRows()} to learn "
            + $"from, {data.ValidationSet.CountRows()} to watch, {data.TestSet.CountRows()} to test with");

        ClassTable.Warn(terminal, ml.Data.CountClasses(images));
        foreach (var warning in ClassCoverage.Of(ml, sets, data.TrainSet, data.TestSet).Concat(sets.GroupWarnings()))
            terminal.Error($"warning: {warning}");
        if (pipeline.Settings is { From: { } from, Test: null } && pipeline.IsOfUnknownOrigin)
            terminal.Error(
                $"advice: images that {from} has learnt from may be among those it is tested with now. Give others with --test.");
    }

    static int Run(Terminal terminal, MLContext ml, TrainingImages sets, ImageDataCatalog.TrainValidationTestData data,
        (RunFolder, TrainingPipeline, JsonObject) prepared, TrainingSettings settings)
    {
        var ((run, pipeline, description), images) = (prepared, sets.Learnt);
        if (settings.FindLearningRate)
            return LearningRateSearch.Run(terminal, ml, data.TrainSet, run, pipeline);
        if (settings.BeforeTraining)
            TestUntrained(terminal, ml, data, pipeline);
        var (epochs, skipped) = (new List<EpochMetrics>(), new List<SkippedRow>());
        using var board = settings.TensorBoard is { } place
            ? new TensorBoardLog(Path.Combine(place.Path, Path.GetFileName(run.Folder))) : null;
        var curves = pipeline.LearnsAtOnce ? null : new TrainingCurves();
        var model = terminal.Watch("training", pipeline.Epochs * data.TrainSet.CountRows(),
            bar => Fit(ml, (data, sets.Watched is null), run, pipeline, new TrainingDisplay(terminal, bar, pipeline.Length(data), epochs)
            {
                Also = board,
                Curves = curves,
            }, skipped.Add), curves: curves);
        if (skipped.Count > 0)
            terminal.Line($"{Counted.Of(skipped.Count, "image")} could not be read and {(skipped.Count == 1 ? "was" : "were")} skipped, "
                + "see above");
        run.Restore();
        ml.Model.SaveAsOnnx(model, run.ModelPath, images.Schema);
        AtomicFile.Write(run.ZipPath, stream => ml.Model.Save(model, images.Schema, stream));
        var trained = model.Steps().OfType<ImageClassifier>().Single();
        if (epochs.Count > 0)
            run.WriteHistory(new(epochs) { KeptEpoch = trained.KeptEpoch });
        if (trained.Kept is { } kept)
            terminal.Line($"kept: {kept}");
        NoteChoices(description, trained);
        run.WritePipeline(description);
        if (terminal.Cancellation.IsCancellationRequested)
        {
            terminal.Error($"Stopped after {epochs.Count} whole epochs; --resume goes on from here. The model learnt so far: "
                + run.ModelPath);
            return ExitCode.Stopped;
        }
        return Test(terminal, ml, model, data.TestSet, (run, settings), new()
        {
            Title = settings.Name ?? settings.NameOfFolder,
            LearntFrom = data.TrainSet,
            History = epochs.Count > 0 ? new(epochs) : null,
            Augmentations = settings.Augmentations.Length == 0 ? null : AugmentedImages(terminal, ml, data.TrainSet, pipeline),
            Pipeline = description,
            Command = $"mlpipe run {run.PipelinePath}",
        });
    }

    // Another process than the first: what it learns is written and tested there.
    static int Join(Terminal terminal, MLContext ml, TrainingImages sets, ImageDataCatalog.TrainValidationTestData data,
        TrainingPipeline pipeline)
    {
        var silent = new SynchronousProgress<WorkProgress>(_ => { });
        Fit(ml, (data, sets.Watched is null), null, pipeline, new(terminal, silent, pipeline.Length(data), []), _ => { });
        return terminal.Cancellation.IsCancellationRequested ? ExitCode.Stopped : ExitCode.Success;
    }

    static Imaging.Image AugmentedImages(Terminal terminal, MLContext ml, IDataView images, TrainingPipeline pipeline) =>
        new AugmentationSheet(images, pipeline.PrepareLearning.Fit(images), "Label", ml.Data.Host().Seed())
            .ForPage(pipeline.Width, pipeline.Height, terminal.Cancellation);

    static TransformerChain<KeyToValueMappingTransformer> Fit(MLContext ml,
        (ImageDataCatalog.TrainValidationTestData Sets, bool IsWatchedPart) data, RunFolder? run,
        TrainingPipeline pipeline, TrainingDisplay display, Action<SkippedRow> skipped) =>
        pipeline.PrepareLearning
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(pipeline.Options(data.Sets.TrainSet,
                (data.Sets.ValidationSet.CountRows() == 0 ? null : data.Sets.ValidationSet, data.IsWatchedPart), run?.Folder, display,
                skipped,
                display.Cancellation) with
            { Communicator = pipeline.Settings.Communicator }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data.Sets.TrainSet);

    static void TestUntrained(Terminal terminal, MLContext ml, ImageDataCatalog.TrainValidationTestData data, TrainingPipeline pipeline)
    {
        var test = data.TestSet.CountRows();
        if (test == 0)
        {
            terminal.Line("before training: not tested, as there are no images to test with");
            return;
        }
        var preparation = pipeline.PrepareLearning.Fit(data.TrainSet);
        var options = pipeline.Options(data.TrainSet, default, run: null, display: null, skipped: null, terminal.Cancellation);
        using var untrained = ml.MulticlassClassification.Trainers.ImageClassification(options)
            .Untrained(preparation.Transform(data.TrainSet));
        var report = terminal.Watch("scoring", test, bar => ml.MulticlassClassification.Report(
            untrained.Transform(preparation.Transform(data.TestSet)), progress: bar.Counting("scoring"),
            cancellation: terminal.Cancellation));
        terminal.Line(string.Create(CultureInfo.InvariantCulture,
            $"before training: accuracy {report.MicroAccuracy:0.0%}, log loss {report.LogLoss:0.000}"));
    }

    static int Test(Terminal terminal, MLContext ml, TransformerChain<KeyToValueMappingTransformer> model, IDataView test,
        (RunFolder, TrainingSettings) place, EvaluationPageOptions page)
    {
        var ((run, settings), exit) = (place, ExitCode.Success);
        if (test.CountRows() == 0)
            terminal.Line($"not tested: the classes are {(settings.GroupBy is null ? "too small" : "in too few groups")} to keep images "
                + "back for it; give some with --test");
        else
        {
            var (metrics, mistakes) = terminal.Watch("scoring", test.CountRows(),
                bar => run.WriteEvaluation(ml.MulticlassClassification, model.Transform(test), progress: bar.Counting("scoring"),
                    cancellation: terminal.Cancellation));
            ml.MulticlassClassification.SavePage(mistakes, run.PagePath, page, terminal.Cancellation);
            EvaluationSummary.Write(terminal, metrics);
            EvaluationSummary.WarnOfLearnt(terminal, ml.MulticlassClassification.CountLearnt(model, test), "the model");
            terminal.Line($"mistakes: {Counted.Of(mistakes.Mistakes.Length, "image")} in {mistakes.Folder}");
            exit = BadFiles.ExitCodeOf(metrics, settings.FailOnBadFiles);
        }
        EvaluationSummary.WriteFiles(terminal, run);
        return exit;
    }

    static string NameOf(TrainingSettings settings) => settings.Name ?? settings.NameOfFolder;

    /// <summary>The last run of that name, which is to go on; null where that is not asked for, or there is none, which is said.</summary>
    public static RunFolder? ToResume(Terminal terminal, TrainingSettings settings)
    {
        if (!settings.Resume)
            return null;
        var earlier = RunFolder.Last(settings.Output.Path, NameOf(settings));
        if (earlier is null)
            terminal.Line($"--resume: no run '{NameOf(settings)}' is in {settings.Output.Path}; a new one begins");
        return earlier;
    }

    // The run that goes on; null for a new one.
    static RunFolder? Earlier(Terminal terminal, TrainingSettings settings, JsonObject description)
    {
        if (ToResume(terminal, settings) is not { } earlier)
            return null;
        var (path, now) = (earlier.PathOf("pipeline.json"), JsonNode.Parse(description.ToJsonString())!.AsObject());
        if (!File.Exists(path) || JsonNode.Parse(File.ReadAllText(path)) is not JsonObject before)
            return earlier;
        var others = now.Where(pair => !PipelineFile.Machine.Contains(pair.Key) && !JsonNode.DeepEquals(pair.Value, before[pair.Key]))
            .Select(pair => pair.Key).ToArray();
        if (others.Length > 0 && others.All(key => IsOfImages(key, before[key], now[key])))
            throw new InvalidDataException($"{earlier.Folder}: its images are not those that it was run with{Changes(before, now)}, so it "
                + "cannot go on: files have other names or sizes. Put back what was there, or leave out --resume.");
        if (others.Length > 0)
            throw new InvalidDataException($"{earlier.Folder}: was run with other options ({string.Join(", ", others)}), so it cannot go "
                + $"on. Repeat its options, which {path} lists, or leave out --resume.");
        return earlier;
    }

    // Whether what pipeline.json says there differs by the images alone, and not by where they are looked for.
    static bool IsOfImages(string key, JsonNode? before, JsonNode? now) => key switch
    {
        "fingerprint" or "classes" or "trainImages" or "validationImages" or "testImages" => true,
        "validation" or "test" => before is JsonObject was && now is JsonObject found
            && JsonNode.DeepEquals(was["folder"], found["folder"]) && JsonNode.DeepEquals(was["part"], found["part"]),
        _ => false,
    };

    static string Changes(JsonObject before, JsonObject now)
    {
        var (old, classes) = (before["classes"] as JsonObject ?? [], now["classes"] as JsonObject ?? []);
        var changed = old.Concat(classes).Select(pair => pair.Key).Distinct()
            .Where(name => !JsonNode.DeepEquals(old[name], classes[name]))
            .Select(name => $"'{name}' had {old[name] ?? 0} and has {classes[name] ?? 0}");
        return string.Join(", ", changed) is { Length: > 0 } counts ? $" ({counts})" : "";
    }

    // Where images come from that are not learnt from: the source that was named, or else FOLDER, and which part of it they are.
    static JsonObject? Place(string? named, LabelledImages? images) => images is null ? null
        : new(new Dictionary<string, JsonNode?>
        {
            ["folder"] = named is null ? null : Path.GetFullPath(named),
            ["part"] = images.Part,
            ["fingerprint"] = DataFingerprint.Of(images),
        }.Where(pair => pair.Value is not null));

    /// <summary>The images that a run with these settings learns from, watches and tests with.</summary>
    public static ImageDataCatalog.TrainValidationTestData Data(MLContext ml, TrainingSettings settings) =>
        TrainingImages.Load(ml, settings).Divide(ml, learnsAtOnce: false);

    /// <summary>Adds what a training has chosen to what pipeline.json says.</summary>
    public static void NoteChoices(JsonObject description, ImageClassifier trained)
    {
        if (trained.Kept is { } kept)
            description["kept"] = kept;
        if (trained.L2Regularization is { } penalty)
            description["l2Regularization"] = penalty;
    }

    /// <summary>What pipeline.json says of a run.</summary>
    public static JsonObject Description(MLContext ml, TrainingImages images, ImageDataCatalog.TrainValidationTestData data,
        TrainingSettings settings, TrainingPipeline pipeline)
    {
        var description = new JsonObject
        {
            ["mlpipelines"] = typeof(ImageClassifier).Assembly.GetName().Version?.ToString(3),
            ["mlnet"] = Internals.Version,
            ["onnxRuntime"] = OnnxRuntime.Version,
            ["libvips"] = Imaging.Image.LibraryVersion,
            ["name"] = NameOf(settings),
            ["folder"] = Path.GetFullPath(settings.Folder),
            ["fingerprint"] = DataFingerprint.Of(images.Learnt),
            ["groupBy"] = settings.GroupBy,
            ["classes"] = new JsonObject(images.Learnt.Counts.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))),
            ["trainImages"] = data.TrainSet.CountRows(),
            ["validationImages"] = data.ValidationSet.CountRows(),
            ["testImages"] = data.TestSet.CountRows(),
            ["seed"] = settings.Seed,
            ["weights"] = settings.Weighting.ToString(),
            ["sampling"] = settings.Sampling.ToString(),
            ["device"] = settings.Device.ToString(),
            ["augmentations"] = new JsonArray(
                [.. settings.Augmentations.Select(augmentation => JsonValue.Create(AugmentationText.Of(augmentation)))]),
            ["validation"] = Place(settings.Validation, images.Watched),
            ["test"] = Place(settings.Test, images.Tested),
        };
        foreach (var (key, value) in pipeline.Describe(data.TrainSet.CountRows()).Where(pair => pair.Value is not null))
            description.Add(key, value);
        if (settings.WatchedShare is { } share)
            description.Add("validationShare", share);
        foreach (var (key, value) in settings.Given.Where(pair => !description.ContainsKey(pair.Key)))
            description.Add(key, value);
        return description;
    }
}
