using System.Collections.Immutable;
using Microsoft.ML.Runtime;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>Trains a network on labelled images. It stands in the place of Microsoft.ML.Vision's trainer, by its names,
/// and learns in this library's way.</summary>
public sealed partial class ImageClassificationTrainer : IEstimator<ImageClassifier>
{
    readonly IHostEnvironment host;
    readonly Options options;

    /// <param name="host">Whose seed, device and log it uses.</param>
    /// <param name="options">What is trained and how; they are taken as they are now.</param>
    internal ImageClassificationTrainer(IHostEnvironment host, Options options) => (this.host, this.options) = (host, options with { });

    /// <summary>Trains on <paramref name="input"/>, watching <see cref="ImageClassificationTrainer.Options.ValidationSet"/> or a part of
    /// it.</summary>
    /// <inheritdoc cref="Fit(IDataView, IDataView?)"/>
    public ImageClassifier Fit(IDataView input) => Fit(input, options.ValidationSet);

    /// <summary>Trains on one set and watches another. It goes through each once to collect labels and pictures,
    /// and then learns in an order of its own.</summary>
    /// <param name="trainSet">Samples to learn from.</param>
    /// <param name="validationSet">Samples to watch, with the same columns; null takes a part of the others, as the options say.</param>
    /// <exception cref="ArgumentException">A column is missing, there are fewer than two classes, or the network does not fit.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    /// <exception cref="FileNotFoundException">The file of the <see cref="Options.Arch"/> is not there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before anything was learnt.</exception>
    public ImageClassifier Fit(IDataView trainSet, IDataView? validationSet) =>
        On(trainSet, validationSet, (trainer, data, run) => trainer.Fit(data, run));

    /// <summary>The classifier that training on those samples starts from: the network with its first weights, and with all that is done
    /// with images before it. To be judged before any training, by the metrics that judge what was trained.</summary>
    /// <param name="trainSet">Samples that would be learnt from; they say the classes, and the size of images where the network takes
    /// any.</param>
    /// <remarks>Its weights are those that <see cref="Fit(IDataView)"/> starts from where the <see cref="MLContext"/> has a seed. A head
    /// that is solved at once is drawn at random here.</remarks>
    /// <exception cref="ArgumentException">A column is missing, there are fewer than two classes, or the network does not fit.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    /// <exception cref="FileNotFoundException">The file of the <see cref="Options.Arch"/> is not there.</exception>
    public ImageClassifier Untrained(IDataView trainSet) => On(trainSet, options.ValidationSet, (trainer, data, run) =>
        trainer.Classifier(trainer.Started(trainer.Build(data, run).Initialize(run.Seed), data.Labels), data));

    ImageClassifier On(IDataView trainSet, IDataView? validationSet,
        Func<ImageClassificationTrainer, TrainingData, TrainingRun, ImageClassifier> made)
    {
        ArgumentNullException.ThrowIfNull(trainSet);
        options.CancellationToken.ThrowIfCancellationRequested();
        if (options is { Communicator.Rank: > 0 } and ({ WorkspacePath: not null } or { FinalModelPrefix: not null }))
            // Files are the first process's.
            return new ImageClassificationTrainer(host, options with { WorkspacePath = null, FinalModelPrefix = null })
                .On(trainSet, validationSet, made);
        var run = new TrainingRun(host, options.Execution);
        if (options is { Arch: { } arch, Pretrained: null })
            return new ImageClassificationTrainer(host, Pretrained(options, arch, run)).On(trainSet, validationSet, made);
        if (DefaultNetwork.Chosen(options, trainSet, run) is var chosen && !ReferenceEquals(chosen, options))
            return new ImageClassificationTrainer(host, chosen).On(trainSet, validationSet, made);
        using SampleStore trainStore = new(), validationStore = new();
        return run.Ranks.Trying(() =>
        {
            var data = new DataCollection(options.Model, options.Samples, run)
                .Collect(trainSet, trainStore, validationSet, validationStore);
            return made(new(host, TrainingPlanner.ForSamples(options, data.Train.Count)), data, run);
        });
    }

    ImageClassifier Fit(TrainingData data, TrainingRun run)
    {
        var built = Build(data, run);
        var plan = TrainingPlanner.PlanOf(options.Learning, built, data.Train.Count);
        var network = Started(built.Initialize(run.Seed), data.Labels);
        foreach (var warning in OptionWarnings.Of(options, data, plan))
            run.Warn(warning);
        Agreement.Check(run.Ranks, data, network, run.Seed, options);
        run.TellOfOthers();
        var (trained, kept) = Train(WeightGroups.Trainable(network, plan.Kept, false), plan, data, run);
        var whole = WeightGroups.Trainable(trained.Network, plan.Kept, true);
        run.TellOfOthers();
        if (kept?.Words is { } words)
            run.Say($"kept: {words}.");
        var learnt = LearntContent.Of(LearntOf(data, kept),
            run.Reading(ahead: new RowReading().Prefetch) with { Skipped = null, Fatal = false });
        if (learnt.Contradiction(data.Labels) is { } contradiction)
            run.Warn(contradiction);
        return Saved(Classifier(whole, data) with
        {
            Kept = kept?.Words,
            KeptEpoch = kept?.Epoch,
            L2Regularization = trained.L2Regularization,
            LearntFrom = learnt.Images.With(options.WarmStart?.LearntFrom),
        });
    }

