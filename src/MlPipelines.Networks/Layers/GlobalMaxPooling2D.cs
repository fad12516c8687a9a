using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Largest value of each channel over the whole image.</summary>
/// <remarks>x [N,C,H,W] → [N,C]. Source: ONNX GlobalMaxPool and Flatten, Keras's default shape.</remarks>
public sealed record GlobalMaxPooling2D : Layer
{
    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        CheckRank(x, 4);
        return Op.Flatten(Op.GlobalMaxPool(x));
    }
}
