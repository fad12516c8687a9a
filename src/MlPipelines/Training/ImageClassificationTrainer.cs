using System.Collections.Immutable;
using MlPipelines.Data;
using MlPipelines.Data.Balancing;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Layers;
using MlPipelines.Pipelines;
using MlPipelines.Training.Features;
using MlPipelines.Training.Heads;
using MlPipelines.Transforms;

namespace MlPipelines.Training;

/// <summary>Trains a network on labelled images.</summary>
public sealed partial class ImageClassificationTrainer(MLContext context, ImageClassificationTrainer.Options options) : IEstimator<ImageClassifier>
{
    /// <summary>Trains on <paramref name="input"/>, watching <see cref="ImageClassificationTrainer.Options.ValidationSet"/> or a part of it.</summary>
    public ImageClassifier Fit(IDataView input) => Fit(input, options.ValidationSet);

    /// <summary>Trains on one set and watches another.</summary>
    /// <exception cref="ArgumentException">A column is missing, there are fewer than two classes, or the network does not fit.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    public ImageClassifier Fit(IDataView trainSet, IDataView? validationSet)
    {
        ArgumentNullException.ThrowIfNull(trainSet);
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
        var (samples, watched) = (ReaderOf(train), Watched(validation, ReaderOf) ?? ReaderOf(train));
        var built = Build(input, labels.Length);
        var plan = TrainingPlan.Of(options, built);
        var network = built.Initialize(seed);
        if (options.WarmStart is { } start)
            network = WarmStart.On(network, start, labels);
        var loss = new CategoricalCrossEntropy(options.LabelSmoothing, Weights(train, labels));
        void Log(ChannelMessageKind kind, string message) => context.Report(kind, nameof(ImageClassificationTrainer), message);
        var course = Course.Of(network, new(network, train, validation, samples, watched, whole => whole), options, feature, labels, device, Log);
        ImageClassifier Classifier(Graph trained) => new(OnnxFile.Write(Prediction(course.Whole(trained))), labels, feature, options.LabelColumnName, options.ScoreColumnName,
            options.PredictedLabelColumnName, options.Resizing, Device: device)
        { Preprocessing = (options.Network as GraphNetwork)?.Preprocessing.ToString() };
        if (options.Head?.Fit is { } fit)
        {
            Log(ChannelMessageKind.Info, $"{options.Head.GetType().Name} learns from all features at once, so {nameof(Options.Epoch)}, {nameof(Options.BatchSize)}, {nameof(Options.Optimizer)}, {nameof(Options.LearningRateScheduler)}, {nameof(Options.EarlyStoppingCriteria)} and {nameof(Options.Sampling)} do not apply.");
            return Classifier(new HeadFitting(course, options, labels.Length, device, Skip).Run(fit, loss));
        }
        using var learner = new Learner(course.Network, LearningRules.Of(options, plan.Groups, loss), new() { Device = device });
        var fitting = new Fitting(learner, plan, course.Samples, course.Watched, options, labels.Length, seed, RunFingerprint.Of(train, validation, labels, input, network, seed, options), Skip,
            message => Log(ChannelMessageKind.Warning, message));
        return Classifier(learner.Trained(fitting.Run(course.Train, course.Validation)));
    }

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        FeatureColumn(input);
        var label = input.Find(options.LabelColumnName);
        if (label.Type is not (TextDataViewType or KeyDataViewType))
            throw new ArgumentException($"Column '{options.LabelColumnName}': holds {label.Type}, needs text or a key. Map it with MapValueToKey.");
        var classes = (label.Type as KeyDataViewType)?.KeyValues;
        if (options.WarmStart is { } earlier)
            classes = classes is { } keys ? WarmStart.Labels(earlier, keys) : null;
        return input
            .With(new(options.ScoreColumnName, new VectorDataViewType(typeof(float), classes is { } known ? [known.Length] : []) { SlotNames = classes ?? default }))
            .With(new(options.PredictedLabelColumnName, new KeyDataViewType(classes)));
    }

    ImmutableArray<float> Weights(IDataView train, ImmutableArray<string> labels)
    {
        if (options.ClassWeighting == ClassWeighting.None)
            return options.ClassWeights;
        if (!options.ClassWeights.IsDefaultOrEmpty)
            throw new ArgumentException($"ClassWeighting: got {options.ClassWeighting} beside {options.ClassWeights.Length} ClassWeights, needs one of the two. Leave out the other.");
        if (options.Sampling == BatchSampling.ClassBalanced)
            context.Report(ChannelMessageKind.Warning, nameof(ImageClassificationTrainer), $"ClassWeighting {options.ClassWeighting} and Sampling {options.Sampling} both make up for small classes, so that these count for more than the large ones. Leave out one of them.");
        return [.. context.Data.CountClasses(train, options.LabelColumnName, labels).Weights(options.ClassWeighting).Select(weight => (float)weight)];
    }

    static SampleReader? Watched(IDataView? validation, Func<IDataView, SampleReader> reader)
    {
        try
        {
            return validation is null ? null : reader(validation);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"ValidationSet: {exception.Message} It needs the columns of the training samples: transform it with the same steps.", exception);
        }
    }

    string FeatureColumn(DataViewSchema schema)
    {
        if ((options.FeatureColumnName ?? schema.GetColumnOrNull("Features")?.Name) is { } named)
            return schema.Find(named).Type is var type && (type is ImageDataViewType || (type is VectorDataViewType vector && (vector.Item == typeof(byte) || vector.Item == typeof(float))))
                ? named : throw new ArgumentException($"Column '{named}': holds {type}, images, encoded images (Byte[]) or vectors of Single are needed.");
        var images = schema.Where(column => column.Type is ImageDataViewType && schema.Find(column.Name).Index == column.Index).ToArray();
        return images is [var only] ? only.Name
            : throw new ArgumentException($"FeatureColumnName: is not set, and the data has {images.Length} columns of images ({string.Join(", ", schema.Select(column => $"'{column.Name}' ({column.Type})"))}). Name one, or add LoadImages.");
    }

    // The size that is asked for, or that of the column, or that the network is made for, or that of the first image that can be read, which all others must then have.
    (NetworkInput Input, bool OneSize) InputOf(IDataView data, string feature, Action<SkippedRow> skip)
    {
        var type = data.Schema.Find(feature).Type;
        if (type is VectorDataViewType { Item: var item, Dimensions: [var c, var h, var w] } && item == typeof(float))
            return (new(c, h, w, options.Resizing), false);
        if (type is VectorDataViewType { Item: var number } && number == typeof(float))
            throw new ArgumentException($"Column '{feature}': holds {type}, needs [channels, height, width]. Give the column's type its dimensions, or use images.");
        var first = data.Read(row => Facts(row.GetValue(data.Schema.Find(feature).Index), feature), new() { Skipped = skip, Fatal = options.FailOnBadImages, Prefetch = 0 }).FirstOrDefault();
        if (first == default)
            throw new InvalidDataException($"Training: none of the {data.RowCount} images can be read. The log names each with its reason.");
        var (known, takes) = (type as ImageDataViewType, options.Network?.Takes);
        var (height, width) = (options.ImageHeight ?? known?.Height ?? takes?.Height, options.ImageWidth ?? known?.Width ?? takes?.Width);
        var found = height is null || width is null;
        if (found && type is not ImageDataViewType)
            throw new ArgumentException($"Column '{feature}': holds images of any size, needs one size. Set ImageHeight and ImageWidth.");
        return (new(first.Channels, height ?? first.Height, width ?? first.Width, options.Resizing), found);
    }

    static (int Channels, int Height, int Width) Facts(object value, string name)
    {
        var image = value as Image ?? Image.FromBytes((byte[])value, name);
        _ = image.Pixels.Length;
        return (image.Channels, image.Height, image.Width);
    }

    Graph Build(NetworkInput input, int classes)
    {
        if (options.Head is not null && (options.FineTuning ?? options.DepthRates ?? (object?)options.Unfreezing) is { } beside)
            throw new ArgumentException($"Head: got {beside.GetType().Name} beside it, but behind a head all of the network stays as it is. Leave out one of the two; to train the network as well, give it the head's layers with {nameof(Network.WithClassifier)}.");
        var network = options.Head is { } head
            ? (options.Network ?? throw new ArgumentException($"Head: got {head.GetType().Name} without a Network, needs one that has learnt to see. Set Network, such as Network.FromOnnx(\"mobilenet_v2.onnx\").")).CutAtFeatures().Freeze().Append(head.Layers(classes))
            : options.Network ?? Architectures.SmallCnn(classes);
        foreach (var warning in network.Warnings)
            context.Report(ChannelMessageKind.Warning, nameof(ImageClassificationTrainer), warning);
        var graph = network.Build(input.Height, input.Width, input.Channels);
        var output = graph.Outputs[0].Value.Shape;
        return output.Rank == 2 && output[1] == classes ? graph
            : throw new ArgumentException($"Training: the network gives {output}, the data has {classes} classes. Let its last layer be Dense({classes}); {nameof(Network.WithClassifier)}(new Dense({classes})) gives an imported one another end.");
    }

    // The network as other programs get it: probabilities at the end, whatever it was written with.
    static Graph Prediction(Graph trained)
    {
        var logits = TrainingGraph.LogitsOf(trained);
        return new Graph(logits.Inputs, ("Score", Op.Softmax(logits[TrainingGraph.Logits], 1)));
    }
}

/// <summary>The trainer among the catalog's trainers.</summary>
public static class TrainersCatalog
{
    /// <summary>Trains a network on labelled images.</summary>
    public static ImageClassificationTrainer ImageClassification(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, ImageClassificationTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new(catalog.Context, options);
    }

    /// <summary>Trains a network on labelled images.</summary>
    public static ImageClassificationTrainer ImageClassification(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label",
        string featureColumnName = "Features", string scoreColumnName = "Score", string predictedLabelColumnName = "PredictedLabel", IDataView? validationSet = null) =>
        catalog.ImageClassification(new ImageClassificationTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ValidationSet = validationSet,
        });
}
