using System.Text.Json;
using System.Text.Json.Nodes;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>What settings come to: the steps before the network, the network, and the trainer's options.</summary>
sealed class TrainingPipeline
{
    readonly MLContext ml;
    readonly TrainingSettings settings;
    readonly NamedNetwork? named;
    readonly ImageClassifier? earlier;

    TrainingPipeline(MLContext ml, TrainingSettings settings, NamedNetwork? named, ImageClassifier? earlier) =>
        (this.ml, this.settings, this.named, this.earlier) = (ml, settings, named, earlier);

    /// <summary>Reads the network and the earlier model, if there are any, and says what is taken for what was not said.</summary>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is no network, or no model of this library.</exception>
    public static TrainingPipeline Of(Terminal terminal, MLContext ml, TrainingSettings settings)
    {
        var named = settings.Network is { } network ? NamedNetwork.Read(network, settings.Preprocessing, PretrainedModel.All) : null;
        named?.InputOf(settings.Size);
        if (settings.FreezeUpTo is { } layer)
            named!.Network.CutAt(layer);
        var pipeline = new TrainingPipeline(ml, settings, named, settings.From is { } from ? Earlier(ml, from) : null);
        return pipeline;
    }

    /// <summary>The same with the preprocessing that suits its network best on these images, where it is not known. It says what is
    /// done.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="train">Images to learn from.</param>
    public TrainingPipeline Prepared(Terminal terminal, IDataView train)
    {
        if (named is null)
            return this;
        var prepared = named.IsGuessed ? new TrainingPipeline(ml, settings, Compared(terminal, named, train), earlier) : this;
        terminal.Line($"{named.Path}: {Width}×{Height} pixels, preprocessing {prepared.named!.PreprocessingInWords}");
        return prepared;
    }

    NamedNetwork Compared(Terminal terminal, NamedNetwork named, IDataView train)
    {
        var options = Options(train, watched: null, run: null, display: null, skipped: null, terminal.Cancellation) with
        {
            Network = named.Network,
            FineTuning = null,
        };
        var compared = ml.MulticlassClassification.Trainers.ImageClassification(options).ComparePreprocessings(Prepare.Fit(train)
            .Transform(train));
        var best = compared.Best(named.Network.Preprocessing);
        var shares = compared.Tried.Select(one => $"{PreprocessingText.Of(one.Preprocessing)} {one.Accuracy:0.0%}");
        terminal.Line($"{named.Path}: what it wants done with pixels is not known; a linear head on {compared.Images} images, each left "
            + $"out in turn: {string.Join(", ", shares)}. {PreprocessingText.Of(best)} is taken; --preprocessing takes another.");
        return named with { Network = named.Network.With(best), IsGuessed = false };
    }

    /// <summary>Epochs that are told of.</summary>
    public int Epochs => settings switch
    {
        _ when LearnsAtOnce => 1,
        { FineTuneEpochs: not null } => settings.Epochs + new FineTuning().FrozenEpochs,
        _ => settings.Epochs,
    };

    /// <summary>What is told of a training on these images.</summary>
    public TrainingLength Length(ImageDataCatalog.TrainValidationTestData data) => new(Epochs,
        data.TrainSet.CountRows() * (Variants ?? 1) + data.ValidationSet.CountRows(),
        LearnsAtOnce ? $"{settings.Head.ToString()!.ToLowerInvariant()} head" : null);

    int? Variants => settings.Head is not null && settings.Augmentations.Length > 0 ? settings.Variants : null;

    string? Features => settings.Cache ? Path.GetFullPath(Path.Combine(settings.Output.Path, ".cache", "features")) : null;

    bool LearnsAtOnce => settings.Head is { } head && !head.HasEpochs();

    int Width => settings.Size ?? Takes?.Width ?? TrainingSettings.DefaultSize;

    int Height => settings.Size ?? Takes?.Height ?? TrainingSettings.DefaultSize;

    Input? Takes => named?.Network.Takes ?? named?.Model?.Takes;

    ResizingKind Resizing => named?.Resizing ?? ResizingKind.IsoCrop;

    /// <summary>The steps that images of every set go through.</summary>
    public IEstimator<ITransformer> Prepare => ml.Transforms.LoadImages("Image", "ImagePath", Width, Height, Resizing);

    /// <summary>The steps of images to learn from. Without augmentations there is no step for them, which would count as random.</summary>
    public IEstimator<ITransformer> PrepareLearning =>
        settings.Augmentations.Length == 0 ? Prepare : Prepare.Append(ml.Transforms.AugmentImages("Image", settings.Augmentations));

