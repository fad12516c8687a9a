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
    /// <param name="terminal">Where it is said.</param>
    /// <param name="ml">The context.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="images">Images to learn from; where no network is named, some are looked at to choose one.</param>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is no network, or no model of this library.</exception>
    public static TrainingPipeline Of(Terminal terminal, MLContext ml, TrainingSettings asked, LabelledImages images)
    {
        var earlier = asked.From is { } from ? Earlier(ml, from) : null;
        var packaged = asked.Network is null && !asked.FromScratch ? Packaged(terminal, asked, images, earlier) : null;
        var settings = asked with { UsesPackaged = packaged is not null };
        var named = settings.Network is { } network
            ? NamedNetwork.Read(network, settings.Preprocessing, PretrainedModel.All, settings.Part)
            : packaged is null ? null : NamedNetwork.Of(packaged);
        if (named is null && settings.LearntOption is { } option)
            throw new InvalidDataException(
                $"{option}: is about a network that has learnt already, and these images are learnt from scratch. "
                + "Leave it out, or name a network with --network; 'mlpipe models list' shows some.");
        named?.InputOf(settings.Size);
        named?.CheckTakesImages();
        named = named?.PreparedAs(earlier?.Preprocessing);
        if (settings.FreezeUpTo is { } layer)
            ErrorMessage.Naming($"{named!.Name}, --freeze", () => named.Network.CutAt(layer));
        if (named is { TakesAlpha: true })
            TellOfOpaque(terminal, named, images);
        var pipeline = new TrainingPipeline(ml, settings, named, earlier);
        return pipeline.Resized(terminal, images);
    }

    static void TellOfOpaque(Terminal terminal, NamedNetwork named, LabelledImages images)
    {
        const int most = 9;
        Imaging.Image[] looked = [.. SomeImages.Of(images, most, keepsAlpha: true)];
        if (looked.Length > 0 && !Array.Exists(looked, image => image.IsTransparent))
            terminal.Line($"{named.Name}: takes alpha, and none of {looked.Length} images looked at is transparent anywhere: it is 255");
    }

    // Where nothing says how images were or are to be brought to the size, it is by what most lose least.
    TrainingPipeline Resized(Terminal terminal, LabelledImages images)
    {
        if ((settings.Resizing ?? named?.LearntResizing ?? earlier?.Resize) is { } known)
            return With(known);
        var steps = settings.FineTuneEpochs is null ? 0 : StepsOver(images.RowCount)?.Steps ?? 0;
        var (usual, reason) = Cropping.Usual(images, Width, Height, steps);
        if (reason is null)
            return With(named?.Model?.Resize ?? usual);
        terminal.Line($"resizing: {ResizingText.Of(usual)}, as {reason}; --resizing takes another");
        return With(usual);

        TrainingPipeline With(ResizingKind kind) => new(ml, settings with { Resizing = kind }, named, earlier);
    }

    /// <summary>What is asked for, with what was chosen where nothing was said.</summary>
    public TrainingSettings Settings => settings;

    /// <summary>The network that it starts from; null for one from scratch.</summary>
    public NamedNetwork? Named => named;

    /// <summary>Whether an earlier model is gone on from that does not say what it has learnt from.</summary>
    public bool IsOfUnknownOrigin => earlier is { LearntFrom: null };

    /// <summary>The same with the preprocessing that suits its network best on these images, where it is not known. It says what is
    /// done.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="train">Images to learn from.</param>
    public TrainingPipeline Prepared(Terminal terminal, IDataView train)
    {
        if (named is null)
            return this;
        var prepared = named.IsGuessed ? new TrainingPipeline(ml, settings, Compared(terminal, named, train), earlier) : this;
        var colours = named.IsGrey ? ", grey" : named.TakesAlpha ? ", with alpha" : "";
        terminal.Line($"{named.Name}: {Width}×{Height} pixels{colours}, preprocessing "
            + prepared.named!.PreprocessingInWords);
        return prepared;
    }

    NamedNetwork Compared(Terminal terminal, NamedNetwork named, IDataView train)
    {
        var options = Options(train, default, run: null, display: null, skipped: null, terminal.Cancellation) with
        {
            Network = named.Network,
            FineTuning = null,
        };
        var compared = ml.MulticlassClassification.Trainers.ImageClassification(options).ComparePreprocessings(Prepare.Fit(train)
            .Transform(train));
        var best = compared.Best(named.Network.Preprocessing);
        terminal.Line($"{named.Path}: what it wants done with pixels is not known; a linear head on {compared.Images} images, each left "
            + $"out in turn: {PreprocessingText.Of(compared)}. {PreprocessingText.Of(best)} is taken; --preprocessing takes another.");
        return named with { Network = named.Network.With(best), IsGuessed = false };
    }

    /// <summary>Epochs that are told of.</summary>
    public int Epochs => settings switch
    {
        _ when LearnsAtOnce => 1,
        { FineTuneEpochs: not null } => settings.Epochs + 1,
        _ => settings.Epochs,
    };

    // The packaged network where pictures that are looked at are of its kind; why not, where nearly all are not.
    static PackagedNetwork? Packaged(Terminal terminal, TrainingSettings settings, LabelledImages images, ImageClassifier? earlier)
    {
        if (PackagedNetwork.Find() is not { } packaged)
            return null;
        if (earlier is not null)
            return WarmStart.IsOf(earlier, packaged.Network) ? packaged : null;
        var reason = (settings with { UsesPackaged = true }) is { Head: { } head, StepOption: { } step } && !head.HasEpochs()
            ? $"{step}, which a head on {packaged.Name} does not follow (--fine-tune N trains that in epochs)"
            : DefaultNetwork.ReasonForScratch(images, settings.Size);
        if (reason is null)
        {
            terminal.Line($"network: {packaged.Name}, which has learnt ImageNet's photographs"
                + $"{(settings.FineTuneEpochs is null ? ", with a new head" : "")}; --from-scratch or --network takes another");
            return packaged;
        }
        terminal.Line($"network: a small one from scratch, for {reason}; --network takes another");
        return null;
    }

    /// <summary>What is told of a training on these images.</summary>
    public TrainingLength Length(ImageDataCatalog.TrainValidationTestData data) => new(Epochs,
        data.TrainSet.CountRows() * (Variants ?? 1) + data.ValidationSet.CountRows(),
        LearnsAtOnce ? $"{settings.Head.ToString()!.ToLowerInvariant()} head" : null);

    /// <summary>The most steps over so many images to learn from, and images in each; null where all is learnt at once.</summary>
    public (long Steps, int Batch)? StepsOver(long samples) => LearnsAtOnce ? null
        : (settings.Epochs * LearningOptions.StepsOver(samples, BatchFor(samples)), BatchFor(samples));

    /// <summary>Numbers that the network's features of one image are; null where no classifier is learnt on them.</summary>
    public long? FeatureLength => named is null || settings is { Head: null, FineTuneEpochs: null } ? null
        : named.Network.CutAtFeatures().Finished().Build(Height, Width, named.IsGrey ? 1 : named.TakesAlpha ? 4 : 3)
            .Outputs[0].Value.Shape.With(0, 1).Length;

    /// <summary>What the network is called.</summary>
    public string NetworkName => named?.Name ?? nameof(Architectures.SmallCnn);

    int? Variants => settings.Head is not null && settings.Augmentations.Length > 0 ? settings.Variants : null;

    /// <summary>Whether all is learnt at once, so that nothing is chosen by images that are watched.</summary>
    public bool LearnsAtOnce => settings.Head is { } head && !head.HasEpochs();

    string? Features => settings.Cache ? Path.GetFullPath(Path.Combine(settings.Output.Path, ".cache", "features")) : null;

    /// <summary>Width of the images that are learnt from.</summary>
    public int Width => settings.Size ?? Takes?.Width ?? TrainingSettings.DefaultSize;

    /// <summary>Their height.</summary>
    public int Height => settings.Size ?? Takes?.Height ?? TrainingSettings.DefaultSize;

    Input? Takes => named?.Network.Takes ?? named?.Model?.Takes;

    ResizingKind Resizing => settings.Resizing ?? ResizingText.Default;

    /// <summary>The steps that images of every set go through.</summary>
    public IEstimator<ITransformer> Prepare => ml.Transforms.LoadImages("Image", "ImagePath", Width, Height, Resizing,
        grayscale: named is { IsGrey: true }, keepAlpha: named is { TakesAlpha: true });

    /// <summary>The steps of images to learn from. Without augmentations there is no step for them, which would count as random.</summary>
    public IEstimator<ITransformer> PrepareLearning =>
        settings.Augmentations.Length == 0 ? Prepare : Prepare.Append(ml.Transforms.AugmentImages("Image", settings.Augmentations));

    /// <summary>The trainer's options.</summary>
    /// <param name="train">Images to learn from.</param>
    /// <param name="watched">Images to watch, null for none; and whether they were taken from those to learn from.</param>
    /// <param name="run">Folder of the run; null where nothing is kept.</param>
    /// <param name="display">Who is told; null for nobody.</param>
    /// <param name="skipped">Told of images that cannot be read; null for nobody.</param>
    /// <param name="cancellation">Ends training.</param>
    public ImageClassificationTrainer.Options Options(IDataView train, (IDataView? Images, bool ArePart) watched, string? run,
        TrainingDisplay? display, Action<SkippedRow>? skipped, CancellationToken cancellation)
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
            CheckpointSteps = settings.CheckpointSteps,
            CheckpointSeconds = settings.CheckpointSeconds,
            ReuseTrainSetBottleneckCachedValues = settings.Cache,
            ReuseValidationSetBottleneckCachedValues = settings.Cache,
            TrainSetBottleneckCachedValuesFileName = Features,
            ValidationSetBottleneckCachedValuesFileName = Features,
            ValidationSet = watched.Images is { } images ? Prepare.Fit(train).Transform(images) : null,
            Workers = settings.Workers,
            FailOnBadImages = settings.FailOnBadFiles,
            Device = settings.Device,
            Progress = display,
            MetricsCallback = display is null ? null : display.Report,
            CancellationToken = cancellation,
        };
        options.Samples = options.Samples with { IsValidationPart = watched.ArePart };
        options.Output = options.Output with { RefusesOtherRuns = true };
        return LearnsAtOnce ? options : options with
        {
            FineTuning = settings.FineTuneEpochs is not null ? new() : null,
            Epoch = settings.Epochs,
            BatchSize = settings.Batch,
            LearningRate = settings.LearningRate,
            Optimizer = settings.Optimizer,
            LearningRateScheduler = settings.FineTuneEpochs is not null ? new ConstantRate() : settings.Schedule,
            SynchronizedNormalization = settings.SynchronizedNormalization,
            StepProgress = display,
        };
    }

    /// <summary>What is worth writing down of it: each value once, under its option's name where it has one.</summary>
    /// <param name="samples">Images to learn from.</param>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Describe(long samples) =>
    [
        new("width", Width),
        new("height", Height),
        new("resizing", ResizingText.Of(Resizing)),
        new("network", named?.Asked ?? nameof(Architectures.SmallCnn)),
        new("networkOutput", settings.Part.Output),
        new("cut", settings.Part.Cut),
        new("networkSha256", named is null ? null : Checksum.OfFile(named.Path, unzipped: false)),
        new("preprocessing", named?.PreprocessingInWords),
        new("head", settings.Head is { } head ? PipelineFile.Members(head.Create()) : null),
        new("freeze", settings.Head is null ? settings.Freeze?.ToString() : null),
        new("variants", Variants),
        new("labelSmoothing", settings.LabelSmoothing),
        new("from", settings.From is { } from ? Path.GetFullPath(from) : null),
        new("fromSha256", settings.From is { } model ? Checksum.OfFile(model, unzipped: false) : null),
        .. LearnsAtOnce ? [] : Steps(samples),
    ];

    // The rate stands once, and not as one of the optimizer's or of fine-tuning's own, which it replaces.
    IEnumerable<KeyValuePair<string, JsonNode?>> Steps(long samples) =>
    [
        settings.FineTuneEpochs is { } epochs ? new("fineTune", epochs) : new("epochs", settings.Epochs),
        new("batch", BatchFor(samples)),
        new("learningRate", settings.PeakLearningRate
            ?? new FineTuning().RateFor(StepsOver(samples)!.Value.Steps, isSolved: true)),
        new("optimizer", PipelineFile.Members(settings.Optimizer)),
        settings.FineTuneEpochs is null ? new("schedule", PipelineFile.Members(settings.Schedule))
            : new("fineTuning", PipelineFile.Members(new FineTuning())),
        new("earlyStopping", new ImageClassificationTrainer.Options().EarlyStoppingCriteria is { } rule
            ? PipelineFile.Members(rule) : "none"),
    ];

    int BatchFor(long samples) => settings.FineTuneEpochs is null ? settings.Batch : TrainingPlanner.BatchFor(settings.Batch, samples);

    Network Network(IDataView train)
    {
        if (named is not null && settings.Head is not null)
            return named.Network;
        var classes = ml.Data.CountClasses(train).Classes.Select(one => one.Name).Union(earlier?.Labels ?? []).Count();
        if (named is null)
            return Architectures.SmallCnn(classes);
        // A model of an earlier run remembers what was frozen in it.
        var whole = named.Network.Unfreeze().WithClassifier(new Dense(classes));
        return settings.FreezeUpTo is { } layer ? whole.Freeze(layer) : whole;
    }

    static ImageClassifier Earlier(MLContext ml, string path) =>
        ml.Model.LoadModel(ModelFile.Existing(path)).Steps().OfType<ImageClassifier>().SingleOrDefault()
        ?? throw new InvalidDataException(
            $"{path}: holds no classifier of images, --from needs one. Give a model that 'mlpipe train' left.");
}
