using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Adds values element by element.</summary>
/// <remarks>Shapes that are equal, or of size 1 where they differ. Source: ONNX Add.</remarks>
public sealed record Add : MergingLayer
{
    /// <inheritdoc/>
    protected override Value Merge(IReadOnlyList<Value> values) => values.Aggregate(Op.Add);
}
