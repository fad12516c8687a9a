using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Multiplies values element by element.</summary>
/// <remarks>Shapes that are equal, or of size 1 where they differ. Source: ONNX Mul.</remarks>
public sealed record Multiply : MergingLayer
{
    /// <inheritdoc/>
    protected override Value Merge(IReadOnlyList<Value> values) => values.Aggregate(Op.Mul);
}
