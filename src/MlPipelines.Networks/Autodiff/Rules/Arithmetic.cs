using MlPipelines.Graphs;
using MlPipelines.Tensors;
using static MlPipelines.Graphs.Op;

namespace MlPipelines.Autodiff.Rules;

static class Arithmetic
{
    public static readonly Rule[] Rules =
    [
        new(nameof(Add), (_, _, dy) => [dy, dy]),
        new(nameof(Sub), (_, _, dy) => [dy, -dy]),
        new(nameof(Mul), (n, _, dy) => [dy * n.Input(1), dy * n.Input(0)]),
        new(nameof(Div), (n, y, dy) => [dy / n.Input(1), -(dy * y / n.Input(1))]),
        new(nameof(Pow), (n, y, dy) => OfPow(n, Cast(n.Input(1), ElementType.Float), y, dy)),
        new(nameof(Min), Chosen),
        new(nameof(Max), Chosen),
        new("Sum", (n, _, dy) => [.. n.Inputs.Select(_ => dy)]),
        new("Mean", (n, _, dy) => [.. n.Inputs.Select(_ => dy / (float)n.Inputs.Length)]),
        new(nameof(Where), (n, _, dy) => [null, Where(n.Input(0), dy, 0), Where(n.Input(0), 0, dy)]),
    ];

    // The exponent may be of any type.
    static Value?[] OfPow(Node node, Value exponent, Value y, Value dy) =>
        [dy * exponent * Pow(node.Input(0), exponent - 1f), dy * y * Log(node.Input(0))];

    static Value?[] Chosen(Node node, Value y, Value dy) => [.. node.Inputs.Select(x => Where(Equal(x!, y), dy, 0))];
}
