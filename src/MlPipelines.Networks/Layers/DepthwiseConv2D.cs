using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Slides filters of their own over each channel.</summary>
/// <remarks>x [N,C,H,W] → [N,C·depthMultiplier,H',W']; kernel [C·depthMultiplier,1,kh,kw]. Source: ONNX Conv with as many groups as
/// channels, Keras's defaults.</remarks>
public sealed record DepthwiseConv2D : Layer
{
    /// <param name="kernel">Size of a filter.</param>
    /// <param name="padding">What it does at the border.</param>
    /// <param name="activation">Applied to the result; none when left out.</param>
    /// <param name="strides">Step between places; 1 when left out.</param>
    /// <param name="dilation">Step between the taps of a filter; 1 when left out.</param>
    /// <param name="depthMultiplier">Number of filters per channel.</param>
    /// <param name="useBias">Whether a number per filter is added.</param>
    /// <param name="kernelInitializer">How filters start; <see cref="GlorotUniform"/> when left out.</param>
    public DepthwiseConv2D(Extent kernel, Padding padding = Padding.Valid, Activation? activation = null, Extent? strides = null,
        Extent? dilation = null,
        int depthMultiplier = 1, bool useBias = true, Initializer? kernelInitializer = null)
    {
        Kernel = kernel.AtLeast(1, nameof(kernel));
        (Padding, Activation, UseBias, KernelInitializer) = (padding, activation, useBias, kernelInitializer);
        Strides = strides?.AtLeast(1, nameof(strides));
        Dilation = dilation?.AtLeast(1, nameof(dilation));
        DepthMultiplier = Check.AtLeast(depthMultiplier, 1);
    }

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
        var bias = UseBias ? Value.Parameter("bias", [Channels(x, 4) * DepthMultiplier], new Zeros()) : null;
        var y = Depthwise(x, Channels(x, 4), bias, "kernel", Kernel, Padding, Strides ?? 1, Dilation ?? 1, DepthMultiplier,
            KernelInitializer);
        return Activation?.Of(y) ?? y;
    }

    internal static Value Depthwise(Value x, int channels, Value? bias, string name, Extent kernel, Padding padding, Extent strides,
        Extent dilation, int multiplier, Initializer? initializer)
    {
        var filters = Value.Parameter(name, [channels * multiplier, 1, kernel.Height, kernel.Width],
            new DrawnAs(initializer ?? new GlorotUniform(), [multiplier, channels, kernel.Height, kernel.Width]));
        return Op.Apply("Conv", [x, filters, bias], padding.Sliding(x, kernel, strides, dilation).With("group", channels));
    }
}
