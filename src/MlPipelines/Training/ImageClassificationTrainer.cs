using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>Trains a network on labelled images.</summary>
/// <param name="context">Whose seed, device and log it uses.</param>
/// <param name="options">What is trained and how; they are taken as they are now.</param>
public sealed partial class ImageClassificationTrainer(MLContext context, ImageClassificationTrainer.Options options) : IEstimator<ImageClassifier>
{
    readonly Options options = (options ?? throw new ArgumentNullException(nameof(options))) with { };

    /// <summary>Trains on <paramref name="input"/>, watching <see cref="ImageClassificationTrainer.Options.ValidationSet"/> or a part of it.</summary>
    public ImageClassifier Fit(IDataView input) => Fit(input, options.ValidationSet);

    /// <summary>Trains on one set and watches another.</summary>
    /// <exception cref="ArgumentException">A column is missing, there are fewer than two classes, or the network does not fit.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    /// <exception cref="FileNotFoundException">The file of the <see cref="Options.Arch"/> is not there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before anything was learnt.</exception>
    public ImageClassifier Fit(IDataView trainSet, IDataView? validationSet)
    {
        ArgumentNullException.ThrowIfNull(trainSet);
        options.CancellationToken.ThrowIfCancellationRequested();
        if (options is { Arch: { } arch, Pretrained: null })
            return new ImageClassificationTrainer(context, Pretrained(options, arch)).Fit(trainSet, validationSet);
        var feature = FeatureColumn(trainSet.Schema);
        var found = SampleReader.Labels(trainSet, options.LabelColumnName);
        var labels = options.WarmStart is { } earlier ? WarmStart.Labels(earlier, found) : found;
        if (labels.Length < 2)
            throw new ArgumentException($"Training: the data has {(labels.Length == 0 ? "no class" : $"the single class '{labels[0]}'")}, needs at least two. Add a folder of other images.");
        var (train, validation) = (trainSet, validationSet);
        if (validation is null && options.ValidationSetFraction is > 0 and { } fraction)
            (train, validation) = context.Data.TrainTestSplit(trainSet, fraction, stratificationColumn: options.LabelColumnName) is { } split && split.TestSet.RowCount > 0
                ? (split.TrainSet, split.TestSet) : (trainSet, null);

        var (seed, device) = (options.Seed ?? context.Seed, options.Device ?? context.Device);
        var skipped = new HashSet<string>(StringComparer.Ordinal);
        void Skip(SkippedRow row)
        {
            if (!skipped.Add(row.Path))
                return;
            context.Report(ChannelMessageKind.Warning, nameof(ImageClassificationTrainer), $"skipped {row}");
            options.Skipped?.Invoke(row);
        }

        var (input, oneSize) = InputOf(train, feature, Skip);
        SampleReader ReaderOf(IDataView view) => new(view.Schema, feature, options.LabelColumnName, labels, input, oneSize);
        SampleReader samples = new(train.Schema, feature, options.LabelColumnName, labels, input, oneSize, weightColumn: options.ExampleWeightColumnName);
        var watched = Watched(validation, ReaderOf) ?? samples;
        var built = Build(input, labels.Length);
        var plan = OptionsPlan.PlanOf(options, built);
        var network = built.Initialize(seed);
        if (options.WarmStart is { Preprocessing: { } was } && (options.Backbone as GraphNetwork)?.PreprocessingText is { } now && was != now)
            throw new ArgumentException($"WarmStart: the model was trained with preprocessing {was}, the network has {now}. Give it the preprocessing that the model was trained with.");
        if (options.WarmStart is { } start)
            network = WarmStart.On(network, start, labels);
        var loss = new CategoricalCrossEntropy(options.LabelSmoothing, Weights(train, labels));
        void Log(ChannelMessageKind kind, string message) => context.Report(kind, nameof(ImageClassificationTrainer), message);
        foreach (var warning in options.Doubts(train).Concat(options.WarmStart is { } before && options.Head is not (NearestNeighbours or NearestClassMean) ? WarmStart.Doubts(before, Present(train)) : []))
            Log(ChannelMessageKind.Warning, warning);
        if (options is { Unfreezing: not null, Search: null } && plan.FrozenAt(plan.Epochs - 1) is > 0 and var left)
            Log(ChannelMessageKind.Warning, $"Unfreezing leaves {left} of {plan.Groups.Count - 1} blocks frozen to the end, since there are only {plan.Epochs} epochs. Make Epoch larger to train them too.");
        var course = Course.Of(network, new(network, train, validation, samples, watched, whole => whole), options, feature, labels, device, Log);
        ImageClassifier Classifier(Graph trained) => Left(new(OnnxFile.Write(Prediction(course.Whole(trained))), labels, feature, options.LabelColumnName, options.ScoreColumnName,
            options.PredictedLabelColumnName, options.Resizing, Device: device)
        { Preprocessing = (options.Backbone as GraphNetwork)?.PreprocessingText });
        if (options.Head?.Fit is { } fit)
            return Classifier(new HeadFitting(course, options, labels.Length, device, Skip, message => Log(ChannelMessageKind.Warning, message)).Run(fit, loss));
        using var learner = new Learner(course.Network, OptionsPlan.RulesOf(options, plan.Groups, loss), new() { Device = device });
        var fitting = new Fitting(learner, plan, course.Samples, course.Watched, options, labels.Length, seed, options.WorkspacePath is null ? "" : RunFingerprint.Of(train, validation, labels, input, network, seed, options), Skip,
            message => Log(ChannelMessageKind.Warning, message), passOverOthers: options.Seed is null && context.IsSeedDrawn || options.ReuseTrainSetBottleneckCachedValues || options.ReuseValidationSetBottleneckCachedValues);
        return Classifier(learner.Trained(fitting.Run(course.Train, course.Validation)));
    }

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        FeatureColumn(input);
        var label = input.Find(options.LabelColumnName);
        if (options.ExampleWeightColumnName is { } weights)
            SampleReader.WeightColumn(input, weights);
        if (label.Type is not (TextDataViewType or KeyDataViewType))
            throw new ArgumentException($"Column '{options.LabelColumnName}': holds {label.Type}, needs text or a key. Map it with MapValueToKey.");
        var classes = (label.Type as KeyDataViewType)?.KeyValues;
        if (options.WarmStart is { } earlier)
            classes = classes is { } keys ? WarmStart.Labels(earlier, keys) : null;
        return input
            .With(new(options.ScoreColumnName, new VectorDataViewType(typeof(float), classes is { } known ? [known.Length] : []) { SlotNames = classes ?? default }))
            .With(new(options.PredictedLabelColumnName, new KeyDataViewType(classes)));
    }

    IEnumerable<string> Present(IDataView train) => context.Data.CountClasses(train, options.LabelColumnName).Classes.Where(one => one.Count > 0).Select(one => one.Name);

    // What ML.NET leaves in its workspace.
    ImageClassifier Left(ImageClassifier model)
    {
        if (options is not { FinalModelPrefix: { } prefix, WorkspacePath: { } workspace })
            return model;
        Directory.CreateDirectory(workspace);
        context.Model.Save(model, Path.Combine(workspace, SafeFileName.Of($"{prefix}{options.NetworkName}.onnx")));
        return model;
    }
}
