using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Slides learnt filters over the image.</summary>
/// <remarks>x [N,C,H,W] → [N,filters,H',W']; kernel [filters,C/groups,kh,kw], bias [filters]. Source: ONNX Conv,
/// Keras's defaults.</remarks>
public sealed record Conv2D : Convolution2D
{
    /// <param name="filters">Number of filters: channels of the result.</param>
    /// <param name="kernel">Size of a filter.</param>
    /// <param name="padding">What it does at the border.</param>
    /// <param name="activation">Applied to the result; none when left out.</param>
    /// <param name="strides">Step between places; 1 when left out.</param>
    /// <param name="useBias">Whether a number per filter is added.</param>
    public Conv2D(int filters, Extent kernel, Padding padding = Padding.Valid, Activation? activation = null, Extent? strides = null,
        bool useBias = true) : base(kernel, padding, activation, strides, useBias) => Filters = Check.AtLeast(filters, 1);

    /// <summary>Number of filters: channels of the result.</summary>
    public int Filters { get; }

    /// <summary>Number of groups that channels and filters are parted into.</summary>
    public int Groups { get; init => field = Check.AtLeast(value, 1); } = 1;

    /// <summary>How biases start; null for <see cref="Zeros"/>.</summary>
    public Initializer? BiasInitializer { get; init; }

    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        var channels = Channels(x, 4);
        if (channels % Groups != 0 || Filters % Groups != 0)
            throw Error($"input has {channels} channels and the layer {Filters} filters, which {Groups} groups must divide.");
        var kernel = Value.Parameter("kernel", [Filters, channels / Groups, Kernel.Height, Kernel.Width], Drawing);
        return Activated(Convolve(x, kernel, Bias(Filters, BiasInitializer), Groups));
    }
}