    // A head that is solved again learns from what was watched too.
    static SampleTable LearntOf(TrainingData data, Selection? kept) =>
        kept is { State: null } && data is { IsValidationPart: true, Validation: { } watched } ? data.Train.With(watched) : data.Train;

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        DataCollection.CheckColumns(Shapes.Schema(inputSchema), options.Samples);
        return Shapes.With(inputSchema, Shapes.Scores(options.ScoreColumnName), Shapes.Key(options.PredictedLabelColumnName));
    }

    Graph Started(Graph network, ImmutableArray<string> labels)
    {
        if (options.WarmStart is { Preprocessing: { } was } && Preprocessing is { } now && was != now)
            throw new ArgumentException($"WarmStart: the model was trained with preprocessing {was}, the network has {now}. Give it the "
                + "preprocessing that the model was trained with.");
        return options.WarmStart is { } start ? WarmStart.On(network, start, labels) : network;
    }

    // The network as it is after training, from images to its last layer.
    (FittedHead Trained, Selection? Kept) Train(Graph network, TrainingPlan plan, TrainingData data, TrainingRun run)
    {
        if (options.Head is { Fit: { } fit } head)
        {
            var task = TaskOf(network, data, run);
            var solved = new WholeBatchTraining(task, head, fit, data.Labels.Length, run).Run(LossOf(data, run), options.Sampling);
            run.Report(solved.Metrics, options.BatchSize);
            return (solved.Fitted with { Network = task.Whole(solved.Fitted.Network) }, null);
        }
        // From before the features on: who finds out only afterwards that another trains there has waited for nothing.
        return Checkpoints(network, data, run) is { } checkpoints
            ? FolderLock.Holding(checkpoints.Path, () => InSteps(network, plan, data, run, checkpoints))
            : InSteps(network, plan, data, run, null);
    }

    CategoricalCrossEntropy LossOf(TrainingData data, TrainingRun run) =>
        new(options.LabelSmoothing, LossWeights.Of(data, options.Samples, run));

    TrainingTask TaskOf(Graph network, TrainingData data, TrainingRun run) =>
        TrainingTask.Of(new(network, data.Input, data.Train, data.Validation, whole => whole), options.FeatureVariants,
            options.Head?.Fit is not null, options.Output, run);

    (FittedHead Trained, Selection? Kept) InSteps(Graph network, TrainingPlan plan, TrainingData data, TrainingRun run,
        CheckpointFolder? checkpoints)
    {
        var (loss, task) = (LossOf(data, run), TaskOf(network, data, run));
        var start = plan.SolvesHead ? new HeadStart(network, plan.Groups, data, loss, options, run) : null;
        using var learner = new Learner(task.Network, TrainingPlanner.RulesOf(options, plan.Groups, loss), run.Session,
            run.Ranks.Communicator);
        var feed = new BatchFeed(data.Input, data.Labels.Length, run.Seed, run.Ranks);
        var read = checkpoints is null ? null : new ReadFiles(data.Train, data.Validation);
        if (!ReferenceEquals(task.Train, data.Train))
            // Their features are there already.
            read?.NoteAll(run.Reading(ahead: 1), run.Cancellation);
        var loop = new TrainingLoop(learner, plan, feed, options.Learning, run, checkpoints) { Start = start, Read = read };
        var rows = EpochRows.For(options.Sampling, task.Train, options.BatchSize, run.Seed, options.StepsPerEpoch);
        var kept = loop.Run(task.Train, rows, task.Validation);
        return (kept.State is { } state ? new(task.Whole(learner.Trained(state))) : start!.FromAll(), kept);
    }

    CheckpointFolder? Checkpoints(Graph network, TrainingData data, TrainingRun run)
    {
        if (options.WorkspacePath is not { } workspace)
            return null;
        var isReplaced = !options.Output.RefusesOtherRuns && (run.IsSeedDrawn || options.ReuseTrainSetBottleneckCachedValues
            || options.ReuseValidationSetBottleneckCachedValues);
        return new(Path.Combine(workspace, "checkpoint"), RunFingerprint.Of(data, network, run.Seed, options),
            isReplaced ? run.Warn : null)
        {
            EverySteps = options.CheckpointSteps,
            EverySeconds = options.CheckpointSeconds,
            FollowsCost = options is { CheckpointSteps: null, CheckpointSeconds: OutputOptions.UsualCheckpointSeconds },
        };
    }

    // The network as other programs get it gives probabilities, whatever it was written with.
    ImageClassifier Classifier(Graph trained, TrainingData data)
    {
        var logits = TrainingGraph.LogitsOf(trained);
        var onnx = OnnxFile.Write(new Graph(logits.Inputs, ("Score", Op.Softmax(logits[TrainingGraph.Logits], 1))));
        return new ImageClassifier(onnx, data.Labels, data.Feature)
        {
            LabelColumn = options.LabelColumnName,
            ScoreColumn = options.ScoreColumnName,
            PredictedLabelColumn = options.PredictedLabelColumnName,
            Resize = options.Resizing,
            Device = options.Device,
            Preprocessing = Preprocessing,
            Host = host,
        };
    }

    string? Preprocessing => (options.Model.Backbone as GraphNetwork)?.PreprocessingText;

    // What ML.NET leaves in its workspace.
    ImageClassifier Saved(ImageClassifier model)
    {
        if (options is not { FinalModelPrefix: { } prefix, WorkspacePath: { } workspace })
            return model;
        Directory.CreateDirectory(workspace);
        OnnxModelFile.Save(host, model, null, Path.Combine(workspace, SafeFileName.Of($"{prefix}{options.Model.NetworkName}.onnx")));
        return model;
    }
}
