using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Lays all values of a sample in one row, channel after channel.</summary>
/// <remarks>x [N,C,H,W] → [N,C·H·W]. Source: ONNX Flatten; Keras's own goes pixel after pixel.</remarks>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    protected override Value Apply(Value x) => Op.Flatten(x);
}
