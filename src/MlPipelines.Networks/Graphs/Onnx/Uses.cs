using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>What the stored tensors of a file are used for, which tells weights from constants.</summary>
sealed class Uses(GraphProto graph)
{
    readonly ILookup<string, (NodeProto Node, int Place)> consumers = Nodes(graph)
        .SelectMany(node => node.Input.Select((name, place) => (name, use: (node, place))))
        .ToLookup(pair => pair.name, pair => pair.use, StringComparer.Ordinal);

    // More than axes have sizes is a table of something else.
    const int MostSizes = 8;

    readonly HashSet<string> sizes = OfSizes(graph);

    // Branches use what is stored outside them.
    static IEnumerable<NodeProto> Nodes(GraphProto graph) => graph.Node.SelectMany(node => node.Attribute
        .Where(attribute => attribute.G is not null).SelectMany(attribute => Nodes(attribute.G)).Prepend(node));

    enum Use { Other, Weight, Statistic }

    /// <summary>A stored tensor as a parameter or a constant.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="tensor">Its content.</param>
    /// <param name="note">What <see cref="ModelWriter"/> noted about it; null in files of others.</param>
    public Value Leaf(string name, Tensor tensor, string? note)
    {
        if (tensor.Type != ElementType.Float)
            return Value.Constant(tensor, name);
        var use = note switch
        {
            ModelWriter.ConstantNote => Use.Other,
            ModelWriter.StatisticNote => Use.Statistic,
            null => tensor.Shape.Rank == 0 || tensor.Shape.Length <= MostSizes && consumers[name].Any() && consumers[name].All(IsOfSizes)
                ? Use.Other : Of(name, depth: 0),
            _ => Use.Weight,
        };
        return use == Use.Other ? Value.Constant(tensor, name)
            : Value.Parameter(name, tensor.Shape, Initializer.Fixed(tensor), trainable: use == Use.Weight);
    }

    // What sizes are multiplied by, or moved by, is no weight.
    bool IsOfSizes((NodeProto Node, int Place) use) => use.Node.Output.Any(sizes.Contains);

    // What is computed from the sizes of values and from stored tensors alone.
    static HashSet<string> OfSizes(GraphProto graph)
    {
        var stored = graph.Initializer.Select(tensor => tensor.Name).Append("").ToHashSet(StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in graph.Node)
            if (node.OpType is "Shape" or "Size"
                || node.Input.Any(found.Contains) && node.Input.All(input => found.Contains(input) || stored.Contains(input)))
                found.UnionWith(node.Output);
            else if (node.OpType == "Constant")
                stored.UnionWith(node.Output);
        return found;
    }

    Use Of(string name, int depth)
    {
        var uses = consumers[name].Select(consumer => Of(consumer.Node, consumer.Place, depth)).ToList();
        return uses.Contains(Use.Weight) ? Use.Weight : uses.Contains(Use.Statistic) ? Use.Statistic : Use.Other;
    }

    Use Of(NodeProto node, int place, int depth) => (node.OpType, place) switch
    {
        (nameof(Op.Conv) or nameof(Op.ConvTranspose) or nameof(Op.Gemm) or nameof(Op.MatMul) or nameof(Op.Add) or nameof(Op.Mul)
            or "PRelu", _) => Use.Weight,
        (nameof(Op.BatchNormalization) or "LayerNormalization" or "InstanceNormalization" or "GroupNormalization", 1 or 2) => Use.Weight,
        (nameof(Op.BatchNormalization), 3 or 4) => Use.Statistic,
        ("Identity" or nameof(Op.Cast) or nameof(Op.Transpose) or nameof(Op.Reshape) or nameof(Op.Squeeze) or nameof(Op.Unsqueeze)
        or nameof(Op.Flatten), 0)
        when depth < 8 && node.Output.Count > 0 => Of(node.Output[0], depth + 1),
        _ => Use.Other,
    };
}
