using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

namespace MlPipelines;

public sealed partial record ImageClassifier
{
    /// <summary>A classifier that was made elsewhere, as a step.</summary>
    /// <param name="network">The whole network with what it wants done with pixels, such as <see cref="Networks.Network.FromOnnx"/> reads
    /// it; it gives a score for each class, as probabilities or before Softmax, which is put behind it then.</param>
    /// <param name="labels">Names of the classes, in the order of the scores.</param>
    /// <param name="featureColumn">Column of images, of image files' bytes, streams or paths.</param>
    /// <param name="input">The images that the network gets; null for those that it takes.</param>
    /// <exception cref="ArgumentException">The network takes any size and none is given, or there are more or fewer labels than
    /// classes.</exception>
    /// <exception cref="GraphException">It gives no scores [batch,classes].</exception>
    public static ImageClassifier FromNetwork(Network network, IEnumerable<string> labels, string featureColumn = "Image",
        Input? input = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var names = labels.ToImmutableArray();
        var graph = ScoredGraph(network, input);
        var scores = graph.Outputs[0].Value;
        if (names.Length != scores.Shape[1])
            throw new ArgumentException($"labels: got {names.Length} names, the network has {scores.Shape[1]} classes."
                + (names.Length + 1 == scores.Shape[1] ? " Networks of TensorFlow often begin with a class 'background': put it first."
                    : " Are they those of another network?"), nameof(labels));
        return new(OnnxFile.Write(graph), names, featureColumn) { Preprocessing = (network as GraphNetwork)?.PreprocessingText };
    }

    /// <summary>How many classes a network tells apart.</summary>
    /// <inheritdoc cref="FromNetwork"/>
    internal static int ClassesOf(Network network, Input? input = null) => ScoresOf(Built(network, input)).Shape[1];

    /// <summary>The graph of a network whose output, called Score, is the probability of each class.</summary>
    /// <inheritdoc cref="FromNetwork"/>
    internal static Graph ScoredGraph(Network network, Input? input = null)
    {
        var graph = Built(network, input);
        var scores = ScoresOf(graph);
        return new(graph.Inputs, ("Score", IsProbabilities(scores) ? scores : Op.Softmax(scores, 1)));
    }

    static Graph Built(Network network, Input? input)
    {
        input ??= network.Takes
            ?? throw new ArgumentException("ImageClassifier: the network takes images of any size, needs one. Give an input, such as "
                + "new Input(224, 224, 3).", nameof(input));
        return network.Build(input.Height, input.Width, input.Channels);
    }

    static Value ScoresOf(Graph graph)
    {
        var output = graph.Outputs[0].Value;
        var scores = output.Shape is [_, _, 1, 1] ? Op.Flatten(output) : output;
        return scores.Shape is [_, > 1] ? scores
            : throw new GraphException($"The network gives {output.Shape}, scores [batch,classes] of two classes or more are needed. Does "
                + "it end in features, or find objects? Train a head on it.");
    }

    // Neither changes which class is the most probable; those of Sigmoid stand each for itself.
    internal static bool IsProbabilities(Value scores)
    {
        while (scores.Node is { Operator.Type: nameof(Op.Flatten) or nameof(Op.Reshape) or nameof(Op.Squeeze) or "Identity" } between)
            scores = between.Input(0);
        return scores.Node is { Operator.Type: nameof(Op.Softmax) or nameof(Op.Sigmoid) };
    }
}
