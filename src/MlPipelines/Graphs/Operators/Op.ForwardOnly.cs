using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    /// <summary>Operators that are read and run but have no gradient rule: what lies before them in a network can serve frozen.</summary>
    internal static readonly Operator[] ForwardOnly =
    [
        .. new[]
        {
            "LpNormalization", "MeanVarianceNormalization", "CumSum", "Hardmax", "Shrink", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh",
        }.Select(type => new Operator(type, Same)),
        new("GlobalLpPool", node => [new(node.Input(0).Type, [.. node.Input(0).Shape.Select((size, axis) => axis < 2 ? size : 1)])]),
    ];
}
