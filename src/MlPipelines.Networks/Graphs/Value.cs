using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

/// <summary>What a value is.</summary>
public enum ValueKind
{
    /// <summary>Given whenever the graph runs.</summary>
    Input,
    /// <summary>Fixed for ever.</summary>
    Constant,
    /// <summary>Fixed in a saved model, learnt in training.</summary>
    Parameter,
    /// <summary>Computed by a node.</summary>
    Result,
}

/// <summary>One tensor in a graph: immutable, and all that it depends on is reachable from it.</summary>
public sealed partial class Value
{
    Value(ValueKind kind, string name, ElementType type, Shape shape) => (Kind, Name, Type, Shape) = (kind, name, type, shape);

    /// <summary>Where it comes from.</summary>
    public ValueKind Kind { get; }

    /// <summary>A name for people; a graph makes names unique when it lists or writes its values.</summary>
    public string Name { get; }

    /// <summary>Type of its elements.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes of its axes; some may be unknown.</summary>
    public Shape Shape { get; }

    /// <summary>The node that computes this value; null unless it is a result.</summary>
    public Node? Node { get; private init; }

    /// <summary>Which output of <see cref="Node"/> this is.</summary>
    public int Index { get; private init; }

    /// <summary>The content where it is known before the graph runs: constants, and sizes computed from them.</summary>
    public Tensor? Known => Folded is { } tensor && (Kind == ValueKind.Constant || Folding.IsWholly(tensor)) ? tensor : null;

    /// <summary>What is known of the content; NaN stands for a fraction that follows from an unknown size.</summary>
    internal Tensor? Folded { get; private init; }

    /// <summary>How a parameter starts; null unless it is one.</summary>
    public Initializer? Initializer { get; private init; }

    /// <summary>Whether an optimizer may change this parameter; running statistics are parameters that it may not.</summary>
    public bool IsTrainable { get; private init; }

    /// <summary>What is given when the graph runs.</summary>
    public static Value Input(string name, Shape shape, ElementType type = ElementType.Float) => new(ValueKind.Input, name, type, shape);

    /// <summary>A tensor that never changes.</summary>
    public static Value Constant(Tensor tensor, string name = "constant")
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(ValueKind.Constant, name, tensor.Type, tensor.Shape) { Folded = tensor };
    }

    /// <summary>A weight, or what is kept beside the weights where it is not trained.</summary>
    public static Value Parameter(string name, Shape shape, Initializer initializer, bool trainable = true) =>
        new(ValueKind.Parameter, name, ElementType.Float, shape) { Initializer = initializer, IsTrainable = trainable };

    internal static Value Result(Node node, int index, string name, ElementType type, Shape shape, Tensor? folded) =>
        new(ValueKind.Result, name, type, shape) { Node = node, Index = index, Folded = folded };

    /// <summary>A number as a constant.</summary>
    public static implicit operator Value(float number) => Constant(Tensor.Scalar(number));

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type}{Shape}";
}
