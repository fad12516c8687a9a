using System.Collections.Immutable;
using Microsoft.ML.Runtime;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines;

/// <summary>Trains a network on labelled images. It stands in the place of Microsoft.ML.Vision's trainer, by its names, and learns in this library's way.</summary>
public sealed partial class ImageClassificationTrainer : IEstimator<ImageClassifier>
{
    readonly IHostEnvironment host;
    readonly Options options;

    /// <param name="host">Whose seed, device and log it uses.</param>
    /// <param name="options">What is trained and how; they are taken as they are now.</param>
    internal ImageClassificationTrainer(IHostEnvironment host, Options options) => (this.host, this.options) = (host, options with { });

    /// <summary>Trains on <paramref name="input"/>, watching <see cref="ImageClassificationTrainer.Options.ValidationSet"/> or a part of it.</summary>
    /// <inheritdoc cref="Fit(IDataView, IDataView?)"/>
    public ImageClassifier Fit(IDataView input) => Fit(input, options.ValidationSet);

    /// <summary>Trains on one set and watches another. It goes through each once to collect labels and pictures, and then learns in an order of its own.</summary>
    /// <param name="trainSet">Samples to learn from.</param>
    /// <param name="validationSet">Samples to watch, with the same columns; null takes a part of the others, as the options say.</param>
    /// <exception cref="ArgumentException">A column is missing, there are fewer than two classes, or the network does not fit.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    /// <exception cref="FileNotFoundException">The file of the <see cref="Options.Arch"/> is not there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before anything was learnt.</exception>
    public ImageClassifier Fit(IDataView trainSet, IDataView? validationSet)
    {
        ArgumentNullException.ThrowIfNull(trainSet);
        options.CancellationToken.ThrowIfCancellationRequested();
        if (options is { Arch: { } arch, Pretrained: null })
            return new ImageClassificationTrainer(host, Pretrained(options, arch)).Fit(trainSet, validationSet);
        using SampleStore trainStore = new(), validationStore = new();
        var collected = Collect(trainSet, validationSet, (trainStore, validationStore));
        var (seed, device) = (options.Seed ?? host.Seed(), options.Device ?? host.Device());
        var built = Build(collected.Input, collected.Labels.Length);
        var plan = OptionsPlan.PlanOf(options, built);
        var network = Started(built.Initialize(seed), collected.Labels);
        var loss = new CategoricalCrossEntropy(options.LabelSmoothing, Weights(collected.Train, collected.Labels));
        foreach (var warning in Warnings(collected, plan))
            Warn(warning);
        var course = Course.Of(new(network, collected.Input, collected.Train, collected.Validation, whole => whole), options, device, (kind, message) => host.Report(kind, nameof(ImageClassificationTrainer), message));
        if (options.Head?.Fit is { } fit)
            return Classifier(new HeadFitting(course, options, collected.Labels.Length, device, collected.Skip, Warn).Run(fit, loss));
        using var learner = new Learner(course.Network, OptionsPlan.RulesOf(options, plan.Groups, loss), new() { Device = device });
        var run = options.WorkspacePath is null ? "" : RunFingerprint.Of(collected.Train, collected.Validation, collected.Labels, collected.Input, network, seed, options);
        var fitting = new Fitting(learner, plan, collected.Input, options, collected.Labels.Length, seed, run, collected.Skip, Warn, ReplacesOtherCheckpoints);
        return Classifier(learner.Trained(fitting.Run(course.Train, course.Validation)));

        ImageClassifier Classifier(Graph trained) => Left(new ImageClassifier(OnnxFile.Write(Prediction(course.Whole(trained))), collected.Labels, collected.Feature, options.LabelColumnName,
            options.ScoreColumnName, options.PredictedLabelColumnName, options.Resizing, Device: options.Device)
        { Preprocessing = (options.Backbone as Networks.GraphNetwork)?.PreprocessingText, Host = host });
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var input = Shapes.Schema(inputSchema);
        FeatureColumn(input);
        CheckLabel(input);
        if (options.ExampleWeightColumnName is { } weights)
            SampleCollector.WeightColumn(input, weights);
        return Shapes.With(inputSchema, Shapes.Scores(options.ScoreColumnName), Shapes.Key(options.PredictedLabelColumnName));
    }

    bool ReplacesOtherCheckpoints => options.Seed is null && host.IsSeedDrawn() || options.ReuseTrainSetBottleneckCachedValues || options.ReuseValidationSetBottleneckCachedValues;

    void CheckLabel(DataViewSchema schema)
    {
        if (schema.Find(options.LabelColumnName).Type is not (TextDataViewType or KeyDataViewType) and var type)
            throw new ArgumentException($"Column '{options.LabelColumnName}': holds {type.InWords()}, needs text or a key. Map it with MapValueToKey.");
    }

    IEnumerable<string> Warnings(Collected collected, TrainingPlan plan)
    {
        foreach (var doubt in options.Doubts(collected.Train))
            yield return doubt;
        if (options.WarmStart is { } earlier && options.Head is not (NearestNeighbours or NearestClassMean))
            foreach (var doubt in WarmStart.Doubts(earlier, collected.Train.Samples.Select(sample => collected.Labels[sample.Label]).Distinct()))
                yield return doubt;
        if (options is { Unfreezing: not null, Search: null } && plan.FrozenAt(plan.Epochs - 1) is > 0 and var left)
            yield return $"Unfreezing leaves {left} of {plan.Groups.Count - 1} blocks frozen to the end, since there are only {plan.Epochs} epochs. Make Epoch larger to train them too.";
    }

    Graph Started(Graph network, ImmutableArray<string> labels)
    {
        if (options.WarmStart is { Preprocessing: { } was } && (options.Backbone as Networks.GraphNetwork)?.PreprocessingText is { } now && was != now)
            throw new ArgumentException($"WarmStart: the model was trained with preprocessing {was}, the network has {now}. Give it the preprocessing that the model was trained with.");
        return options.WarmStart is { } start ? WarmStart.On(network, start, labels) : network;
    }

    void Warn(string message) => host.Warn(nameof(ImageClassificationTrainer), message);

    // What ML.NET leaves in its workspace.
    ImageClassifier Left(ImageClassifier model)
    {
        if (options is not { FinalModelPrefix: { } prefix, WorkspacePath: { } workspace })
            return model;
        Directory.CreateDirectory(workspace);
        OnnxModelFile.Save(host, model, null, Path.Combine(workspace, SafeFileName.Of($"{prefix}{options.NetworkName}.onnx")));
        return model;
    }
}