    /// <summary>The trainer's options.</summary>
    /// <param name="train">Images to learn from.</param>
    /// <param name="watched">Images to watch; null for none.</param>
    /// <param name="run">Folder of the run; null where nothing is kept.</param>
    /// <param name="display">Who is told; null for nobody.</param>
    /// <param name="skipped">Told of images that cannot be read; null for nobody.</param>
    /// <param name="cancellation">Ends training.</param>
    public ImageClassificationTrainer.Options Options(IDataView train, IDataView? watched, string? run, TrainingDisplay? display,
        Action<SkippedRow>? skipped, CancellationToken cancellation)
    {
        var options = new ImageClassificationTrainer.Options
        {
            FeatureColumnName = "Image",
            Network = Network(train),
            Head = settings.Head?.Create(),
            WarmStart = earlier,
            FeatureVariants = Variants,
            LabelSmoothing = settings.LabelSmoothing,
            ClassWeighting = settings.Weighting,
            Sampling = settings.Sampling,
            Resizing = Resizing,
            Skipped = skipped,
            WorkspacePath = LearnsAtOnce ? null : run,
            ReuseTrainSetBottleneckCachedValues = settings.Cache,
            ReuseValidationSetBottleneckCachedValues = settings.Cache,
            TrainSetBottleneckCachedValuesFileName = Features,
            ValidationSetBottleneckCachedValuesFileName = Features,
            ValidationSet = watched is null ? null : Prepare.Fit(train).Transform(watched),
            Workers = settings.Workers,
            FailOnBadImages = settings.FailOnBadFiles,
            Device = settings.Device,
            Progress = display,
            MetricsCallback = display is null ? null : display.Report,
            CancellationToken = cancellation,
        };
        return LearnsAtOnce ? options : options with
        {
            FineTuning = settings.FineTuneEpochs is not null ? new() : null,
            Epoch = settings.Epochs,
            BatchSize = settings.Batch,
            LearningRate = settings.LearningRate,
            Optimizer = settings.Optimizer,
            LearningRateScheduler = settings.FineTuneEpochs is not null ? new ConstantRate() : settings.Schedule,
            StepProgress = display,
        };
    }

    /// <summary>What is worth writing down of it: each value once, under its option's name where it has one.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Description =>
    [
        new("width", Width),
        new("height", Height),
        new("network", named is null ? nameof(Architectures.SmallCnn) : named.Model?.Name ?? Path.GetFullPath(named.Path)),
        new("networkSha256", named is null ? null : Checksum.OfFile(named.Path, unzipped: false)),
        new("preprocessing", named?.PreprocessingInWords),
        new("head", settings.Head?.Create().ToString()),
        new("freeze", settings.Head is null ? settings.Freeze?.ToString() : null),
        new("variants", Variants),
        new("labelSmoothing", settings.LabelSmoothing),
        new("from", settings.From is { } from ? Path.GetFullPath(from) : null),
        new("fromSha256", settings.From is { } model ? Checksum.OfFile(model, unzipped: false) : null),
        .. LearnsAtOnce ? [] : Steps,
    ];

    // The rate stands once, and not as one of the optimizer's or of fine-tuning's own, which it replaces.
    IEnumerable<KeyValuePair<string, JsonNode?>> Steps =>
    [
        settings.FineTuneEpochs is { } epochs ? new("fineTune", epochs) : new("epochs", settings.Epochs),
        new("batch", settings.Batch),
        new("learningRate", settings.PeakLearningRate),
        new("optimizer", Members(settings.Optimizer)),
        settings.FineTuneEpochs is null ? new("schedule", settings.Schedule.ToString()) : new("fineTuning", Members(new FineTuning())),
        new("earlyStopping", new ImageClassificationTrainer.Options().EarlyStoppingCriteria is { } rule ? Members(rule) : "none"),
    ];

    static JsonObject Members(object settings)
    {
        var members = JsonSerializer.SerializeToNode(settings, settings.GetType(), SavedStep.Json)!.AsObject();
        members.Remove("learningRate");
        members.Insert(0, "kind", settings.GetType().Name);
        return members;
    }

    Network? Network(IDataView train)
    {
        if (named is null || settings.Head is not null)
            return named?.Network;
        // A model of an earlier run remembers what was frozen in it.
        var whole = named.Network.Unfreeze()
            .WithClassifier(new Dense(ml.Data.CountClasses(train).Classes.Select(one => one.Name).Union(earlier?.Labels ?? []).Count()));
        return settings.FreezeUpTo is { } layer ? whole.Freeze(layer) : whole;
    }

    static ImageClassifier Earlier(MLContext ml, string path) =>
        ml.Model.LoadModel(ModelFile.Existing(path)).Steps().OfType<ImageClassifier>().SingleOrDefault()
        ?? throw new InvalidDataException(
            $"{path}: holds no classifier of images, --from needs one. Give a model that 'mlpipe train' left.");
}
