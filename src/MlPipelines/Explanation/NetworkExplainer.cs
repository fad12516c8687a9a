using System.Collections.Immutable;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Looks into a network: what its layers give for an image, its filters, and which places of an image speak for a
/// class.</summary>
/// <remarks>Not safe to use from several threads at once.</remarks>
public sealed partial class NetworkExplainer : IDisposable
{
    readonly ScoredNetwork network;
    readonly NetworkInput input;
    readonly ImageLoader? loader;
    readonly bool hasClasses;

    /// <param name="network">With its weights; those that were never set are drawn.</param>
    /// <param name="labels">Names of the classes, in the order of the scores; null numbers them from 0.</param>
    /// <param name="input">The images that the network gets; null for those that it takes.</param>
    /// <param name="resizing">How an image of another size is brought to that.</param>
    /// <param name="device">What computes; null for the processor.</param>
    /// <exception cref="ArgumentException">The network takes any size and none is given, or there are more or fewer labels than
    /// classes.</exception>
    public NetworkExplainer(Network network, IEnumerable<string>? labels = null, Input? input = null,
        ResizingKind resizing = ResizingKind.IsoCrop, Device? device = null)
        : this(GraphOf(network, input, out var scores).Initialize(0), scores, labels, resizing, device ?? Device.Cpu)
    {
    }

    NetworkExplainer(Graph graph, bool hasClasses, IEnumerable<string>? labels, ResizingKind resizing, Device device,
        ImageLoader? loader = null)
    {
        network = new(hasClasses ? WithSoftmaxLast(graph) : graph, device);
        this.hasClasses = hasClasses;
        var image = network.Image.Shape;
        this.loader = loader;
        input = new(image[1], image[2], image[3], resizing);
        var classes = hasClasses ? network.Scores.Shape[1] : 0;
        Labels = labels?.ToImmutableArray() ?? [.. Enumerable.Range(0, classes).Select(number => $"class {number}")];
        if (Labels.Length != classes)
            throw new ArgumentException($"labels: got {Labels.Length} names, the network has {classes} classes.", nameof(labels));
        Layers = NetworkLayer.Of(network.Graph);
    }

    /// <summary>Looks into the classifier of a fitted or loaded pipeline.</summary>
    /// <exception cref="ArgumentException">The pipeline has no <see cref="ImageClassifier"/>.</exception>
    internal static NetworkExplainer Of(ITransformer model)
    {
        var steps = model.ScoringSteps().ToArray();
        var classifier = steps.OfType<ImageClassifier>().LastOrDefault()
            ?? throw new ArgumentException(
                $"Explain: the pipeline holds {string.Join(", ", steps.Select(step => step.GetType().Name))}, an ImageClassifier is "
                    + "needed.");
        var loader = steps.OfType<ImageLoader>().LastOrDefault(step => step.OutputColumn == classifier.FeatureColumn);
        return Of(classifier, loader);
    }

    internal static NetworkExplainer Of(ImageClassifier classifier, ImageLoader? loader) =>
        new(OnnxFile.Read(classifier.Onnx, nameof(ImageClassifier)).Graph, hasClasses: true, classifier.Labels, classifier.Resize,
            classifier.Device ?? Device.Cpu, loader);

    /// <summary>The layers from the image to the scores, with what each can be asked for by.</summary>
    public ImmutableArray<NetworkLayer> Layers { get; }

