using System.Collections.Immutable;
using Microsoft.ML.Runtime;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A build of a classifier of images: a look at them, a search among recipes, and the last training of the one chosen.</summary>
sealed class ImageBuild : IDisposable
{
    const int MostChecked = 1000, LeastOfClass = 10, MostRungs = 3, ShownFindings = 2;

    readonly MulticlassClassificationCatalog catalog;
    readonly IHostEnvironment host;
    readonly ImageBuildOptions options;
    readonly TimeProvider clock = TimeProvider.System;
    readonly long begun;
    readonly string place;
    readonly bool hasPaths;
    readonly ImmutableArray<ImageCandidate> candidates;
    readonly TrialModels models;

    /// <param name="catalog">Whose context it uses.</param>
    /// <param name="data">Rows with ImagePath or Image, and Label.</param>
    /// <param name="options">What it may use, and where it ends.</param>
    /// <exception cref="ArgumentException">A column is missing, there are fewer than two classes, or there is nothing to try.</exception>
    /// <exception cref="InvalidDataException">No picture can be read, or a part comes to nothing.</exception>
    public ImageBuild(MulticlassClassificationCatalog catalog, IDataView data, ImageBuildOptions options)
    {
        begun = clock.GetTimestamp();
        (this.catalog, this.options, host) = (catalog, options, catalog.Host());
        hasPaths = data.Schema.FindText(RowSelection.PathColumn) is not null;
        if (!hasPaths && data.Schema.GetColumnOrNull("Image")?.Type is not ImageDataViewType)
            throw new ArgumentException("Build: the data has neither a column ImagePath of texts nor a column Image of images, needs one. "
                + "ml.Data.LoadFromImageFolder gives the first.", nameof(data));
        Data = new(host, data, options);
        place = options.WorkspacePath ?? Path.Combine(Path.GetTempPath(), $"mlpipelines-build-{Guid.NewGuid():N}");
        models = new(host, ModelFolder, areWhole: options.ValidationSet is not null);
        Look = ImageLook.At(hasPaths ? Opened(data) : data, options.CancellationToken);
        candidates = Candidates();
        foreach (var candidate in candidates)
            candidate.OfName = candidates.ToDictionary(one => one.Name, StringComparer.Ordinal);
    }

    /// <summary>The images, divided.</summary>
    public ImageBuildData Data { get; }

    /// <summary>What they are like.</summary>
    public ImageLook Look { get; }

    /// <summary>Says what the images are like, and what is wrong with some of them.</summary>
    public void Tell()
    {
        if (options.Steps is not { } tell)
            return;
        var counts = host.DataCatalog().CountClasses(Data.Rest);
        tell($"{Data.Sizes.Rest + Data.Sizes.Test} images of {Data.Classes} classes, about {Look.Width}×{Look.Height} pixels, the largest "
            + $"class {counts.Imbalance:0.#} times the smallest: {Data.Sizes.Learnt} to learn from, {Data.Sizes.Validation} to choose by, "
            + $"{Data.Sizes.Test} to test with, which no choice sees");
        var looked = ImageLook.Spread(Data.Rest, MostChecked);
        var report = host.DataCatalog().Check([new SurveyedPart("looked at", looked)], new()
        {
            Workers = options.Workers ?? Environment.ProcessorCount,
            CancellationToken = options.CancellationToken,
        });
        foreach (var line in FindingsText.Render(report, ShownFindings, "mlpipe dataset check").TrimEnd().Split('\n'))
            tell(line);
        tell("");
    }

