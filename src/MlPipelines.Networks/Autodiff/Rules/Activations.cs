using MlPipelines.Graphs;
using MlPipelines.Tensors;
using static MlPipelines.Graphs.Op;

namespace MlPipelines.Autodiff.Rules;

static class Activations
{
    const float SeluAlpha = 1.67326319217681884765625f, SeluGamma = 1.05070102214813232421875f;

    public static readonly Rule[] Rules =
    [
        new("Identity", (_, _, dy) => [dy]),
        new(nameof(Dropout), (_, _, dy) => [dy]),
        new(nameof(Cast), (n, _, dy) => [Cast(dy, n.Input(0).Type)]),
        new(nameof(Neg), (_, _, dy) => [-dy]),
        new(nameof(Abs), (n, _, dy) => [dy * Sign(n.Input(0))]),
        new(nameof(Exp), (_, y, dy) => [dy * y]),
        new(nameof(Log), (n, _, dy) => [dy / n.Input(0)]),
        new(nameof(Sqrt), (_, y, dy) => [dy * 0.5f / y]),
        new(nameof(Reciprocal), (_, y, dy) => [-(dy * y * y)]),
        new(nameof(Sin), (n, _, dy) => [dy * Cos(n.Input(0))]),
        new(nameof(Cos), (n, _, dy) => [-(dy * Sin(n.Input(0)))]),
        new(nameof(Erf), (n, _, dy) => [dy * (float)(2 / Math.Sqrt(Math.PI)) * Exp(-(n.Input(0) * n.Input(0)))]),
        new(nameof(Relu), (_, y, dy) => [ReluGradient(y, dy)]),
        new(nameof(LeakyRelu), (n, _, dy) => [Where(n.Input(0) > 0, dy, dy * n.Attributes.Float("alpha", 0.01f))]),
        new("ThresholdedRelu", (n, _, dy) => [Where(n.Input(0) > n.Attributes.Float("alpha", 1), dy, 0)]),
        new("PRelu", (n, _, dy) => [Where(n.Input(0) > 0, dy, dy * n.Input(1)), Where(n.Input(0) > 0, 0, dy * n.Input(0))]),
        new(nameof(Elu), (n, y, dy) => [Where(n.Input(0) > 0, dy, dy * (y + n.Attributes.Float("alpha", 1)))]),
        new("Celu", (n, _, dy) => [Where(n.Input(0) > 0, dy, dy * Exp(n.Input(0) / n.Attributes.Float("alpha", 1)))]),
        new("Selu", (n, y, dy) => Selu(n, y, dy, n.Attributes.Float("alpha", SeluAlpha), n.Attributes.Float("gamma", SeluGamma))),
        new(nameof(Sigmoid), (_, y, dy) => [dy * y * (1 - y)]),
        new(nameof(Tanh), (_, y, dy) => [dy * (1 - y * y)]),
        new(nameof(HardSigmoid), (n, y, dy) => [Where(And(y > 0, y < 1), dy * n.Attributes.Float("alpha", 0.2f), 0)]),
        new(nameof(HardSwish), (n, _, dy) => [dy * Where(n.Input(0) < -3, 0, Where(n.Input(0) > 3, 1, n.Input(0) / 3 + 0.5f))]),
        new(nameof(Softplus), (n, _, dy) => [dy * Sigmoid(n.Input(0))]),
        new("Softsign", (n, _, dy) => [dy / Pow(Abs(n.Input(0)) + 1, 2)]),
        new(nameof(Softmax), (n, y, dy) => [y * (dy - ReduceSum(y * dy, [Axis(n)]))]),
        new(nameof(LogSoftmax), (n, y, dy) => [dy - Exp(y) * ReduceSum(dy, [Axis(n)])]),
        new(nameof(Clip), (n, _, dy) => [Clip(n, dy)]),
    ];

    static int Axis(Node node) => (int)node.Attributes.Int("axis", -1);

    static Value?[] Selu(Node node, Value y, Value dy, float alpha, float gamma) =>
        [Where(node.Input(0) > 0, dy * gamma, dy * (y + alpha * gamma))];

    /// <summary>What a Clip leaves as it is, where that is known before it runs.</summary>
    public static (float Least, float Most)? BoundsOf(Node clip) =>
        Bound(clip, 1, float.NegativeInfinity) is { } least && Bound(clip, 2, float.PositiveInfinity) is { } most ? (least, most) : null;

    static float? Bound(Node clip, int input, float otherwise) => clip.InputOrNull(input) is not { } value ? otherwise
        : value.Known is { Type: ElementType.Float } known ? known.Elements<float>()[0] : null;

    static Value Clip(Node node, Value dy)
    {
        var x = node.Input(0);
        if (BoundsOf(node) is { } bounds)
            return ClipGradient(x, dy, bounds.Least, bounds.Most);
        Value? inside = node.InputOrNull(1) is { } least ? GreaterOrEqual(x, least) : null;
        if (node.InputOrNull(2) is { } most)
            inside = inside is null ? LessOrEqual(x, most) : And(inside, LessOrEqual(x, most));
        return inside is null ? dy : Where(inside, dy, Value.Constant(Tensor.Scalar(0f)));
    }
}
