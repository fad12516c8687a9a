using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>A convolution of each channel on its own, then one that mixes the channels of each place.</summary>
/// <remarks>x [N,C,H,W] → [N,filters,H',W']; depthwise_kernel [C·depthMultiplier,1,kh,kw], pointwise_kernel
/// [filters,C·depthMultiplier,1,1]. Source: Chollet 2017, arXiv:1610.02357; Keras's defaults.</remarks>
public sealed record SeparableConv2D : Layer
{
    /// <param name="filters">Channels of the result.</param>
    /// <param name="kernel">Size of a filter.</param>
    /// <param name="padding">What it does at the border.</param>
    /// <param name="activation">Applied to the result; none when left out.</param>
    /// <param name="strides">Step between places; 1 when left out.</param>
    /// <param name="dilation">Step between the taps of a filter; 1 when left out.</param>
    /// <param name="depthMultiplier">Number of filters per channel.</param>
    /// <param name="useBias">Whether a number per channel of the result is added.</param>
    /// <param name="kernelInitializer">How both kernels start; <see cref="GlorotUniform"/> when left out.</param>
    public SeparableConv2D(int filters, Extent kernel, Padding padding = Padding.Valid, Activation? activation = null,
        Extent? strides = null, Extent? dilation = null,
        int depthMultiplier = 1, bool useBias = true, Initializer? kernelInitializer = null)
    {
        Filters = Check.AtLeast(filters, 1);
        Kernel = kernel.AtLeast(1, nameof(kernel));
        (Padding, Activation, UseBias, KernelInitializer) = (padding, activation, useBias, kernelInitializer);
        Strides = strides?.AtLeast(1, nameof(strides));
        Dilation = dilation?.AtLeast(1, nameof(dilation));
        DepthMultiplier = Check.AtLeast(depthMultiplier, 1);
    }

    public int Filters { get; }
    public Extent Kernel { get; }
    public Padding Padding { get; }
    public Activation? Activation { get; }
    public Extent? Strides { get; }
    public Extent? Dilation { get; }
    public int DepthMultiplier { get; }
    public bool UseBias { get; }
    public Initializer? KernelInitializer { get; }

    protected override Value Apply(Value x)
    {
        var channels = Channels(x, 4);
        var deep = DepthwiseConv2D.Depthwise(x, channels, null, "depthwise_kernel", Kernel, Padding, Strides ?? 1, Dilation ?? 1,
            DepthMultiplier, KernelInitializer);
        var pointwise =
            Value.Parameter("pointwise_kernel", [Filters, channels * DepthMultiplier, 1, 1], KernelInitializer ?? new GlorotUniform());
        var bias = UseBias ? Value.Parameter("bias", [Filters], new Zeros()) : null;
        var y = Op.Conv(deep, pointwise, bias);
        return Activation?.Of(y) ?? y;
    }
}
