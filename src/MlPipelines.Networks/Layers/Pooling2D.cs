using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>A number for each window that slides over the image.</summary>
/// <remarks>x [N,C,H,W] → [N,C,H',W'], as Keras's layers by default.</remarks>
public abstract record Pooling2D : Layer
{
    private protected Pooling2D(Extent? pool, Extent? strides, Padding padding) =>
        (Pool, Strides, Padding) = (pool?.AtLeast(1, nameof(pool)), strides?.AtLeast(1, nameof(strides)), padding);

    /// <summary>Size of the window; null for 2.</summary>
    public Extent? Pool { get; }

    /// <summary>Step between windows; null for the window's size.</summary>
    public Extent? Strides { get; }

    /// <summary>What it does at the border.</summary>
    public Padding Padding { get; }

    /// <summary>Whether the last places, which a window does not fill, are pooled too, as Caffe does it;
    /// they are left out otherwise.</summary>
    public bool Ceil { get; init; }

    /// <summary>The operator of ONNX that does it.</summary>
    private protected abstract string Operator { get; }

    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        CheckRank(x, 4);
        var pool = Pool ?? 2;
        return Op.Apply(Operator, [x], Padding.Sliding(x, pool, Strides ?? pool, 1).With("kernel_shape", pool.Axes)
            .With("ceil_mode", Ceil ? 1 : null));
    }
}
