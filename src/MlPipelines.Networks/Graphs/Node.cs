using System.Collections.Immutable;

namespace MlPipelines.Graphs;

/// <summary>One operator applied to values.</summary>
public sealed class Node
{
    readonly ImmutableArray<string> outputNames;

    Node(Operator op, string name, ImmutableArray<Value?> inputs, Attributes attributes, ImmutableArray<string> outputNames)
    {
        (Operator, Name, Inputs, Attributes, this.outputNames) = (op, name, inputs, attributes, outputNames);
        var results = op.Infer(this);
        string NameOf(int index) => index < outputNames.Length && outputNames[index].Length > 0 ? outputNames[index]
            : results.Length == 1 ? name : $"{name}.{index}";
        Outputs = [.. results.Select((result, index) =>
            Value.Result(this, index, NameOf(index), result.Type, result.Shape, Folding.Of(this, index, result)))];
    }

    /// <summary>What it does.</summary>
    public Operator Operator { get; }

    /// <summary>A name for people, such as <c>conv2d_1</c>; the operator's own name when none was given.</summary>
    public string Name { get; }

    /// <summary>The inputs; null where an optional one is left out.</summary>
    public ImmutableArray<Value?> Inputs { get; }

    /// <summary>Its attributes.</summary>
    public Attributes Attributes { get; }

    /// <summary>What it computes.</summary>
    public ImmutableArray<Value> Outputs { get; }

    /// <summary>Applies an operator; shapes and types are checked here.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">Its inputs; null where an optional one is left out.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="name">A name for people; the operator's own when left out.</param>
    /// <param name="outputNames">Names of the outputs that are not to be called after the node: those of a file.</param>
    /// <exception cref="GraphException">The inputs do not fit the operator.</exception>
    public static Node Of(Operator op, IEnumerable<Value?> inputs, Attributes? attributes = null, string? name = null,
        IEnumerable<string>? outputNames = null)
    {
        ArgumentNullException.ThrowIfNull(op);
        return new(op, name ?? op.Type, [.. inputs], attributes ?? Attributes.None, [.. outputNames ?? []]);
    }

    /// <summary>This node over other inputs.</summary>
    public Node With(IEnumerable<Value?> inputs) => new(Operator, Name, [.. inputs], Attributes, outputNames);

    /// <summary>The input at that place.</summary>
    /// <exception cref="GraphException">It is left out.</exception>
    public Value Input(int index) => InputOrNull(index) ?? throw Error($"input {index} is missing.");

    /// <summary>The input at that place, or null when it is left out.</summary>
    public Value? InputOrNull(int index) => index < Inputs.Length ? Inputs[index] : null;

    /// <summary>An error that names this node.</summary>
    public GraphException Error(string message) => new($"{Name} ({Operator.Type})", message);

    /// <summary>Content of an integer input, which must be known before the graph runs; null when it is left out.</summary>
    public long[]? KnownInts(int index) => InputOrNull(index) is { } value ? Folding.Required(value, index, Error) : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Operator.Type})";
}
