using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    internal static readonly Operator[] Activations =
    [
        .. new[]
        {
            nameof(Neg), nameof(Abs), nameof(Exp), nameof(Log), nameof(Sqrt), nameof(Reciprocal), nameof(Erf), nameof(Sign), "Floor",
            "Ceil", "Round", nameof(Sin), nameof(Cos), "Identity",
            nameof(Relu), nameof(LeakyRelu), nameof(Elu), "Selu", "Celu", "ThresholdedRelu", nameof(Sigmoid), nameof(Tanh),
            nameof(HardSigmoid), nameof(HardSwish), nameof(Softplus),
            "Softsign", nameof(Softmax), nameof(LogSoftmax),
        }.Select(type => new Operator(type, Same)),
        new("PRelu", node => Broadcast(node)),
        new(nameof(Clip), Same),
        new(nameof(Cast), InferCast),
    ];

    /// <summary>−x.</summary>
    public static Value Neg(Value x) => Apply(nameof(Neg), [x]);
    /// <summary>|x|.</summary>
    public static Value Abs(Value x) => Apply(nameof(Abs), [x]);
    /// <summary>eˣ.</summary>
    public static Value Exp(Value x) => Apply(nameof(Exp), [x]);
    /// <summary>Natural logarithm.</summary>
    public static Value Log(Value x) => Apply(nameof(Log), [x]);
    /// <summary>Square root.</summary>
    public static Value Sqrt(Value x) => Apply(nameof(Sqrt), [x]);
    /// <summary>1 / x.</summary>
    public static Value Reciprocal(Value x) => Apply(nameof(Reciprocal), [x]);
    /// <summary>Error function.</summary>
    public static Value Erf(Value x) => Apply(nameof(Erf), [x]);
    /// <summary>−1, 0 or 1.</summary>
    public static Value Sign(Value x) => Apply(nameof(Sign), [x]);
    /// <summary>Cosine of x in radians.</summary>
    public static Value Cos(Value x) => Apply(nameof(Cos), [x]);
    /// <summary>Sine of x in radians.</summary>
    public static Value Sin(Value x) => Apply(nameof(Sin), [x]);
    /// <summary>max(x, 0).</summary>
    public static Value Relu(Value x) => Apply(nameof(Relu), [x]);
    /// <summary>x where it is positive, alpha · x elsewhere.</summary>
    public static Value LeakyRelu(Value x, float alpha = 0.01f) => Apply(nameof(LeakyRelu), [x], new() { { "alpha", alpha } });
    /// <summary>x where it is positive, alpha · (eˣ − 1) elsewhere.</summary>
    public static Value Elu(Value x, float alpha = 1) => Apply(nameof(Elu), [x], new() { { "alpha", alpha } });
    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Value Sigmoid(Value x) => Apply(nameof(Sigmoid), [x]);
    /// <summary>Hyperbolic tangent.</summary>
    public static Value Tanh(Value x) => Apply(nameof(Tanh), [x]);

    /// <summary>max(0, min(1, alpha·x + beta)).</summary>
    public static Value HardSigmoid(Value x, float alpha = 0.2f, float beta = 0.5f) =>
        Apply(nameof(HardSigmoid), [x], new() { { "alpha", alpha }, { "beta", beta } });

    /// <summary>x · max(0, min(1, x / 6 + 1 / 2)).</summary>
    public static Value HardSwish(Value x) => Apply(nameof(HardSwish), [x]);
    /// <summary>ln(1 + eˣ).</summary>
    public static Value Softplus(Value x) => Apply(nameof(Softplus), [x]);
    /// <summary>eˣ divided by its sum along the axis.</summary>
    public static Value Softmax(Value x, int axis = -1) => Apply(nameof(Softmax), [x], new() { { "axis", axis } });
    /// <summary>Natural logarithm of Softmax along the axis.</summary>
    public static Value LogSoftmax(Value x, int axis = -1) => Apply(nameof(LogSoftmax), [x], new() { { "axis", axis } });

    /// <summary>x·Φ(x), Φ the normal distribution. Written in operators of opset 17. Source: Hendrycks,
    /// Gimpel 2016, arXiv:1606.08415.</summary>
    public static Value Gelu(Value x) => x * 0.5f * (Erf(x * (float)Math.Sqrt(0.5)) + 1f);

    /// <summary>x·σ(x). Source: Ramachandran, Zoph, Le 2017, arXiv:1710.05941.</summary>
    public static Value Swish(Value x) => x * Sigmoid(x);

    /// <summary>x within [min, max]; a bound left out is none.</summary>
    public static Value Clip(Value x, float? min = null, float? max = null) =>
        Apply(nameof(Clip),
            [x, min is { } least ? Value.Constant(Tensor.Scalar(least)) : null,
                max is { } most ? Value.Constant(Tensor.Scalar(most)) : null]);

    /// <summary>x as numbers of another type.</summary>
    public static Value Cast(Value x, ElementType type) => x.Type == type ? x : Apply(nameof(Cast), [x], new() { { "to", (long)type } });

    static Inferred[] InferCast(Node node) => [new((ElementType)node.Attributes.Int("to"), node.Input(0).Shape)];
}
