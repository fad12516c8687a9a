using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Networks of files that were exported as they learn, as networks that predict: normalised by their stored statistics, without
/// dropout. <see cref="TrainingMode"/> makes of them what learns.</summary>
static class InferenceMode
{
    /// <summary>The network without dropout: where nothing before it learns, it has nothing to do.</summary>
    public static Graph WithoutDropout(Graph network) =>
        network.Replace((node, copy) => node.Operator.Type == nameof(Op.Dropout) ? [copy.Input(0)] : null);

    /// <summary>The graph as it predicts, and what to tell of it; null where it predicted already.</summary>
    /// <param name="path">The file, for the warning.</param>
    /// <param name="graph">As it was read.</param>
    public static (Graph Graph, string? Warning) Of(string path, Graph graph)
    {
        var (normalisations, dropouts) = (graph.Nodes.Count(LearnsStatistics), graph.Nodes.Count(DropsOut));
        if (normalisations + dropouts == 0)
            return (graph, null);
        string[] what =
        [
            .. Named(normalisations, "normalisation", "is done by stored statistics", "are done by stored statistics"),
            .. Named(dropouts, "dropout", "is left out", "are left out"),
        ];
        return (graph.Replace((node, copy) => LearnsStatistics(node)
                ? [Over(copy, copy.Inputs, copy.Attributes.With("training_mode", null)), copy.Input(3), copy.Input(4)]
                : DropsOut(node) ? [Over(copy, copy.Inputs.Take(2), copy.Attributes)] : null),
            $"{path} was exported as it learns, so that the scores of an image would depend on the others of its batch: "
                + $"{string.Join(" and ", what)}, as when a network predicts. Export it in evaluation mode if its scores differ from what "
                + "they were.");
    }

    static IEnumerable<string> Named(int count, string noun, string one, string more) =>
        count == 0 ? [] : [count == 1 ? $"1 {noun} {one}" : $"{count} {noun}s {more}"];

    static bool LearnsStatistics(Node node) =>
        node.Operator.Type == nameof(Op.BatchNormalization) && node.Attributes.Int("training_mode") == 1;

    // Whether it drops anything is an input; one that is computed may say so.
    static bool DropsOut(Node node) => node.Operator.Type == nameof(Op.Dropout) && node.InputOrNull(2) is { } training
        && (training.Known is not { } known || known.Type != ElementType.Bool || known.Bytes.Span.ContainsAnyExcept((byte)0));

    static Value Over(Node node, IEnumerable<Value?> inputs, Attributes attributes) =>
        Node.Of(node.Operator, inputs, attributes, node.Name, node.Outputs.Take(1).Select(output => output.Name)).Outputs[0];
}
