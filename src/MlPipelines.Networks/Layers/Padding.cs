using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>What a sliding window does at the border.</summary>
public enum Padding
{
    /// <summary>Stays inside: the result is smaller.</summary>
    Valid,
    /// <summary>Pads so that the result has ⌈size/stride⌉ places; an odd pixel goes to the bottom and the right.</summary>
    Same,
}

static class PaddingRule
{
    /// <summary>The attributes of a sliding window.</summary>
    public static Attributes Sliding(this Padding padding, Value x, Extent kernel, Extent strides, Extent dilation)
    {
        var attributes = Attributes.None
            .With("strides", strides == 1 ? null : strides.Axes)
            .With("dilations", dilation == 1 ? null : dilation.Axes);
        if (padding == Padding.Valid)
            return attributes;
        if (Axis(x.Shape[2], kernel.Height, strides.Height, dilation.Height) is not { } vertical
            || Axis(x.Shape[3], kernel.Width, strides.Width, dilation.Width) is not { } horizontal)
            return attributes.With("auto_pad", "SAME_UPPER");
        int[] pads = [vertical.Begin, horizontal.Begin, vertical.End, horizontal.End];
        return pads.All(pad => pad == 0) ? attributes : attributes.With("pads", pads);
    }

    static (int Begin, int End)? Axis(int size, int kernel, int stride, int dilation)
    {
        var reach = (kernel - 1) * dilation + 1;
        if (size == Shape.Unknown)
            return stride == 1 ? ((reach - 1) / 2, reach / 2) : null;
        var total = Math.Max(((size + stride - 1) / stride - 1) * stride + reach - size, 0);
        return (total / 2, total - total / 2);
    }
}
