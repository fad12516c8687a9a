using MlPipelines.Graphs;
using static MlPipelines.Graphs.Op;

namespace MlPipelines.Autodiff.Rules;

static class Products
{
    public static readonly Rule[] Rules =
    [
        new(nameof(Gemm), (n, _, dy) => OfGemm(n, dy)),
        new(nameof(MatMul), (n, _, dy) => OfMatMul(n, dy)),
    ];

    static Value?[] OfGemm(Node node, Value dy)
    {
        var (a, b) = (node.Input(0), node.Input(1));
        var (alpha, beta) = (node.Attributes.Float("alpha", 1), node.Attributes.Float("beta", 1));
        var (transA, transB) = (node.Attributes.Int("transA") == 1, node.Attributes.Int("transB") == 1);
        return
        [
            transA ? Product(b, dy, transB, true) : Product(dy, b, false, !transB),
            transB ? Product(dy, a, true, transA) : Product(a, dy, !transA, false),
            node.InputOrNull(2) is null ? null : beta == 1 ? dy : dy * beta,
        ];

        Value Product(Value left, Value right, bool turnLeft, bool turnRight) => Apply(nameof(Gemm), [left, right],
            new() { { "alpha", alpha }, { "transA", turnLeft }, { "transB", turnRight } });
    }

    static Value?[] OfMatMul(Node node, Value dy)
    {
        var (a, b) = (node.Input(0), node.Input(1));
        var left = a.Shape.Rank == 1 ? Reshape(a, 1, -1) : a;
        var right = b.Shape.Rank == 1 ? Reshape(b, -1, 1) : b;
        var sizes = dy.Shape.ToList();
        if (a.Shape.Rank == 1)
            sizes.Insert(b.Shape.Rank == 1 ? sizes.Count : sizes.Count - 1, 1);
        if (b.Shape.Rank == 1)
            sizes.Add(1);
        var product = Reshape(dy, [.. sizes]);
        return
        [
            Reshape(Broadcasting.SumTo(MatMul(product, Swapped(right)), left.Shape), a.Shape.AsSpan()),
            Reshape(Broadcasting.SumTo(MatMul(Swapped(left), product), right.Shape), b.Shape.AsSpan()),
        ];
    }

    static Value Swapped(Value x)
    {
        var rank = x.Shape.Rank;
        return Transpose(x, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]);
    }
}
