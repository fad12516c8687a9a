using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>The mean of each window; padding does not count.</summary>
/// <remarks>x [N,C,H,W] → [N,C,H',W']. Source: ONNX AveragePool, Keras's defaults; the last places that a window does not fill are left out
/// unless <see cref="Pooling2D.Ceil"/> is set.</remarks>
public sealed record AveragePooling2D : Pooling2D
{
    /// <param name="pool">Size of the window; 2 when left out.</param>
    /// <param name="strides">Step between windows; the window's size when left out.</param>
    /// <param name="padding">What it does at the border.</param>
    public AveragePooling2D(Extent? pool = null, Extent? strides = null, Padding padding = Padding.Valid) : base(pool, strides, padding)
    {
    }

    private protected override string Operator => nameof(Op.AveragePool);
}
