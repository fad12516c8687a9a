using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Slides learnt filters over the image.</summary>
/// <remarks>x [N,C,H,W] → [N,filters,H',W']; kernel [filters,C/groups,kh,kw], bias [filters]. Source: ONNX Conv,
/// Keras's defaults.</remarks>
public sealed record Conv2D : Layer
{
    /// <param name="filters">Number of filters: channels of the result.</param>
    /// <param name="kernel">Size of a filter.</param>
    /// <param name="padding">What it does at the border.</param>
    /// <param name="activation">Applied to the result; none when left out.</param>
    /// <param name="strides">Step between places; 1 when left out.</param>
    /// <param name="dilation">Step between the taps of a filter; 1 when left out.</param>
    /// <param name="groups">Number of groups that channels and filters are parted into.</param>
    /// <param name="useBias">Whether a number per filter is added.</param>
    /// <param name="kernelInitializer">How filters start; <see cref="GlorotUniform"/> when left out.</param>
    /// <param name="biasInitializer">How biases start; <see cref="Zeros"/> when left out.</param>
    public Conv2D(int filters, Extent kernel, Padding padding = Padding.Valid, Activation? activation = null, Extent? strides = null,
        Extent? dilation = null,
        int groups = 1, bool useBias = true, Initializer? kernelInitializer = null, Initializer? biasInitializer = null)
    {
        Filters = Check.AtLeast(filters, 1);
        Kernel = kernel.AtLeast(1, nameof(kernel));
        (Padding, Activation, UseBias, KernelInitializer, BiasInitializer) =
            (padding, activation, useBias, kernelInitializer, biasInitializer);
        Strides = strides?.AtLeast(1, nameof(strides));
        Dilation = dilation?.AtLeast(1, nameof(dilation));
        Groups = Check.AtLeast(groups, 1);
    }

    public int Filters { get; }
    public Extent Kernel { get; }
    public Padding Padding { get; }
    public Activation? Activation { get; }
    public Extent? Strides { get; }
    public Extent? Dilation { get; }
    public int Groups { get; }
    public bool UseBias { get; }
    public Initializer? KernelInitializer { get; }
    public Initializer? BiasInitializer { get; }

    protected override Value Apply(Value x)
    {
        var channels = Channels(x, 4);
        if (channels % Groups != 0 || Filters % Groups != 0)
            throw Error($"input has {channels} channels and the layer {Filters} filters, which {Groups} groups must divide.");
        var kernel =
            Value.Parameter("kernel", [Filters, channels / Groups, Kernel.Height, Kernel.Width], KernelInitializer ?? new GlorotUniform());
        var bias = UseBias ? Value.Parameter("bias", [Filters], BiasInitializer ?? new Zeros()) : null;
        var sliding = Padding.Sliding(x, Kernel, Strides ?? 1, Dilation ?? 1).With("group", Groups == 1 ? null : Groups);
        var y = Op.Apply("Conv", [x, kernel, bias], sliding);
        return Activation?.Of(y) ?? y;
    }
}
