using MlPipelines.Graphs;
using static MlPipelines.Graphs.Op;

namespace MlPipelines.Autodiff.Rules;

static class Pooling
{
    public static readonly Rule[] Rules =
    [
        new(nameof(MaxPool), (n, y, dy) => [MaxPoolGradient(n.Input(0), y, dy, Resolved(n))]),
        new(nameof(AveragePool),
            (n, _, dy) =>
                [AveragePoolGradient(dy, n.Input(0).Shape, Resolved(n).With("count_include_pad", n.Attributes.Int("count_include_pad")))]),
        new(nameof(GlobalAveragePool), (n, _, dy) => [GlobalAveragePoolGradient(dy, n.Input(0).Shape)]),
        new(nameof(GlobalMaxPool), (n, y, dy) => [Reductions.ToChosen(n.Input(0), y, dy, [.. Enumerable.Range(2, y.Shape.Rank - 2)])]),
    ];

    static Attributes Resolved(Node node)
    {
        var window = WindowOf(node);
        return Pooled(window.Sliding, window.Kernel, window.Ceil);
    }
}
