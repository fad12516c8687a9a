using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    /// <summary>Operators that are read and run but have no gradient rule: what lies before them in a network can serve frozen.</summary>
    internal static readonly Operator[] ForwardOnly =
    [
        .. new[]
        {
            "LpNormalization", "MeanVarianceNormalization", "CumSum", "Hardmax", "Shrink", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh",
            "Asinh", "Acosh", "Atanh",
        }.Select(type => new Operator(type, Same)),
        new(nameof(TopK), InferTopK),
        new("Mod", node => Broadcast(node)),
        new("ReduceProd", InferReduction),
        new("GlobalLpPool", node => [new(node.Input(0).Type, [.. node.Input(0).Shape.Select((size, axis) => axis < 2 ? size : 1)])]),
    ];

    /// <summary>The largest numbers along an axis in falling order, and their places, int64; of equal ones the first.</summary>
    public static (Value Values, Value Places) TopK(Value x, int count, int axis = -1) =>
        Node.Of(Operator.Find(nameof(TopK)), [x, Ints(count)], new() { { "axis", axis } }).Outputs is [var values, var places]
        ? (values, places)
        : default;

    static Inferred[] InferTopK(Node node)
    {
        var (x, count) = (node.Input(0), node.KnownInts(1)!);
        var axis = AxisOf(node, node.Attributes.Int("axis", -1), x.Shape.Rank);
        if (count is not [>= 1 and <= int.MaxValue and var most] || x.Shape[axis] != Shape.Unknown && most > x.Shape[axis])
            throw node.Error(
                $"takes {string.Join(",", count)} of axis {axis} of input {x.Shape}, needs a single number from 1 to the axis's size.");
        var shape = x.Shape.With(axis, (int)most);
        return [new(x.Type, shape), new(ElementType.Int64, shape)];
    }
}
