using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Slides learnt filters over the image.</summary>
/// <remarks>x [N,C,H,W] → [N,C',H',W'], with Keras's defaults.</remarks>
public abstract record Convolution2D : Layer
{
    private protected Convolution2D(Extent kernel, Padding padding, Activation? activation, Extent? strides, bool useBias)
    {
        Kernel = kernel.AtLeast(1, nameof(kernel));
        Strides = strides?.AtLeast(1, nameof(strides));
        (Padding, Activation, UseBias) = (padding, activation, useBias);
    }

    /// <summary>Size of a filter.</summary>
    public Extent Kernel { get; }

    /// <summary>What it does at the border.</summary>
    public Padding Padding { get; }

    /// <summary>Applied to the result; null for none.</summary>
    public Activation? Activation { get; }

    /// <summary>Step between places; null for 1.</summary>
    public Extent? Strides { get; }

    /// <summary>Step between the taps of a filter; null for 1.</summary>
    public Extent? Dilation { get; init => field = value?.AtLeast(1, nameof(Dilation)); }

    /// <summary>Whether a number per channel of the result is added.</summary>
    public bool UseBias { get; }

    /// <summary>How filters start; null for <see cref="GlorotUniform"/>.</summary>
    public Initializer? KernelInitializer { get; init; }

    /// <summary>How filters start.</summary>
    private protected Initializer Drawing => KernelInitializer ?? new GlorotUniform();

    /// <summary>The number per channel of the result; null for none.</summary>
    private protected Value? Bias(int channels, Initializer? initializer = null) =>
        UseBias ? Value.Parameter("bias", [channels], initializer ?? new Zeros()) : null;

    /// <summary>Slides filters [C',C/groups,kh,kw] over x.</summary>
    private protected Value Convolve(Value x, Value filters, Value? bias, int groups) => Op.Apply(nameof(Op.Conv), [x, filters, bias],
        Padding.Sliding(x, Kernel, Strides ?? 1, Dilation ?? 1).With("group", groups == 1 ? null : groups));

    /// <summary>Slides as many filters of their own over each channel as <paramref name="multiplier"/> says.</summary>
    private protected Value ConvolveEach(Value x, string name, int multiplier, Value? bias)
    {
        var channels = Channels(x, 4);
        // Keras draws [kh,kw,C,multiplier], of which the channels are the inputs.
        var filters = Value.Parameter(name, [channels * multiplier, 1, Kernel.Height, Kernel.Width],
            new DrawnAs(Drawing, [multiplier, channels, Kernel.Height, Kernel.Width]));
        return Convolve(x, filters, bias, channels);
    }

    private protected Value Activated(Value y) => Activation?.Of(y) ?? y;
}