    /// <summary>Tries candidates, and chooses one.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (ImageRecipe Recipe, BuildSearch Search) Search()
    {
        var rungs = 1 + (int)Math.Log((double)Data.Sizes.Learnt / (LeastOfClass * Data.Classes), SuccessiveHalving.Factor);
        var halving = new SuccessiveHalving([.. candidates], SuccessiveHalving.SharesOf(Math.Clamp(rungs, 1, MostRungs)));
        var store = options.WorkspacePath is null ? null : new TrialStore(Path.Combine(place, "trials"),
            BuildIdentity.Of(Data, candidates, halving.Shares, options.Seed ?? host.Seed()));
        var search = new TrialSearch(halving, new(options.Time, options.Trials), store, clock) { Begins = options.Begins };
        var end = search.Run(clock.GetElapsedTime(begun), trial => options.Progress?.Report(trial), options.CancellationToken);
        var left = options.Time - clock.GetElapsedTime(begun);
        var (leader, decided) = search.Leader(left);
        var (ending, isOfTrial) = search.EndOf(leader, left);
        if (ending > left)
            options.Steps?.Invoke($"the last {(isOfTrial ? "test takes" : "training and test take")} about {ending.TotalMinutes:0.0} "
                + $"minutes, which are no longer left of {options.Time!.Value.TotalMinutes:0.#}. Give more time, or fewer images, where "
                + "that is too long.");
        var recipe = candidates.Single(one => one.Name == leader.Name).Recipe;
        var isBest = halving.Leader(search.Finished).Candidate == leader;
        return (recipe, new(recipe.Name, [.. search.Finished], end, $"{Choice(recipe, decided, search.Finished, isBest)} "
            + (isOfTrial ? OfTrial : "") + Others(recipe, search.Finished, end))
        {
            IsOfTrial = isOfTrial
        });
    }

    string OfTrial => $"The model is that of this trial, which has learnt from {Data.Sizes.Learnt} of {Data.Sizes.Rest} images: there is "
        + "no time to learn from all of them. ";

    /// <summary>Trains the recipe on all images but those of the report, or takes the model of its trial.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="isOfTrial">Whether the model is that of the trial.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (ITransformer Model, TrainingHistory History) Last(ImageRecipe recipe, bool isOfTrial)
    {
        if (isOfTrial || models.AreWhole && models.Has(recipe.Name))
            return models.Load(recipe.Name);
        options.Begins?.Invoke($"{recipe.Name}, on all");
        var epochs = new List<EpochMetrics>();
        var training = new Training(recipe, Data.Rest) { Epochs = epochs.Add };
        var model = Fit(recipe.LearnsAtOnce ? training
            : training with { Rows = Data.LastInSteps.Learnt, Watched = Data.LastInSteps.Watched, IsPart = options.ValidationSet is null },
            options.CancellationToken);
        return (model, new(epochs) { KeptEpoch = model.Steps().OfType<ImageClassifier>().Single().KeptEpoch });
    }

    /// <summary>Removes what only trials need: features, and all of it where there is no workspace.</summary>
    public void Dispose()
    {
        if (options.WorkspacePath is not null && options.CancellationToken.IsCancellationRequested)
            return;
        foreach (var rest in options.WorkspacePath is null ? [place] : new[] { FeatureFolder, ModelFolder })
            if (Directory.Exists(rest))
                Directory.Delete(rest, recursive: true);
    }

    string FeatureFolder => Path.Combine(Path.GetFullPath(place), "features");

    string ModelFolder => Path.Combine(Path.GetFullPath(place), "trials", "models");

    ImmutableArray<ImageCandidate> Candidates()
    {
        var networks = BuildNetwork.AtHand(options.ModelFolder).Concat(options.Networks).Where(network => network.TakesImages)
            .DistinctBy(network => network.Name);
        var found = ImageRecipes.For(Look, Data.Sizes.Learnt, networks).Select(Resized).Select(recipe =>
            new ImageCandidate(recipe, Data.Sizes, Work(recipe), recipe.Network is { } network
                ? pictures => Rehearsal(network.Network.Build(recipe.Side, recipe.Side, network.Network.TakenChannels ?? 3), pictures)
                : null, Try, models)).ToArray();
        // The cheapest first, so that little time gives something; which is cheapest does not depend on the machine.
        return found.Length > 0 ? [.. found.OrderBy(one => one.CostOf(1, []).Amount)]
            : throw new ArgumentException("Build: there is no network that has learnt already, needs one for pictures of "
                + $"{Look.Width}×{Look.Height} pixels. Reference the package MlPipelines.ResNet18, or give Networks.");
    }

    ImageRecipe Resized(ImageRecipe recipe) => recipe with
    {
        Resizing = options.Resizing ?? (hasPaths ? Cropping.Usual(Data.Rest, recipe.Side, recipe.Side, StepsOf(recipe)).Kind
            : ResizingKind.IsoCrop),
    };

