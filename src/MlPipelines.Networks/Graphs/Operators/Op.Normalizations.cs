using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    internal static readonly Operator[] Normalizations =
    [
        new(nameof(BatchNormalization), InferBatchNormalization),
        new("LRN", Same),
        new("InstanceNormalization", InferInstanceNormalization),
        new("LayerNormalization", InferLayerNormalization),
        new(nameof(Dropout), node => [new(node.Input(0).Type, node.Input(0).Shape)]),
    ];

    /// <summary>Normalises each channel by statistics given. x [N,C,…]; scale, bias, mean and variance [C].</summary>
    public static Value BatchNormalization(Value x, Value scale, Value bias, Value mean, Value variance, float epsilon = 1e-5f,
        float momentum = 0.9f, string? name = null) =>
        Apply(nameof(BatchNormalization), [x, scale, bias, mean, variance], new() { { "epsilon", epsilon }, { "momentum", momentum } },
            name);

    /// <summary>Does nothing at inference; training replaces it by a product with a random mask.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="rate">Fraction of elements that training sets to zero.</param>
    /// <param name="name">Name of the node.</param>
    public static Value Dropout(Value x, float rate, string? name = null) =>
        Apply(nameof(Dropout), [x, Value.Constant(Tensor.Scalar(rate), "rate")], null, name);

    /// <summary>The first axis that a LayerNormalization node normalises over, from 0.</summary>
    public static int FirstAxis(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return AxisOf(node, node.Attributes.Int("axis", -1), node.Input(0).Shape.Rank);
    }

    static Inferred[] InferLayerNormalization(Node node)
    {
        var x = node.Input(0);
        Shape normal = Shape.Create(x.Shape.AsSpan()[FirstAxis(node)..]);
        foreach (var input in node.Inputs.Skip(1).OfType<Value>())
            if (BroadcastShapes(node, [normal, input.Shape]) != normal)
                throw node.Error($"normalises axes of the sizes {normal}, but '{input.Name}' has shape {input.Shape}.");
        return [new(x.Type, x.Shape)];
    }

    static Inferred[] InferInstanceNormalization(Node node)
    {
        var x = node.Input(0);
        if (x.Shape.Rank < 3)
            throw node.Error($"input has shape {x.Shape}, needs [batch,channels,…].");
        for (var i = 1; i < 3; i++)
            if (node.Input(i).Shape != [x.Shape[1]])
                throw node.Error(
                    $"input has {x.Shape[1]} channels, but input {i} ('{node.Input(i).Name}') has shape {node.Input(i).Shape}.");
        return [new(x.Type, x.Shape)];
    }

    static Inferred[] InferBatchNormalization(Node node)
    {
        var x = node.Input(0);
        if (x.Shape.Rank < 2)
            throw node.Error($"input has shape {x.Shape}, needs [batch,channels,…].");
        for (var i = 1; i < 5; i++)
            if (node.Input(i).Shape != [x.Shape[1]])
                throw node.Error(
                    $"input has {x.Shape[1]} channels, but input {i} ('{node.Input(i).Name}') has shape {node.Input(i).Shape}.");
        Inferred y = new(x.Type, x.Shape);
        Inferred statistic = new(x.Type, [x.Shape[1]]);
        return node.Attributes.Int("training_mode") == 1 ? [y, statistic, statistic] : [y];
    }
}
