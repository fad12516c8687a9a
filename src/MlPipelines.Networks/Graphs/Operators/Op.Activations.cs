using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    internal static readonly Operator[] Activations =
    [
        .. new[]
        {
            "Neg", "Abs", "Exp", "Log", "Sqrt", "Reciprocal", "Erf", "Sign", "Floor", "Ceil", "Round", "Sin", "Cos", "Identity",
            "Relu", "LeakyRelu", "Elu", "Selu", "Celu", "ThresholdedRelu", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "Softplus",
            "Softsign", "Softmax", "LogSoftmax",
        }.Select(type => new Operator(type, Same)),
        new("PRelu", node => Broadcast(node)),
        new("Clip", Same),
        new("Cast", InferCast),
    ];

    public static Value Neg(Value x) => Apply("Neg", [x]);
    public static Value Abs(Value x) => Apply("Abs", [x]);
    public static Value Exp(Value x) => Apply("Exp", [x]);
    public static Value Log(Value x) => Apply("Log", [x]);
    public static Value Sqrt(Value x) => Apply("Sqrt", [x]);
    public static Value Reciprocal(Value x) => Apply("Reciprocal", [x]);
    public static Value Erf(Value x) => Apply("Erf", [x]);
    public static Value Sign(Value x) => Apply("Sign", [x]);
    public static Value Cos(Value x) => Apply("Cos", [x]);
    public static Value Sin(Value x) => Apply("Sin", [x]);
    public static Value Relu(Value x) => Apply("Relu", [x]);
    public static Value LeakyRelu(Value x, float alpha = 0.01f) => Apply("LeakyRelu", [x], new() { { "alpha", alpha } });
    public static Value Elu(Value x, float alpha = 1) => Apply("Elu", [x], new() { { "alpha", alpha } });
    public static Value Sigmoid(Value x) => Apply("Sigmoid", [x]);
    public static Value Tanh(Value x) => Apply("Tanh", [x]);

    /// <summary>max(0, min(1, alpha·x + beta)).</summary>
    public static Value HardSigmoid(Value x, float alpha = 0.2f, float beta = 0.5f) =>
        Apply("HardSigmoid", [x], new() { { "alpha", alpha }, { "beta", beta } });

    public static Value HardSwish(Value x) => Apply("HardSwish", [x]);
    public static Value Softplus(Value x) => Apply("Softplus", [x]);
    public static Value Softmax(Value x, int axis = -1) => Apply("Softmax", [x], new() { { "axis", axis } });
    public static Value LogSoftmax(Value x, int axis = -1) => Apply("LogSoftmax", [x], new() { { "axis", axis } });

    /// <summary>x·Φ(x), Φ the normal distribution. Written in operators of opset 17. Source: Hendrycks,
    /// Gimpel 2016, arXiv:1606.08415.</summary>
    public static Value Gelu(Value x) => x * 0.5f * (Erf(x * (float)Math.Sqrt(0.5)) + 1f);

    /// <summary>x·σ(x). Source: Ramachandran, Zoph, Le 2017, arXiv:1710.05941.</summary>
    public static Value Swish(Value x) => x * Sigmoid(x);

    public static Value Clip(Value x, float? min = null, float? max = null) =>
        Apply("Clip",
            [x, min is { } least ? Value.Constant(Tensor.Scalar(least)) : null,
                max is { } most ? Value.Constant(Tensor.Scalar(most)) : null]);

    public static Value Cast(Value x, ElementType type) => x.Type == type ? x : Apply("Cast", [x], new() { { "to", (long)type } });

    static Inferred[] InferCast(Node node)
    {
        var type = (ElementType)node.Attributes.Int("to");
        var x = node.Input(0);
        var known = type == ElementType.Int64 && x.Known is { Type: ElementType.Int64 or ElementType.Int32 }
            && node.KnownInts(0) is { } numbers
            ? Tensor.Of<long>(x.Shape, numbers) : null;
        return [new(type, x.Shape, known)];
    }
}