    long StepsOf(ImageRecipe recipe) => recipe.FineTuneEpochs is { } epochs
        ? epochs * LearningOptions.StepsOver(Data.Sizes.Rest,
            TrainingPlanner.BatchFor(new LearningOptions().BatchSize, Data.Sizes.Rest)) : 0;

    double Work(ImageRecipe recipe) => NetworkWork.Of(recipe.Whole(Data.Classes)
        .Build(recipe.Side, recipe.Side, recipe.Network?.Network.TakenChannels ?? 3));

    // Black pictures take as long as others. The first batch prepares the network for its size, and is not timed.
    (Action Run, IDisposable Prepared) Rehearsal(Graph network, int pictures)
    {
        var session = new Session(OnnxFile.Write(network.Initialize(0)), new() { Device = options.Device ?? host.Device() });
        var input = session.Inputs[0];
        var batch = new Dictionary<string, Tensor> { [input.Name] = Tensor.Zeros(input.Type, input.Shape.With(0, pictures)) };
        session.Run(batch, options.CancellationToken);
        return (() => session.Run(batch, options.CancellationToken), session);
    }

    TrialScore Try(ImageRecipe recipe, double share, CancellationToken cancellation)
    {
        var training = new Training(recipe, Data.ShareOf(share));
        if (!recipe.LearnsAtOnce)
            return TryInSteps(training, share >= 1, cancellation);
        // Features of those that candidates are chosen by are kept too, so that a second head need not compute them again.
        var (last, skipped) = ((EpochMetrics?)null, new HashSet<string>(StringComparer.Ordinal));
        using var head = Fit(training with
        {
            Watched = Data.Validation,
            Epochs = epoch => last = epoch,
            Skipped = row => skipped.Add(row.Path),
        }, cancellation);
        var count = (int)Data.Sizes.Validation - (hasPaths && skipped.Count > 0
            ? Data.Validation.GetColumn<string>(RowSelection.PathColumn).Count(skipped.Contains) : 0);
        return new((int)Math.Round(last!.ValidationAccuracy!.Value * count), count, last.ValidationLoss!.Value);
    }

    // On all images to learn from it is the last training but for those that candidates are chosen by, which it watches: its model is
    // kept.
    TrialScore TryInSteps(Training training, bool isWhole, CancellationToken cancellation)
    {
        var (recipe, epochs) = (training.Recipe, new List<EpochMetrics>());
        using var model = Fit(isWhole ? training with { Watched = Data.Validation, Epochs = epochs.Add } : training, cancellation);
        var report = catalog.Report(model.Transform(Data.Validation), cancellation: cancellation);
        var kept = model.Steps().OfType<ImageClassifier>().Single().KeptEpoch;
        // A head that is kept in place of the fine-tuned network would be solved again from those that are watched too.
        if (isWhole && (models.AreWhole || recipe.FineTuneEpochs is null || kept > 1))
            models.Keep(recipe.Name, model, training.Rows.Schema, new(epochs) { KeptEpoch = kept });
        return new((int)Math.Round(report.MicroAccuracy * report.RowCount), report.RowCount, report.LogLoss);
    }

    TransformerChain<ITransformer> Fit(Training training, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var recipe = training.Recipe;
        var trainer = recipe.Options(Data.Classes) with
        {
            ValidationSet = training.Watched is { } watched ? Loaded(recipe, watched) : null,
            EpochCallback = recipe.LearnsAtOnce ? training.Epochs : options.Epochs + training.Epochs,
            Skipped = training.Skipped,
            Workers = options.Workers,
            Device = options.Device,
            Seed = options.Seed,
            CancellationToken = cancellation,
            ReuseTrainSetBottleneckCachedValues = true,
            ReuseValidationSetBottleneckCachedValues = true,
            TrainSetBottleneckCachedValuesFileName = FeatureFolder,
            ValidationSetBottleneckCachedValuesFileName = FeatureFolder,
        };
        trainer.Samples = trainer.Samples with { IsValidationPart = training.IsPart };
        var model = Chain(recipe, [new ImageClassificationTrainer(host, trainer)]).Fit(training.Rows);
        if (!cancellation.IsCancellationRequested)
            return model;
        // What was learnt until then is not what was asked for.
        model.Dispose();
        throw new OperationCanceledException(cancellation);
    }

