using MlPipelines.Graphs;
using MlPipelines.Networks;

namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    Graph Build(TrainingData data, TrainingRun run)
    {
        var (input, classes) = (data.Input, data.Labels.Length);
        if (options.Head is not null && (options.FineTuning ?? options.DepthRates ?? (object?)options.Unfreezing) is { } beside)
            throw new ArgumentException($"Head: got {beside.GetType().Name} beside it, but behind a head all of the network stays as it "
                + "is. Leave out one of the two; to train the network as well, give it the head's layers "
                + $"with {nameof(Network.WithClassifier)}.");
        var network = options.Head is { } head
            ? (options.Model.Backbone
                ?? throw new ArgumentException($"Head: got {head.GetType().Name} without a Network, needs one that has learnt to see. Set "
                    + "Network, such as Network.FromOnnx(\"mobilenet_v2.onnx\").")).CutAtFeatures().Finished().Append(head.Layers(classes))
            : options.Pretrained?.WithClassifier(new Dense(classes)) ?? options.Network ?? Architectures.SmallCnn(classes);
        foreach (var warning in network.Warnings)
            run.Warn(warning);
        var graph = network.Build(input.Height, input.Width, input.Channels);
        if (options.FineTuning is not null && Networks.Weights.UpTo(graph, null) is var weights
            && weights.Count(weight => !weight.IsTrainable) is > 0 and var frozen)
            run.Warn($"FineTuning trains the whole network, of which {frozen} of {weights.Count} weights are frozen and stay as they are; "
                + $"a model of this library remembers what was frozen when it was saved. {nameof(Network.Unfreeze)} sets them free.");
        var output = graph.Outputs[0].Value.Shape;
        return output.Rank == 2 && output[1] == classes ? graph
            : throw new ArgumentException($"Training: the network gives {output}, the data has {classes} classes. Let its last layer be "
                + $"Dense({classes}); {nameof(Network.WithClassifier)}(new Dense({classes})) gives an imported one another end.");
    }

    static readonly Dictionary<Architecture, string> models = new()
    {
        [Architecture.ResnetV2101] = "resnet101-v2",
        [Architecture.MobilenetV2] = "mobilenetv2",
        [Architecture.ResnetV250] = "resnet50-v2",
    };

    /// <summary>The options with the network that <see cref="Options.Arch"/> names. Its classifier is replaced, and learnt in steps if
    /// nothing else is asked for.</summary>
    /// <remarks>Where the file was not fetched, or there is none, the packaged network stands in, with a warning.</remarks>
    static Options Pretrained(Options options, Architecture arch, TrainingRun run)
    {
        if (options.Network is not null)
            throw new ArgumentException($"Arch: got {arch} beside a Network, needs one of the two. Leave out the other.");
        var (network, missing) = Opened(options, arch);
        if (network is not null)
            return DefaultNetwork.OnFeatures(options, network, new MultilayerPerceptron());
        if (options.Packaged() is not { } packaged)
            throw missing!;
        run.Warn($"Arch {arch}: {missing!.Message} {packaged.Name} of the package {packaged.Package} takes its place.");
        return DefaultNetwork.OnFeatures(options, packaged.Network, new MultilayerPerceptron());
    }

    // The network, or why it is not there.
    static (Network? Network, Exception? Missing) Opened(Options options, Architecture arch)
    {
        if (!models.TryGetValue(arch, out var name))
            return (null,
                new ArgumentException($"Arch: got {arch}, of which there is no public ONNX file in the catalogue of models, needs "
                + $"one of {string.Join(", ", models.Keys)}. Give a file of your own as Network = Network.FromOnnx(\"…\", "
                + "Preprocessing.MinusOneToOne)."));
        try
        {
            return (options.OpenModel(name, options.ModelFolder), null);
        }
        catch (FileNotFoundException exception)
        {
            return (null, exception);
        }
    }
}
