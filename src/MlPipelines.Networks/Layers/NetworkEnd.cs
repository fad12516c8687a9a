using MlPipelines.Autodiff.Rules;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>The end of a network that sees images, found by structure: the features, and the weighted sums behind them that tell classes
/// apart.</summary>
/// <param name="Features">What the classifier starts from; the network's output where it has no classifier.</param>
/// <param name="Classifier">The weighted sums; null where the network ends in features.</param>
readonly record struct NetworkEnd(Value Features, Node? Classifier)
{
    /// <summary>Operators that leave the scores of the classes in their order and their number.</summary>
    static readonly HashSet<string> neutral =
    [
        "Identity", nameof(Op.Dropout), nameof(Op.Cast), nameof(Op.Flatten), nameof(Op.Reshape), nameof(Op.Squeeze), nameof(Op.Unsqueeze),
        nameof(Op.Transpose),
    ];

    static readonly HashSet<string> pooling =
        [nameof(Op.GlobalAveragePool), nameof(Op.AveragePool), nameof(Op.ReduceMean), nameof(Op.GlobalMaxPool)];

    /// <summary>Operators that make scores of classes; no features end so.</summary>
    static readonly HashSet<string> scoring =
        [nameof(Op.Softmax), nameof(Op.LogSoftmax), nameof(Op.Sigmoid), nameof(Op.Exp), nameof(Op.Log)];

    /// <summary>The end, or null where scores of classes come from something else than weighted sums.</summary>
    public static NetworkEnd? Find(Graph graph)
    {
        try
        {
            return Of(graph);
        }
        catch (GraphException)
        {
            return null;
        }
    }

    /// <summary>The end of a network that is cut where its features are.</summary>
    public static NetworkEnd AtOutput(Graph graph)
    {
        var output = WithoutIdle(graph.Outputs[0].Value);
        // What gives images with their colours last turns its features around too.
        var isTurned = output.Node is { Operator.Type: nameof(Op.Transpose) } last && Op.Permutation(last) is [0, 2, 3, 1];
        return new(isTurned ? output.Node!.Input(0) : output, null);
    }

    /// <exception cref="GraphException">Scores of classes come from something else than weighted sums.</exception>
    public static NetworkEnd Of(Graph graph)
    {
        var ofImage = OfImage(graph);
        var (value, seen) = (graph.Outputs[0].Value, new Seen());
        while (value.Node is { } node)
        {
            if (node.Operator.Type is nameof(Op.Gemm) or nameof(Op.MatMul) or nameof(Op.Conv))
                return WithoutIdle(node.Input(0)) is { Node: not null } features
                    && seen.IsClassifier(node, graph.Outputs[0].Value.Shape) ? new(features, node) : AtOutput(graph);
            if (Before(node, ofImage) is not { } before)
                return seen.Scores
                    ? throw node.Error("no classifier is found behind it (weighted sums, then at most pooling and Softmax). Cut the "
                        + "network by name: CutAt (--cut).")
                    : AtOutput(graph);
            seen = seen.And(node);
            value = before;
        }
        return !seen.Scores ? AtOutput(graph)
            : throw new GraphException("The network has no weighted sums, so there is no classifier to cut off.");
    }

    /// <summary>The features of each image as a vector: the network's next layer reads each place of a map for itself, or their mean stands
    /// for all.</summary>
    /// <exception cref="GraphException">They are neither maps nor vectors; the message names the layer.</exception>
    public Layer? ToVector() => Features.Shape switch
    {
        { Rank: 2 } => null,
        { Rank: 4 } when Classifier is { } node && ReadsPlaces(node) => new Flatten(),
        [_, _, 1, 1] => new Flatten(),
        { Rank: > 2 } shape when Classifier?.Operator.Type == nameof(Op.MatMul) && shape.Skip(1).SkipLast(1).All(size => size == 1) =>
            new Flatten(),
        { Rank: 4 } when Classifier?.Operator.Type != nameof(Op.MatMul) => new GlobalAveragePooling2D(),
        var other => throw (Features.Node?.Error($"{(Classifier is null ? "the network ends in" : "the classifier starts from")} features "
            + $"{other}, needs [batch,features] or [batch,channels,height,width]. Cut the network by name: CutAt (--cut).")
            ?? new GraphException($"The classifier starts from the images themselves, so the network has no features before it.")),
    };

    // A convolution whose window is the whole map has a weight for each of its places: a fully connected layer.
    static bool ReadsPlaces(Node node)
    {
        if (node.Operator.Type != nameof(Op.Conv))
            return false;
        var (window, map) = (Op.WindowOf(node), node.Input(0).Shape);
        return window.Kernel.AsSpan().SequenceEqual(map.AsSpan()[2..]) && window.Pads.All(pad => pad == 0);
    }

    // The input that carries the scores; null where the node mixes classes, or two values that both come from the image.
    static Value? Before(Node node, HashSet<Value> ofImage)
    {
        if (neutral.Contains(node.Operator.Type) || pooling.Contains(node.Operator.Type) || scoring.Contains(node.Operator.Type)
            || node.Operator.Type is nameof(Op.Relu) or nameof(Op.Clip) or nameof(Op.BatchNormalization))
            return node.Input(0);
        if (node.Operator.Type is not (nameof(Op.Add) or nameof(Op.Sub) or nameof(Op.Mul) or nameof(Op.Div)))
            return null;
        Value[] carriers = [.. node.Inputs.OfType<Value>().Where(input => ofImage.Contains(input) && !IsOneNumber(input))];
        return carriers is [var only] ? only : null;
    }

    // One number for all classes of an image, such as their largest score or the sum of all: it moves or scales them alike.
    static bool IsOneNumber(Value value) => value.Shape.Rank > 0 && value.Shape.Skip(1).All(size => size == 1);

    static HashSet<Value> OfImage(Graph graph)
    {
        var found = new HashSet<Value> { graph.Inputs[0] };
        foreach (var node in graph.Nodes)
            if (node.Inputs.Any(input => input is not null && found.Contains(input)))
                found.UnionWith(node.Outputs.Where(output => output.Type == ElementType.Float));
        return found;
    }

    // Dropout changes nothing when a network predicts, and a new classifier brings its own.
    static Value WithoutIdle(Value features)
    {
        while (features.Node is { Operator.Type: nameof(Op.Dropout) or "Identity" } node)
            features = node.Input(0);
        return features;
    }

    /// <summary>What was met on the way from the output towards the sums.</summary>
    readonly record struct Seen(bool Scores, bool Pools, bool Cuts, bool Bounds)
    {
        public Seen And(Node node) => node.Operator.Type switch
        {
            nameof(Op.Relu) => this with { Cuts = true },
            nameof(Op.BatchNormalization) => this with { Bounds = true },
            // Other bounds are what is left of a rounding.
            nameof(Op.Clip) when Activations.BoundsOf(node) is (0, 6) => this with { Bounds = true },
            var type => this with { Scores = Scores || scoring.Contains(type), Pools = Pools || pooling.Contains(type) },
        };

        // Scores are sums as they are. Features are what an activation leaves, but for a convolution of single places whose results are
        // averaged, which is how SqueezeNet ends.
        public bool IsClassifier(Node node, Shape output) => Scores
            || output.Skip(2).All(size => size == 1)
                && (!Cuts && !Bounds || !Bounds && Pools && node.Operator.Type == nameof(Op.Conv)
                    && (Op.WindowOf(node).Kernel.All(size => size == 1) || ReadsPlaces(node)));
    }
}
