using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>How much a network computes for one picture.</summary>
static class NetworkWork
{
    /// <summary>Products in convolutions and matrices, and one for each number that another node gives.</summary>
    /// <param name="network">Its graph, of pictures of one size.</param>
    public static double Of(Graph network) => network.Nodes.Sum(node => node.Operator.Type switch
    {
        nameof(Op.Conv) => Numbers(node) * Products(node.Input(1).Shape),
        nameof(Op.Gemm) or nameof(Op.MatMul) when node.Input(0).Shape is { Rank: > 0 } rows => Numbers(node) * Math.Max(1, rows[-1]),
        _ => Numbers(node),
    });

    // A filter has one product for each of its weights: all of the kernel's but the number of filters.
    static double Products(Shape kernel) => kernel.Skip(1).Aggregate(1.0, (product, size) => product * Math.Max(1, size));

    static double Numbers(Node node) =>
        node.Outputs[0].Shape.Aggregate(1.0, (product, size) => product * Math.Max(1, size));
}
