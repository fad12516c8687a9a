using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>What the stored tensors of a file are used for, which tells weights from constants.</summary>
sealed class Uses(GraphProto graph)
{
    readonly ILookup<string, (NodeProto Node, int Place)> consumers = graph.Node
        .SelectMany(node => node.Input.Select((name, place) => (name, use: (node, place))))
        .ToLookup(pair => pair.name, pair => pair.use, StringComparer.Ordinal);

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
            null => tensor.Shape.Rank == 0 ? Use.Other : Of(name, depth: 0),
            _ => Use.Weight,
        };
        return use == Use.Other ? Value.Constant(tensor, name)
            : Value.Parameter(name, tensor.Shape, Initializer.Fixed(tensor), trainable: use == Use.Weight);
    }

    Use Of(string name, int depth)
    {
        var uses = consumers[name].Select(consumer => Of(consumer.Node, consumer.Place, depth)).ToList();
        return uses.Contains(Use.Weight) ? Use.Weight : uses.Contains(Use.Statistic) ? Use.Statistic : Use.Other;
    }

    Use Of(NodeProto node, int place, int depth) => (node.OpType, place) switch
    {
        ("Conv" or "ConvTranspose" or "Gemm" or "MatMul" or "Add" or "Mul" or "PRelu", _) => Use.Weight,
        ("BatchNormalization" or "LayerNormalization" or "InstanceNormalization" or "GroupNormalization", 1 or 2) => Use.Weight,
        ("BatchNormalization", 3 or 4) => Use.Statistic,
        ("Identity" or "Cast" or "Transpose" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten", 0)
        when depth < 8 && node.Output.Count > 0 => Of(node.Output[0], depth + 1),
        _ => Use.Other,
    };
}
