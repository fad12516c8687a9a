using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    internal static readonly Operator[] Products =
    [
        new(nameof(Gemm), InferGemm),
        new(nameof(MatMul), InferMatMul),
    ];

    /// <summary>A·B + C, A and B each transposed first if asked for. A [M,K], B [K,N], C broadcast to [M,N].</summary>
    public static Value Gemm(Value a, Value b, Value? c = null, bool transA = false, bool transB = false, string? name = null) =>
        Apply(nameof(Gemm), [a, b, c], new() { { "transA", transA }, { "transB", transB } }, name);

    /// <summary>Matrix product over the last two axes; the others are broadcast. A vector on the left is a row,
    /// on the right a column.</summary>
    public static Value MatMul(Value a, Value b, string? name = null) => Apply(nameof(MatMul), [a, b], name: name);

    static Inferred[] InferGemm(Node node)
    {
        var (a, b) = (node.Input(0).Shape, node.Input(1).Shape);
        if (a.Rank != 2 || b.Rank != 2)
            throw node.Error($"inputs have shapes {a} and {b}, needs two matrices. Flatten the input first.");
        var (rows, inner) = node.Attributes.Int("transA") == 1 ? (a[1], a[0]) : (a[0], a[1]);
        var (other, columns) = node.Attributes.Int("transB") == 1 ? (b[1], b[0]) : (b[0], b[1]);
        if (inner != other && inner != Shape.Unknown && other != Shape.Unknown)
            throw node.Error($"input has {inner} features, weight {b} takes {other}. Is the input size the one the network was made for?");
        if (node.InputOrNull(2) is { } c)
            BroadcastShapes(node, [[rows, columns], c.Shape]);
        return [new(node.Input(0).Type, [rows, columns])];
    }

    static Inferred[] InferMatMul(Node node)
    {
        var (a, b) = (node.Input(0).Shape, node.Input(1).Shape);
        if (a.Rank == 0 || b.Rank == 0)
            throw node.Error($"inputs have shapes {a} and {b}, needs vectors or matrices.");
        Shape left = a.Rank == 1 ? [1, a[0]] : a, right = b.Rank == 1 ? [b[0], 1] : b;
        if (left[^1] != right[^2] && left[^1] != Shape.Unknown && right[^2] != Shape.Unknown)
            throw node.Error($"input has {left[^1]} features, weight {b} takes {right[^2]}.");
        var batch = BroadcastShapes(node, [Shape.Create(left.AsSpan()[..^2]), Shape.Create(right.AsSpan()[..^2])]);
        var sizes = batch.ToList();
        if (a.Rank > 1)
            sizes.Add(left[^2]);
        if (b.Rank > 1)
            sizes.Add(right[^1]);
        return [new(node.Input(0).Type, [.. sizes])];
    }
}
