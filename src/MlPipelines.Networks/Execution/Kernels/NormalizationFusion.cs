using MlPipelines.Autodiff.Rules;
using MlPipelines.Graphs;

namespace MlPipelines.Execution.Kernels;

/// <summary>Joins normalization by the batch's statistics with the Relu or Clip behind it, and their gradients with its gradient: what lies
/// between them is then neither written nor read.</summary>
static class NormalizationFusion
{
    /// <summary>Relu lets pass what is greater than zero; a denormal number counts as zero.</summary>
    const float Positive = 1.17549435e-38f;

    /// <summary>One normalization, what it clips to, the results whose gradient passes on the way back, and the nodes there.</summary>
    readonly record struct Join(Node Normalization, Node Activation, Bounds Clip, Bounds Passing, Node[] Masks, Node[] Gradients);

    public static Graph Fuse(Graph graph)
    {
        var uses = graph.Nodes.SelectMany(node => node.Inputs.OfType<Value>().Distinct().Select(input => (input, node)))
            .ToLookup(use => use.input, use => use.node);
        var outputs = graph.Outputs.Select(output => output.Value).ToHashSet();
        var joins = graph.Nodes.Where(node => node.Operator.Type == nameof(Op.BatchNormalizationTraining) && !node.Attributes.Has("least"))
            .Select(node => JoinOf(node, uses, outputs)).OfType<Join>().ToArray();
        var normalizations = joins.ToDictionary(join => join.Normalization);
        var gradients = joins.SelectMany(join => join.Gradients, (join, gradient) => (join, gradient))
            .ToDictionary(pair => pair.gradient, pair => pair.join);
        var activations = joins.Select(join => join.Activation).ToHashSet();
        var masks = joins.SelectMany(join => join.Masks).ToHashSet();
        return graph.Replace((before, now) =>
            normalizations.TryGetValue(before, out var join)
            ? Node.Of(now.Operator, now.Inputs, With(now, join.Clip), now.Name).Outputs
            : activations.Contains(before) ? [now.Input(0)]
            : masks.Contains(before) ? [now.Input(1)]
            : gradients.TryGetValue(before, out join)
            ? Node.Of(now.Operator, [.. now.Inputs, now.Input(3).Node!.Input(2)], With(now, join.Passing), now.Name).Outputs
            : null);
    }

    static Attributes With(Node node, Bounds bounds) => node.Attributes.With("least", bounds.Least).With("most", bounds.Most);

    static Join? JoinOf(Node normalization, ILookup<Value, Node> uses, HashSet<Value> outputs)
    {
        var y = normalization.Outputs[0];
        var activations = uses[y].Where(node => node.Operator.Type is nameof(Op.Relu) or nameof(Op.Clip)).ToArray();
        if (activations is not [var activation] || outputs.Contains(y))
            return null;
        var relu = activation.Operator.Type == nameof(Op.Relu);
        if ((relu ? (0, float.PositiveInfinity) : Activations.BoundsOf(activation)) is not var (least, most))
            return null;
        var (maskName, masked) = relu ? (nameof(Op.ReluGradient), activation.Outputs[0]) : (nameof(Op.ClipGradient), y);
        var masks = uses[masked].Where(node => node.Operator.Type == maskName && node.Input(0) == masked).ToArray();
        if (uses[y].Any(node => node != activation && !masks.Contains(node)))
            return null;
        var gradients = masks.SelectMany(mask => uses[mask.Outputs[0]]).ToArray();
        return gradients.All(node => node.Operator.Type == nameof(Op.BatchNormalizationGradient) && node.Input(3).Node == normalization
            && masks.Contains(node.Input(1).Node)) && !masks.Any(mask => outputs.Contains(mask.Outputs[0]))
            ? new(normalization, activation, new(least, most), new(relu ? Positive : least, most), masks, gradients) : null;
    }
}
