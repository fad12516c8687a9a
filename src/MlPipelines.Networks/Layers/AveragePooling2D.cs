using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>The mean of each window; padding does not count.</summary>
/// <remarks>x [N,C,H,W] → [N,C,H',W']. Source: ONNX AveragePool, Keras's defaults;
/// the last places that a window does not fill are left out.</remarks>
public sealed record AveragePooling2D : Layer
{
    /// <param name="pool">Size of the window; 2 when left out.</param>
    /// <param name="strides">Step between windows; the window's size when left out.</param>
    /// <param name="padding">What it does at the border.</param>
    public AveragePooling2D(Extent? pool = null, Extent? strides = null, Padding padding = Padding.Valid)
    {
        Pool = pool?.AtLeast(1, nameof(pool));
        Strides = strides?.AtLeast(1, nameof(strides));
        Padding = padding;
    }

    public Extent? Pool { get; }
    public Extent? Strides { get; }
    public Padding Padding { get; }

    protected override Value Apply(Value x)
    {
        _ = Channels(x, 4);
        var pool = Pool ?? 2;
        return Op.Apply("AveragePool", [x], Padding.Sliding(x, pool, Strides ?? pool, 1).With("kernel_shape", pool.Axes));
    }
}
