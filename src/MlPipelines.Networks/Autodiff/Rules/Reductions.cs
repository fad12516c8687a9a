using MlPipelines.Graphs;
using MlPipelines.Tensors;
using static MlPipelines.Graphs.Op;

namespace MlPipelines.Autodiff.Rules;

static class Reductions
{
    public static readonly Rule[] Rules =
    [
        new(nameof(ReduceSum), (n, _, dy) => [Spread(n, dy)]),
        new(nameof(ReduceMean), (n, y, dy) => [Spread(n, dy / ((float)n.Input(0).Shape.Length / y.Shape.Length))]),
        new(nameof(ReduceMax), (n, y, dy) => [ToChosen(n.Input(0), Kept(n, y), Kept(n, dy), ReducedAxes(n))]),
        new("ReduceMin", (n, y, dy) => [ToChosen(n.Input(0), Kept(n, y), Kept(n, dy), ReducedAxes(n))]),
    ];

    /// <summary>Gives each reduced group's gradient to the elements that were chosen, its largest or smallest, in equal parts.</summary>
    public static Value ToChosen(Value x, Value y, Value dy, int[] axes)
    {
        var chosen = Cast(Equal(x, y), ElementType.Float);
        return chosen * (dy / ReduceSum(chosen, axes));
    }

    static Value Spread(Node node, Value dy) => Expand(Kept(node, dy), node.Input(0).Shape);

    static Value Kept(Node node, Value y)
    {
        var axes = ReducedAxes(node);
        return Reshape(y, [.. node.Input(0).Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)]);
    }
}
