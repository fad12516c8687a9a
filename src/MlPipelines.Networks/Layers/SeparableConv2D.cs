using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>A convolution of each channel on its own, then one that mixes the channels of each place.</summary>
/// <remarks>x [N,C,H,W] → [N,filters,H',W']; depthwise_kernel [C·depthMultiplier,1,kh,kw], pointwise_kernel
/// [filters,C·depthMultiplier,1,1]. Source: Chollet 2017, arXiv:1610.02357; Keras's defaults.</remarks>
public sealed record SeparableConv2D : Convolution2D
{
    /// <param name="filters">Channels of the result.</param>
    /// <param name="kernel">Size of a filter.</param>
    /// <param name="padding">What it does at the border.</param>
    /// <param name="activation">Applied to the result; none when left out.</param>
    /// <param name="strides">Step between places; 1 when left out.</param>
    /// <param name="useBias">Whether a number per channel of the result is added.</param>
    public SeparableConv2D(int filters, Extent kernel, Padding padding = Padding.Valid, Activation? activation = null,
        Extent? strides = null, bool useBias = true) : base(kernel, padding, activation, strides, useBias) =>
        Filters = Check.AtLeast(filters, 1);

    /// <summary>Channels of the result.</summary>
    public int Filters { get; }

    /// <summary>Number of filters per channel of the input.</summary>
    public int DepthMultiplier { get; init => field = Check.AtLeast(value, 1); } = 1;

    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        var deep = ConvolveEach(x, "depthwise_kernel", DepthMultiplier, null);
        var pointwise = Value.Parameter("pointwise_kernel", [Filters, Channels(x, 4) * DepthMultiplier, 1, 1], Drawing);
        return Activated(Op.Conv(deep, pointwise, Bias(Filters)));
    }
}
