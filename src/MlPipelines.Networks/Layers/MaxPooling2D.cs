using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>The largest value of each window.</summary>
/// <remarks>x [N,C,H,W] → [N,C,H',W']. Source: ONNX MaxPool, Keras's defaults; the last places that a window does not fill are left out
/// unless <see cref="Pooling2D.Ceil"/> is set.</remarks>
public sealed record MaxPooling2D : Pooling2D
{
    /// <param name="pool">Size of the window; 2 when left out.</param>
    /// <param name="strides">Step between windows; the window's size when left out.</param>
    /// <param name="padding">What it does at the border.</param>
    public MaxPooling2D(Extent? pool = null, Extent? strides = null, Padding padding = Padding.Valid) : base(pool, strides, padding)
    {
    }

    private protected override string Operator => nameof(Op.MaxPool);
}
