using MlPipelines.Graphs;

namespace MlPipelines.Autodiff;

/// <summary>How the gradient of one operator's outputs becomes the gradients of its inputs.</summary>
/// <remarks>A rule returns one value per input, null where there is no gradient. It need not sum over broadcast axes:
/// the driver does.</remarks>
public sealed record Rule
{
    /// <param name="op">Operator type.</param>
    /// <param name="apply">Node, its output y and dy, the gradient of y → gradients of the inputs.</param>
    public Rule(string op, Func<Node, Value, Value, Value?[]> apply)
        : this(op, (node, dys) => apply(node, node.Outputs[0], dys[0] ?? throw node.Error("its first output has no gradient.")))
    {
    }

    /// <param name="op">Operator type.</param>
    /// <param name="apply">Node and the gradient of each output, null where none flows → gradients of the inputs.</param>
    public Rule(string op, Func<Node, Value?[], Value?[]> apply) => (Operator, Apply) = (op, apply);

    /// <summary>The operator that it is of.</summary>
    public string Operator { get; }

    /// <summary>Node and gradients of its outputs (null where one is not needed) → gradients of its inputs,
    /// null where there is none.</summary>
    public Func<Node, Value?[], Value?[]> Apply { get; }
}
