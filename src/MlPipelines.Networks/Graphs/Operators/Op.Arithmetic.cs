using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

/// <summary>One typed function per operator. Unless a remark says otherwise an operator is ONNX's own of that name, opset 17.</summary>
public static partial class Op
{
    internal static readonly Operator[] Arithmetic =
    [
        new(nameof(Add), node => Broadcast(node)),
        new(nameof(Sub), node => Broadcast(node)),
        new(nameof(Mul), node => Broadcast(node)),
        new(nameof(Div), node => Broadcast(node)),
        new(nameof(Pow), node => Broadcast(node)),
        new(nameof(Min), node => Broadcast(node)),
        new(nameof(Max), node => Broadcast(node)),
        new("Sum", node => Broadcast(node)),
        new("Mean", node => Broadcast(node)),
        new(nameof(Greater), node => Broadcast(node, ElementType.Bool)),
        new(nameof(GreaterOrEqual), node => Broadcast(node, ElementType.Bool)),
        new(nameof(Less), node => Broadcast(node, ElementType.Bool)),
        new(nameof(LessOrEqual), node => Broadcast(node, ElementType.Bool)),
        new(nameof(Equal), node => Broadcast(node, ElementType.Bool)),
        new(nameof(And), node => Broadcast(node)),
        new("Or", node => Broadcast(node)),
        new("Not", Same),
        new(nameof(Where), InferWhere),
    ];

    /// <summary>x + y, broadcast as NumPy does.</summary>
    public static Value Add(Value x, Value y) => Apply(nameof(Add), [x, y]);
    /// <summary>x − y, broadcast.</summary>
    public static Value Sub(Value x, Value y) => Apply(nameof(Sub), [x, y]);
    /// <summary>x · y, broadcast.</summary>
    public static Value Mul(Value x, Value y) => Apply(nameof(Mul), [x, y]);
    /// <summary>x / y, broadcast.</summary>
    public static Value Div(Value x, Value y) => Apply(nameof(Div), [x, y]);
    /// <summary>x to the power of the exponent, broadcast.</summary>
    public static Value Pow(Value x, Value exponent) => Apply(nameof(Pow), [x, exponent]);
    /// <summary>The smaller of both, broadcast.</summary>
    public static Value Min(Value x, Value y) => Apply(nameof(Min), [x, y]);
    /// <summary>The larger of both, broadcast.</summary>
    public static Value Max(Value x, Value y) => Apply(nameof(Max), [x, y]);
    /// <summary>Whether x > y, broadcast.</summary>
    public static Value Greater(Value x, Value y) => Apply(nameof(Greater), [x, y]);
    /// <summary>Whether x ≥ y, broadcast.</summary>
    public static Value GreaterOrEqual(Value x, Value y) => Apply(nameof(GreaterOrEqual), [x, y]);
    /// <summary>Whether x &lt; y, broadcast.</summary>
    public static Value Less(Value x, Value y) => Apply(nameof(Less), [x, y]);
    /// <summary>Whether x ≤ y, broadcast.</summary>
    public static Value LessOrEqual(Value x, Value y) => Apply(nameof(LessOrEqual), [x, y]);
    /// <summary>Whether x = y, broadcast.</summary>
    public static Value Equal(Value x, Value y) => Apply(nameof(Equal), [x, y]);
    /// <summary>Whether both are true, broadcast.</summary>
    public static Value And(Value x, Value y) => Apply(nameof(And), [x, y]);

    /// <summary>Element by element <paramref name="x"/> where the condition holds, <paramref name="y"/> elsewhere.</summary>
    public static Value Where(Value condition, Value x, Value y) => Apply(nameof(Where), [condition, x, y]);

    /// <summary>Applies an operator with one output.</summary>
    public static Value Apply(string op, ReadOnlySpan<Value?> inputs, Attributes? attributes = null, string? name = null) =>
        Node.Of(Operator.Find(op), inputs.ToArray(), attributes, name).Outputs[0];

    static Inferred[] Same(Node node) => [new(node.Input(0).Type, node.Input(0).Shape)];

    static Inferred[] InferWhere(Node node) =>
        [new(node.Input(1).Type, BroadcastShapes(node, node.Inputs.Select(input => input!.Shape)))];

    static Inferred[] Broadcast(Node node, ElementType? type = null)
    {
        foreach (var input in node.Inputs)
            if (input!.Type != node.Input(0).Type && node.Operator.Type != nameof(Pow))
                throw node.Error($"inputs are {node.Input(0).Type} and {input.Type}, needs one type for all. Cast one of them.");
        var shape = BroadcastShapes(node, node.Inputs.Select(input => input!.Shape));
        return [new(type ?? node.Input(0).Type, shape)];
    }

    static Shape BroadcastShapes(Node node, IEnumerable<Shape> shapes)
    {
        var all = shapes.ToArray();
        var result = new int[all.Max(shape => shape.Rank)];
        for (var axis = 1; axis <= result.Length; axis++)
        {
            var sizes = all.Where(shape => shape.Rank >= axis).Select(shape => shape[^axis]).ToArray();
            var size = sizes.Max();
            if (sizes.Any(candidate => candidate != size && candidate is not 1 and not Shape.Unknown))
                throw node.Error($"inputs have shapes {string.Join(" and ", all.Select(shape => shape.ToString()))}, which cannot be "
                    + $"broadcast together: axis {result.Length - axis} has sizes {string.Join(" and ", sizes)}.");
            result[^axis] = size == 1 && sizes.Contains(Shape.Unknown) ? Shape.Unknown : size;
        }
        return Shape.Create(result);
    }
}
