using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Slides filters of their own over each channel.</summary>
/// <remarks>x [N,C,H,W] → [N,C·depthMultiplier,H',W']; kernel [C·depthMultiplier,1,kh,kw]. Source: ONNX Conv with as many groups as
/// channels, Keras's defaults.</remarks>
public sealed record DepthwiseConv2D : Convolution2D
{
    /// <param name="kernel">Size of a filter.</param>
    /// <param name="padding">What it does at the border.</param>
    /// <param name="activation">Applied to the result; none when left out.</param>
    /// <param name="strides">Step between places; 1 when left out.</param>
    /// <param name="useBias">Whether a number per filter is added.</param>
    public DepthwiseConv2D(Extent kernel, Padding padding = Padding.Valid, Activation? activation = null, Extent? strides = null,
        bool useBias = true) : base(kernel, padding, activation, strides, useBias)
    {
    }

    /// <summary>Number of filters per channel.</summary>
    public int DepthMultiplier { get; init => field = Check.AtLeast(value, 1); } = 1;

    /// <inheritdoc/>
    protected override Value Apply(Value x) =>
        Activated(ConvolveEach(x, "kernel", DepthMultiplier, Bias(Channels(x, 4) * DepthMultiplier)));
}
