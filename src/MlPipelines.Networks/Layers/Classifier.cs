using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>The end of a classification network: its last weighted sums, found by structure.</summary>
/// <param name="Features">What they start from.</param>
/// <param name="Node">The sums.</param>
readonly record struct Classifier(Value Features, Node Node)
{
    /// <summary>Operators that may stand between the classifier's sums and the network's output
    /// without changing which class is which.</summary>
    static readonly HashSet<string> Behind =
    [
        nameof(Op.Softmax), nameof(Op.LogSoftmax), nameof(Op.Sigmoid), nameof(Op.Flatten), nameof(Op.Reshape), nameof(Op.Squeeze),
        "Identity", nameof(Op.Dropout), nameof(Op.Relu), nameof(Op.GlobalAveragePool),
        nameof(Op.AveragePool), nameof(Op.ReduceMean), nameof(Op.Add), nameof(Op.Cast),
    ];

    /// <summary>The classifier, or null where there is none.</summary>
    public static Classifier? Find(Graph graph)
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

    /// <exception cref="GraphException">The output is not made by weighted sums.</exception>
    public static Classifier Of(Graph graph)
    {
        var value = graph.Outputs[0].Value;
        while (value.Node is { } node)
        {
            if (node.Operator.Type is nameof(Op.Gemm) or nameof(Op.MatMul) or nameof(Op.Conv))
                return new(Before(node.Input(0)), node);
            if (!Behind.Contains(node.Operator.Type))
                throw node.Error(
                    "no classifier is found behind it (weighted sums, then at most pooling and Softmax). Cut the network by name: CutAt.");
            value = node.Inputs.OfType<Value>().FirstOrDefault(input => input.Kind == ValueKind.Result) ?? node.Input(0);
        }
        throw new GraphException("The network has no weighted sums, so there is no classifier to cut off.");
    }

    // Dropout changes nothing when a network predicts, and a new classifier brings its own.
    static Value Before(Value features)
    {
        while (features.Node is { Operator.Type: nameof(Op.Dropout) or "Identity" } node)
            features = node.Input(0);
        return features;
    }
}
