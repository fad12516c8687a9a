using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MlPipelines.Cli;

/// <summary>A build from folder to run folder.</summary>
static class BuildRun
{
    public static int Run(Terminal terminal, BuildSettings asked)
    {
        var training = asked.Training;
        terminal.WritesJson = training.WritesJson;
        foreach (var folder in new[] { training.Folder, training.Validation, training.Test }.OfType<string>())
            training.Output.CheckOutside(folder);
        var ml = terminal.Context(training.Seed, training.PixelCache);
        var sets = TrainingImages.Load(ml, training);
        if (sets.Learnt.Classes is [var only])
            throw new InvalidDataException($"{sets.Learnt.Path}: has images of one class, '{only}', needs at least two. Add a sub-folder "
                + "with images of another class.");
        sets.CheckCommon();
        ClassTable.Warn(terminal, ml.Data.CountClasses(sets.Learnt));
        foreach (var warning in sets.GroupWarnings())
            terminal.Error($"warning: {warning}");
        var named = Named(terminal, ml, asked, sets);
        var run = FolderOf(terminal, training, ml);
        try
        {
            return Run(terminal, ml, asked, (sets, named), run);
        }
        catch (OperationCanceledException)
        {
            terminal.Error($"Finished trials are in {run.PathOf("trials")}; the same command with --resume goes on.");
            throw;
        }
        finally
        {
            // A build that leaves nothing takes no name from the next one.
            run.Discard();
        }
    }

    static int Run(Terminal terminal, MLContext ml, BuildSettings asked, (TrainingImages, ImmutableArray<NamedBuildNetwork>) given,
        RunFolder run)
    {
        var ((sets, named), clock, curves) = (given, Stopwatch.StartNew(), new TrainingCurves());
        var (model, history, recipe, isOfTrial) = terminal.Watch("looking", (long)Math.Ceiling(60 * asked.Minutes),
            bar => Build(terminal, ml, asked, (sets, named), (run, Begins(bar), curves.Add)), "s", curves);
        using (model as IDisposable)
        {
            var (test, description) = WriteDescription(terminal, ml, asked, (sets, named), (run, recipe, isOfTrial, model));
            terminal.Line();
            var (metrics, mistakes) = terminal.Watch("scoring", test.CountRows(), bar => run.WriteEvaluation(ml.MulticlassClassification,
                model.Transform(test), progress: bar.Counting("scoring"), cancellation: terminal.Cancellation));
            ml.MulticlassClassification.SavePage(mistakes, run.PagePath, new()
            {
                Title = asked.Training.Name ?? asked.Training.NameOfFolder,
                History = history,
                Pipeline = description,
                Command = $"mlpipe run {run.PipelinePath}",
            }, terminal.Cancellation);
            EvaluationSummary.Write(terminal, metrics);
            terminal.Line($"mistakes: {Counted.Of(mistakes.Mistakes.Length, "image")} in {mistakes.Folder}");
            EvaluationSummary.WriteFiles(terminal, run);
            if (asked.Code is { } name)
                ModelProgram.Write(terminal, run.Folder, name, run.PathOf(name), isWeb: false);
            return BadFiles.ExitCodeOf(metrics, asked.Training.FailOnBadFiles);
        }

        // What is drawn is of what is learnt now.
        Action<string> Begins(IProgress<WorkProgress> bar) => name =>
        {
            bar.Report(new((long)clock.Elapsed.TotalSeconds, name));
            curves.Clear();
        };
    }

