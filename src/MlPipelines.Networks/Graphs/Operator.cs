using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

/// <summary>Type and shape of one output.</summary>
public readonly record struct Inferred(ElementType Type, Shape Shape);

/// <summary>One operator: its name and the rule by which the types and shapes of its outputs follow from its inputs.</summary>
/// <param name="Type">ONNX operator type, or a name in <see cref="OwnDomain"/>.</param>
/// <param name="Infer">The outputs of a node; throws <see cref="GraphException"/> where the inputs do not fit.</param>
/// <param name="Domain">Empty for ONNX's own operators (opset 17).</param>
public sealed partial record Operator(string Type, Func<Node, Inferred[]> Infer, string Domain = "")
{
    /// <summary>The domain of operators that exist for training and for our kernels; those of training can be expanded into ONNX's own.
    /// </summary>
    public const string OwnDomain = "mlpipelines";

    /// <summary>The operator set that graphs are built in and written with.</summary>
    public const int Opset = 17;

    /// <summary>How its integers are computed before the graph runs; null where they are not.</summary>
    internal FoldingRule? Folding { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Type;
}
