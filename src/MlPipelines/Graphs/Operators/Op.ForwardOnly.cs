using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    /// <summary>Operators that are read and run but have no gradient rule: what lies before them in a network can serve frozen.</summary>
    internal static readonly Operator[] ForwardOnly =
    [
        .. new[]
        {
            "InstanceNormalization", "LpNormalization", "MeanVarianceNormalization", "CumSum", "Hardmax", "Shrink", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh",
        }.Select(type => new Operator(type, Same)),
        new("DepthToSpace", InferDepthToSpace),
        new("SpaceToDepth", InferSpaceToDepth),
        new("TopK", InferTopK),
        new("GlobalLpPool", node => [new(node.Input(0).Type, [.. node.Input(0).Shape.Select((size, axis) => axis < 2 ? size : 1)])]),
    ];

    /// <summary>The largest numbers along an axis in falling order, and their places, int64; of equal ones the first.</summary>
    public static (Value Values, Value Places) TopK(Value x, int count, int axis = -1) =>
        Node.Of(Operator.Find("TopK"), [x, Ints(count)], new() { { "axis", axis } }).Outputs is [var values, var places] ? (values, places) : default;

    static Inferred[] InferTopK(Node node)
    {
        var (x, count) = (node.Input(0), node.KnownInts(1)!);
        var axis = AxisOf(node, node.Attributes.Int("axis", -1), x.Shape.Rank);
        if (count is not [>= 1 and <= int.MaxValue and var most] || x.Shape[axis] != Shape.Unknown && most > x.Shape[axis])
            throw node.Error($"takes {string.Join(",", count)} of axis {axis} of input {x.Shape}, needs a single number from 1 to the axis's size.");
        var shape = x.Shape.With(axis, (int)most);
        return [new(x.Type, shape), new(ElementType.Int64, shape)];
    }

    static Inferred[] InferDepthToSpace(Node node)
    {
        var (x, block) = Blocks(node);
        if (x[1] != Shape.Unknown && x[1] % (block * block) != 0)
            throw node.Error($"input {x} has {x[1]} channels, needs a multiple of {block * block}.");
        return [new(node.Input(0).Type, [x[0], Times(x[1], 1, block * block), Times(x[2], block, 1), Times(x[3], block, 1)])];
    }

    static Inferred[] InferSpaceToDepth(Node node)
    {
        var (x, block) = Blocks(node);
        if (x.Skip(2).Any(size => size != Shape.Unknown && size % block != 0))
            throw node.Error($"input {x} has height and width that are no multiples of {block}.");
        return [new(node.Input(0).Type, [x[0], Times(x[1], block * block, 1), Times(x[2], 1, block), Times(x[3], 1, block)])];
    }

    static (Shape X, int Block) Blocks(Node node)
    {
        var (x, block) = (node.Input(0).Shape, node.Attributes.Int("blocksize"));
        return x.Rank != 4 ? throw node.Error($"input has shape {x}, needs [batch,channels,height,width].")
            : block is < 1 or > 1024 ? throw node.Error($"blocksize is {block}, needs 1 to 1024.")
            : (x, (int)block);
    }

    static int Times(int size, int factor, int divisor) => size == Shape.Unknown ? size : checked(size * factor / divisor);
}