    static (ITransformer Model, TrainingHistory History, ImageRecipe Recipe, bool IsOfTrial) Build(Terminal terminal, MLContext ml,
        BuildSettings asked,
        (TrainingImages Sets, ImmutableArray<NamedBuildNetwork> Named) given,
        (RunFolder Folder, Action<string> Begins, Action<EpochMetrics> Epochs) run)
    {
        var training = asked.Training;
        using var build = new ImageBuild(ml.MulticlassClassification, given.Sets.Learnt, new()
        {
            Time = asked.IsTimed ? TimeSpan.FromMinutes(asked.Minutes) : null,
            Trials = asked.Trials,
            TestSet = given.Sets.Tested,
            ValidationSet = given.Sets.Watched,
            Networks = [.. given.Named.Select(one => one.Network)],
            Resizing = training.Resizing,
            WorkspacePath = run.Folder.Folder,
            Device = training.Device,
            Workers = training.Workers,
            Progress = new BuildTable(terminal),
            Begins = run.Begins,
            Epochs = run.Epochs,
            Steps = terminal.Line,
            CancellationToken = terminal.Cancellation,
        });
        build.Tell();
        var (recipe, search) = build.Search();
        AtomicFile.WriteWithFolder(run.Folder.PathOf("trials.csv"), search.ToCsv());
        terminal.Line(search.End switch
        {
            SearchEnd.Time => "no more trials: none of those left, with the last training and test behind it, would end in time",
            SearchEnd.Trials => "no more trials: as many as were asked for",
            _ => "no more trials: all were made",
        });
        terminal.Line($"chosen:   {search.Reason}");
        terminal.Result(new() { ["event"] = "chosen", ["candidate"] = search.Chosen, ["reason"] = search.Reason });
        var (model, history) = build.Last(recipe, search.IsOfTrial);
        run.Folder.Restore();
        ml.Model.SaveAsOnnx(model, run.Folder.ModelPath, given.Sets.Learnt.Schema);
        AtomicFile.Write(run.Folder.ZipPath, stream => ml.Model.Save(model, given.Sets.Learnt.Schema, stream));
        run.Folder.WriteHistory(history);
        return (model, history, recipe, search.IsOfTrial);
    }

    // As a training writes it that is asked for what was chosen, so that 'train --pipeline' makes the same model again.
    static (IDataView Test, JsonObject Description) WriteDescription(Terminal terminal, MLContext ml, BuildSettings asked,
        (TrainingImages Sets, ImmutableArray<NamedBuildNetwork> Named) given,
        (RunFolder Folder, ImageRecipe Recipe, bool IsOfTrial, ITransformer Model) made)
    {
        var recipe = made.Recipe;
        var settings = asked.Training with
        {
            Size = recipe.Side,
            Resizing = recipe.Resizing,
            Network = recipe.Network is not { } network ? null
                : given.Named.FirstOrDefault(one => ReferenceEquals(one.Network, network))?.Asked ?? network.Name,
            FromScratch = recipe.IsFromScratch,
            ChosenHead = recipe.Head is { } head ? HeadKinds.Named(head.GetType().Name) : null,
            FineTuneEpochs = recipe.FineTuneEpochs,
            Epochs = recipe.Epochs,
            ChosenAugmentations = [.. recipe.Changes],
            // A trial watches those that candidates are chosen by.
            WatchedShare = made.IsOfTrial && given.Sets.Watched is null ? new ImageBuildOptions().ValidationFraction : null,
        };
        var pipeline = TrainingPipeline.Of(terminal, ml, settings, given.Sets.Learnt);
        var data = given.Sets.Divide(ml, pipeline.LearnsAtOnce, settings.WatchedShare);
        var description = TrainingRun.Description(ml, given.Sets, data, pipeline.Settings, pipeline);
        description["candidate"] = recipe.Name;
        TrainingRun.NoteChoices(description, made.Model.Steps().OfType<ImageClassifier>().Single());
        made.Folder.WritePipeline(description);
        return (data.TestSet, description);
    }

    static RunFolder FolderOf(Terminal terminal, TrainingSettings settings, MLContext ml)
    {
        var name = settings.Name ?? settings.NameOfFolder;
        return TrainingRun.ToResume(terminal, settings)
            ?? RunFolder.Create(settings.Output.Path, name, new JsonObject
            {
                ["mlpipelines"] = SavedStep.LibraryVersion,
                ["name"] = name,
                ["folder"] = Path.GetFullPath(settings.Folder),
                ["seed"] = ml.Data.Host().Seed(),
            });
    }

    static ImmutableArray<NamedBuildNetwork> Named(Terminal terminal, MLContext ml, BuildSettings asked, TrainingImages sets) =>
        [.. asked.Networks.Select(text => NamedBuildNetwork.Read(terminal, ml, asked.Training with { Network = text }, sets))];
}