    EstimatorChain<ITransformer> Chain(ImageRecipe recipe, IEstimator<ITransformer>[] trainer)
    {
        IEnumerable<IEstimator<ITransformer>> steps =
        [
            .. hasPaths ? [Loader(recipe)] : Array.Empty<IEstimator<ITransformer>>(),
            .. recipe.Changes.IsEmpty ? Array.Empty<IEstimator<ITransformer>>()
                : [new StepEstimator<ImageAugmentingTransformer>(host,
                    new("Image", "Image", options.Seed ?? host.Seed(), [.. recipe.Changes]))],
            .. trainer,
            host.TransformsCatalog().Conversion.MapKeyToValue("PredictedLabel"),
        ];
        return steps.Aggregate(new EstimatorChain<ITransformer>(), (chain, step) => chain.Append(step));
    }

    IDataView Loaded(ImageRecipe recipe, IDataView rows) => hasPaths ? Loader(recipe).Fit(rows).Transform(rows) : rows;

    StepEstimator<ImageLoader> Loader(ImageRecipe recipe) => host.TransformsCatalog().LoadImages("Image", RowSelection.PathColumn,
        recipe.Side, recipe.Side, recipe.Resizing, grayscale: recipe.Network is { IsGrey: true },
        keepAlpha: recipe.Network is { TakesAlpha: true });

    IDataView Opened(IDataView data) =>
        host.TransformsCatalog().LoadImages("Image", RowSelection.PathColumn, grayscale: false).Fit(data).Transform(data);

    static string Choice(ImageRecipe chosen, BuildTrial decided, IReadOnlyList<BuildTrial> trials, bool isBest)
    {
        var tried = trials.Select(trial => trial.Candidate).Distinct().Count();
        return $"{chosen.Name}: right of {decided.Accuracy:0.0%} of the {decided.Count} images to choose by (log-loss "
            + $"{decided.LogLoss:0.000}), which is the best of {Counted.Of(tried, "candidate")} within one standard error"
            + (isBest ? "." : ", of those whose last training ends in time.");
    }

    // What a network from scratch, or one that has learnt already, came to, whichever was not chosen.
    string Others(ImageRecipe chosen, IReadOnlyList<BuildTrial> trials, SearchEnd end)
    {
        var (kind, isThere) = chosen.IsFromScratch
            ? ("On a network that has learnt already", candidates.Any(one => !one.Recipe.IsFromScratch))
            : ("From scratch", Look.ReasonForScratch is not null);
        if (Best(trials, isFromScratch: !chosen.IsFromScratch) is { } other)
            return $"{kind} the best was {other.Candidate}, with {other.Accuracy:0.0%} from {other.Share:0%} of the images to learn from.";
        return $"{kind} nothing was tried: " + (isThere ? end == SearchEnd.Trials ? "as many trials as were asked for came before it."
                : "none of its trials would have ended in time."
            : chosen.IsFromScratch ? "no such network is at hand."
            : $"colour pictures of {Look.Width}×{Look.Height} pixels are of the kind that networks have learnt.");
    }

    BuildTrial? Best(IReadOnlyList<BuildTrial> trials, bool isFromScratch) => trials
        .Where(trial => candidates.Single(one => one.Name == trial.Candidate).Recipe.IsFromScratch == isFromScratch)
        .OrderByDescending(trial => trial.Accuracy).FirstOrDefault();

    /// <summary>One training.</summary>
    /// <param name="Recipe">How.</param>
    /// <param name="Rows">What is learnt from.</param>
    sealed record Training(ImageRecipe Recipe, IDataView Rows)
    {
        /// <summary>What is watched; null for what the trainer takes.</summary>
        public IDataView? Watched { get; init; }

        /// <summary>Whether it was taken from those to learn from.</summary>
        public bool IsPart { get; init; }

        public Action<EpochMetrics>? Epochs { get; init; }

        public Action<SkippedRow>? Skipped { get; init; }
    }
}