    /// <summary>Names of the classes, in the order of the scores; none for a network that ends in features.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>The image as the network gets it: in its size and its channels.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public Image Seen(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return (Image)input.Content(loader?.Prepared(image) ?? input.Opened(image), image.ToString());
    }

    /// <summary>The probability of each class.</summary>
    /// <exception cref="InvalidDataException">The image cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The network ends in features.</exception>
    public float[] Probabilities(Image image) => ScoresOf(TensorOf([Seen(image)]))[0];

    /// <summary>The most probable class of each image, computed in batches.</summary>
    /// <exception cref="InvalidDataException">An image cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The network ends in features.</exception>
    public IEnumerable<string> MostProbable(IEnumerable<Image> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.Select(Seen).Chunk(ScoredNetwork.BatchSize).SelectMany(batch => ScoresOf(TensorOf(batch)))
            .Select(scores => Labels[Array.IndexOf(scores, scores.Max())]);
    }

    /// <summary>What a layer gives for an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="layer">A name of <see cref="Layers"/>: of a layer, of what it gives before its activation, or of an activation
    /// behind it.</param>
    /// <exception cref="ArgumentException">There is no such layer; the message lists those there are.</exception>
    /// <exception cref="InvalidDataException">The image cannot be read.</exception>
    public LayerFeatures Features(Image image, string layer) => Features(image, [layer])[0];

    /// <summary>What some layers give for an image, in one run.</summary>
    /// <inheritdoc cref="Features(Image, string)"/>
    /// <param name="image">The image.</param>
    /// <param name="layers">Names, as for one layer.</param>
    public ImmutableArray<LayerFeatures> Features(Image image, params IReadOnlyList<string> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var values = network.Values($"layers {string.Join('\n', layers)}",
            graph => [.. layers.Select(layer => NetworkLayer.Find(graph, Check.Named(layer)))], TensorOf([Seen(image)]));
        return [.. layers.Zip(values, (layer, value) => new LayerFeatures(layer, value.Reshape(WithoutBatch(value.Shape))))];
    }

    /// <summary>What a layer gives for some images as vectors, computed in batches: where images lie to each other.</summary>
    /// <param name="images">The images.</param>
    /// <param name="layer">A name of <see cref="Layers"/>, whose numbers are taken as they are; null for the features that the classifier
    /// starts from, of which maps become the mean over their places.</param>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    /// <exception cref="InvalidDataException">An image cannot be read.</exception>
    public IEnumerable<float[]> Vectors(IEnumerable<Image> images, string? layer = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.Select(Seen).Chunk(ScoredNetwork.BatchSize).SelectMany(batch =>
        {
            var numbers = network.Values($"vectors {layer}", graph => [layer is null ? FeaturesOf(graph) : NetworkLayer.Find(graph, layer)],
                TensorOf(batch))[0].Elements<float>();
            var vectors = new float[batch.Length][];
            for (var i = 0; i < batch.Length; i++)
                vectors[i] = numbers.Slice(i * (numbers.Length / batch.Length), numbers.Length / batch.Length).ToArray();
            return vectors;
        });
    }

    /// <summary>The step that gives what a layer gives, for images of a column: the network up to it.</summary>
    /// <param name="layer">As for <see cref="Vectors"/>.</param>
    /// <param name="input">Column of images, or of their paths.</param>
    /// <param name="output">Column of the numbers.</param>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    internal ImageFeaturizer Featurizer(string? layer, string input, string output)
    {
        var (graph, features) = (network.Graph, layer is null ? FeaturesOf(network.Graph) : NetworkLayer.Find(network.Graph, layer));
        return new(OnnxFile.Write(new Graph(graph.Inputs, (output, Op.Apply("Identity", [features])))), output, input, Input.Resize)
        {
            Device = network.Device,
            Kept = 0,
        };
    }

    /// <summary>The filters of a convolution.</summary>
    /// <param name="layer">Its name; null for the first one.</param>
    /// <exception cref="ArgumentException">There is no such layer, or it is no convolution of images.</exception>
    public LayerFilters Filters(string? layer = null)
    {
        var convolutions = network.Graph.Nodes.Where(node => node.Operator.Type == nameof(Op.Conv) && KernelOf(node) is not null).ToArray();
        var found = layer is null ? convolutions.FirstOrDefault()
            : convolutions.FirstOrDefault(node => node.Name == layer || LayerNames.Of(node) == layer);
        return found is not null ? new(layer ?? LayerNames.Of(found), KernelOf(found)!)
            : throw new ArgumentException(layer is null ? "Filters: the network has no convolution."
                : $"Layer '{layer}': is no convolution of this network, which has {Listed(convolutions)}.", nameof(layer));
    }

    /// <summary>Which places of an image speak for a class.</summary>
    /// <param name="image">The image.</param>
    /// <param name="method">How it is found out; null for <see cref="GradCam"/>.</param>
    /// <param name="className">The class; null for the most probable one.</param>
    /// <exception cref="ArgumentException">There is no such class or layer.</exception>
    /// <exception cref="GraphException">The network cannot be differentiated, or is not of the kind that the method needs.</exception>
    /// <exception cref="InvalidDataException">The image cannot be read.</exception>
    public HeatMap HeatMap(Image image, Attribution? method = null, string? className = null) =>
        HeatMaps([image], method, className)[0];

    /// <summary>Which places of some images speak for a class, computed in batches.</summary>
    /// <inheritdoc cref="HeatMap"/>
    /// <param name="images">The images.</param>
    /// <param name="method">How it is found out; null for <see cref="GradCam"/>.</param>
    /// <param name="className">The class; null for the most probable one of each image.</param>
    public ImmutableArray<HeatMap> HeatMaps(IEnumerable<Image> images, Attribution? method = null, string? className = null) =>
        [.. images.Select(Seen).Chunk(ScoredNetwork.BatchSize).SelectMany(batch => MapsOf(batch, method ?? new GradCam(), className))];

    /// <summary>How faithful a map is: what becomes of the class's probability while the places that it names are taken away or put
    /// back.</summary>
    /// <param name="image">The image that was explained.</param>
    /// <param name="map">A map of it that this explainer made.</param>
    /// <param name="parts">Into how many parts the places are divided.</param>
    /// <exception cref="ArgumentException">The map has another size than the images that the network gets.</exception>
    public Faithfulness FaithfulnessOf(Image image, HeatMap map, int parts = 32)
    {
        ArgumentNullException.ThrowIfNull(map);
        Check.AtLeast(parts, 1);
        return (map.Width, map.Height) == (input.Width, input.Height) ? Faithfulness.Of(this, Seen(image), map, parts)
            : throw new ArgumentException($"map: is of {map.Width}×{map.Height}, the network gets images of {input.Width}×{input.Height}. "
                + "Take one that this explainer made.", nameof(map));
    }

    /// <summary>Frees the network's memory.</summary>
    public void Dispose() => network.Dispose();

    internal NetworkInput Input => input;

    /// <summary>Maps of images or numbers as <see cref="NetworkInput.Content"/> gives them.</summary>
    internal IEnumerable<HeatMap> MapsOf(IReadOnlyList<object> contents, Attribution method, string? className)
    {
        var images = TensorOf(contents);
        var scores = ScoresOf(images);
        var chosen = className is null ? -1 : NumberOf(className);
        var classes = scores.Select(row => chosen < 0 ? Array.IndexOf(row, row.Max()) : chosen).ToArray();
        var maps = method.Of(network, images, classes);
        return maps.Select((map, i) => new HeatMap(input.Width, input.Height, map, Labels[classes[i]], scores[i][classes[i]])
        {
            Outliers = method.Outliers
        });
    }

    /// <summary>The probabilities of images [N,C,H,W].</summary>
    internal float[][] ScoresOf(Tensor images)
    {
        if (!hasClasses)
            throw NoClasses();
        var scores = network.Values("scores", graph => [graph.Outputs[0].Value], images)[0].Elements<float>();
        var rows = new float[images.Shape[0]][];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = scores.Slice(i * Labels.Length, Labels.Length).ToArray();
        return rows;
    }

    InvalidOperationException NoClasses() => new($"The network gives {network.Scores.Shape}, which are features and no classes. Give it a "
        + "classifier, or train a head on it.");

    internal int NumberOf(string className)
    {
        const int shown = 8;
        if (Labels.IndexOf(NormalForm.Of(className)) is >= 0 and var number)
            return number;
        var known = string.Join(", ", Labels.Take(shown).Select(label => $"'{label}'"));
        throw new ArgumentException($"className: got '{className}', the network knows {known}"
            + (Labels.Length > shown ? $" and {Labels.Length - shown} more." : "."), nameof(className));
    }

    internal Tensor TensorOf(IReadOnlyList<object> contents)
    {
        var numbers = new float[contents.Count * input.Length];
        for (var i = 0; i < contents.Count; i++)
            NetworkInput.Write(contents[i], numbers.AsSpan(i * input.Length, input.Length));
        return Tensor.Of<float>([contents.Count, input.Channels, input.Height, input.Width], numbers);
    }

    static Graph GraphOf(Network network, Input? input, out bool hasClasses)
    {
        ArgumentNullException.ThrowIfNull(network);
        input ??= network.Takes
            ?? throw new ArgumentException("NetworkExplainer: the network takes images of any size, needs one. Give an input, such as "
                + "new Input(224, 224, 3).", nameof(input));
        var graph = network.Build(input.Height, input.Width, input.Channels);
        hasClasses = graph.Outputs[0].Value.Shape is [_, > 1] or [_, > 1, 1, 1]
            && (ImageClassifier.IsProbabilities(graph.Outputs[0].Value) || network.Inspect().HasClassifier);
        return hasClasses ? ImageClassifier.ScoredGraph(network, input) : graph;
    }

    // Some networks take the probabilities of [N,classes,1,1]: what is differentiated stands right before Softmax.
    static Graph WithSoftmaxLast(Graph graph)
    {
        var (name, scores) = graph.Outputs[0];
        var value = scores;
        while (value.Node is { Operator.Type: nameof(Op.Flatten) or nameof(Op.Reshape) or nameof(Op.Squeeze) or "Identity" } between)
            value = between.Input(0);
        return value != scores && value.Node is { Operator.Type: nameof(Op.Softmax) } softmax && softmax.Input(0).Shape is [_, _, 1, 1]
            ? new(graph.Inputs, (name, Op.Softmax(Op.Flatten(softmax.Input(0)), 1))) : graph;
    }

    static Value FeaturesOf(Graph graph)
    {
        var end = NetworkEnd.Find(graph)
            ?? throw new GraphException("The network has no features that a classifier starts from. Name a layer.");
        return end.Features.Shape is [_, _, _, _] ? Op.ReduceMean(end.Features, [2, 3], keep: false) : end.Features;
    }

    static Shape WithoutBatch(Shape shape) => [.. shape.Skip(1)];

    static Tensor? KernelOf(Node node) => node.Input(1) is { Shape.Rank: 4 } kernel ? kernel.Known ?? kernel.Initializer?.Content : null;

    static string Listed(IEnumerable<Node> nodes) => string.Join(", ", nodes.Select(LayerNames.Of).Distinct());
}
