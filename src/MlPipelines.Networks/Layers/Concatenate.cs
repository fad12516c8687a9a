using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Puts values behind one another along one axis.</summary>
/// <remarks>[N,C1,H,W] and [N,C2,H,W] → [N,C1+C2,H,W]. Source: ONNX Concat; the channels' axis is 1 here, the last in Keras.</remarks>
public sealed record Concatenate : MergingLayer
{
    /// <param name="axis">The axis; 1 is that of the channels.</param>
    public Concatenate(int axis = 1) => Axis = axis;

    /// <summary>Along which the values follow each other.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    protected override Value Merge(IReadOnlyList<Value> values) => Op.Concat(Axis, [.. values]);
}
