using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>Whether ONNX Runtime, and kernels of ours in its place, compute the same bits for an image wherever it stands in a batch,
/// however large, with any number of threads.</summary>
/// <remarks>Products, convolutions and pooling do: each number is summed up by itself, in an order that its shape fixes. Sums over
/// neighbouring numbers begin at an address that registers like, which moves with the place in the batch unless an image takes whole
/// registers; some functions round otherwise at the end of a thread's share than within it.</remarks>
static class BatchIndependence
{
    // The widest registers hold so many numbers.
    const int Register = 16;

    static readonly HashSet<string> sums = [nameof(Op.ReduceSum), nameof(Op.ReduceMean), "ReduceProd", "ReduceL1", "ReduceL2",
        "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp", "LpNormalization", "MeanVarianceNormalization"];

    static readonly HashSet<string> roundedByPlace = ["Log", "Softplus", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh",
        "Asinh", "Acosh", "Atanh", "LogSoftmax", "Mish"];

    /// <summary>Whether it is so for a network.</summary>
    /// <param name="graph">Images [N, …] in, numbers of each image out.</param>
    public static bool Of(Graph graph) => graph.Nodes.All(Holds);

    static bool Holds(Node node) => node.Operator.Type is var type && roundedByPlace.Contains(type) ? IsKnown(node)
        : sums.Contains(type) ? IsKnown(node) || OverMaps(node) && TakesRegisters(node)
        : type != "InstanceNormalization" || TakesRegisters(node);

    // What is computed of weights alone is the same for every image.
    static bool IsKnown(Node node) => node.Outputs[0].Known is not null;

    // Of images with several maps each, over whole maps: rows that stand behind each other in one order for any batch.
    static bool OverMaps(Node node) => node.Input(0).Shape is [_, > 1, _, _] && node.Operator.Type is nameof(Op.ReduceSum)
        or nameof(Op.ReduceMean) && Op.ReducedAxes(node).Order().SequenceEqual([2, 3]);

    static bool TakesRegisters(Node node) => node.Input(0).Shape is { Rank: > 1 } shape && shape.With(0, 1) is { IsKnown: true } one
        && one.Length % Register == 0;
}
