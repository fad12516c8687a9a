using System.Collections.Frozen;
using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Applies a function to each element (softmax: to each vector of channels). A layer of its own,
/// or an argument of another.</summary>
/// <remarks>Any shape, unchanged. Source: Keras's activations.</remarks>
public sealed record Activation : Layer
{
    static readonly FrozenDictionary<string, Func<Value, Value>> Functions = new Dictionary<string, Func<Value, Value>>(
        StringComparer.Ordinal)
    {
        ["relu"] = Op.Relu,
        ["relu6"] = x => Op.Clip(x, 0, 6),
        ["softmax"] = x => Op.Softmax(x, x.Shape.Rank > 2 ? 1 : -1),
        ["sigmoid"] = Op.Sigmoid,
        ["tanh"] = Op.Tanh,
        ["elu"] = x => Op.Elu(x),
        ["leaky_relu"] = x => Op.LeakyRelu(x, 0.2f),
        ["gelu"] = Op.Gelu,
        ["swish"] = Op.Swish,
        ["hard_sigmoid"] = x => Op.HardSigmoid(x, 1 / 6f, 0.5f),
        ["hard_swish"] = Op.HardSwish,
        ["softplus"] = Op.Softplus,
        ["linear"] = x => x,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="function">Keras's name of the function, such as <c>relu</c>.</param>
    /// <exception cref="ArgumentException">There is no such function.</exception>
    public Activation(string function) => Function = Functions.ContainsKey(function ?? "") ? function!
        : throw new ArgumentException($"Activation: got '{function}', needs one "
            + $"of {string.Join(", ", Functions.Keys.Order(StringComparer.Ordinal))}.", nameof(function));

    /// <summary>Keras's name of the function.</summary>
    public string Function { get; }

    /// <summary>max(x, 0).</summary>
    public static Activation Relu { get; } = new("relu");

    /// <summary>At most 6.</summary>
    public static Activation Relu6 { get; } = new("relu6");

    /// <summary>eˣ divided by its sum over the classes.</summary>
    public static Activation Softmax { get; } = new("softmax");

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Activation Sigmoid { get; } = new("sigmoid");

    /// <summary>Hyperbolic tangent.</summary>
    public static Activation Tanh { get; } = new("tanh");

    /// <summary>x where it is positive, eˣ − 1 elsewhere.</summary>
    public static Activation Elu { get; } = new("elu");

    /// <summary>Slope 0.2 below zero, as Keras's function; the layer <see cref="LeakyReLU"/> takes any.</summary>
    public static Activation LeakyRelu { get; } = new("leaky_relu");

    /// <summary>x · Φ(x), with the normal distribution Φ.</summary>
    public static Activation Gelu { get; } = new("gelu");

    /// <summary>x / (1 + e⁻ˣ), also called SiLU.</summary>
    public static Activation Swish { get; } = new("swish");

    /// <summary>max(0, min(1, x/6 + 1/2)), as since Keras 3.</summary>
    public static Activation HardSigmoid { get; } = new("hard_sigmoid");

    /// <summary>x · max(0, min(1, x / 6 + 1 / 2)).</summary>
    public static Activation HardSwish { get; } = new("hard_swish");

    /// <summary>ln(1 + eˣ).</summary>
    public static Activation Softplus { get; } = new("softplus");

    /// <summary>x.</summary>
    public static Activation Linear { get; } = new("linear");

    internal Value Of(Value x) => Functions[Function](x);

    /// <inheritdoc/>
    protected override Value Apply(Value x) => Of(x);
}
