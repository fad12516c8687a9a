using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    internal static readonly Operator[] Convolutions =
    [
        new(nameof(Conv), InferConv),
        new(nameof(ConvTranspose), InferConvTranspose),
    ];

    /// <summary>Convolution. x [N,C,H,W], w [K,C/group,kh,kw], b [K] → [N,K,H',W'].</summary>
    public static Value Conv(Value x, Value w, Value? b = null, Sliding? sliding = null, int group = 1, string? name = null) =>
        Apply(nameof(Conv), [x, w, b], Grouped(sliding, group), name);

    /// <summary>Transposed convolution. x [N,C,H,W], w [C,K/group,kh,kw], b [K] → [N,K,H',W'].</summary>
    public static Value ConvTranspose(Value x, Value w, Value? b = null, Sliding? sliding = null, int group = 1,
        int[]? outputPadding = null) =>
        Apply(nameof(ConvTranspose), [x, w, b], Grouped(sliding, group).With("output_padding", outputPadding));

    /// <summary>The window of a Conv, ConvTranspose or pooling node.</summary>
    public static Window WindowOf(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Window.Of(node, node.Operator.Type is nameof(Conv) or nameof(ConvTranspose) or nameof(DirectConv)
            ? node.Input(1).Shape.AsSpan()[2..].ToArray()
            : [.. node.Attributes.Ints("kernel_shape").Select(size => (int)size)]);
    }

    internal static Attributes Grouped(Sliding? sliding, int group) =>
        (sliding?.Attributes ?? Attributes.None).With("group", group == 1 ? null : group);

    static Inferred[] InferConv(Node node)
    {
        var (x, w) = (node.Input(0).Shape, node.Input(1).Shape);
        var group = (int)node.Attributes.Int("group", 1);
        if (w.Rank < 3 || x.Rank != w.Rank)
            throw node.Error($"input has shape {x} and weight {w}, needs the same number of axes, at least 3: [batch,channels,…].");
        if (w.Contains(0))
            throw node.Error($"weight {w} has an axis of size 0, so there is nothing to compute. Export the model again.");
        if (x[1] != w[1] * group && x[1] != Shape.Unknown)
            throw node.Error($"input has {x[1]} channels, weight {w} takes {w[1] * group}. Is the layer before it the one you meant?");
        if (w[0] % group != 0)
            throw node.Error($"weight {w} gives {w[0]} channels, which {group} groups do not divide.");
        CheckBias(node, w[0]);
        return [new(node.Input(0).Type, [x[0], w[0], .. WindowOf(node).Over(node, x)])];
    }

    static Inferred[] InferConvTranspose(Node node)
    {
        var (x, w) = (node.Input(0).Shape, node.Input(1).Shape);
        var group = (int)node.Attributes.Int("group", 1);
        if (w.Rank < 3 || x.Rank != w.Rank || x[1] != w[0])
            throw node.Error($"input has shape {x}, weight {w} takes {w[0]} channels.");
        if (node.Attributes.Has("output_shape") || node.Attributes.Text("auto_pad", "NOTSET") != "NOTSET")
            throw node.Error("output_shape and auto_pad are not read here. Write its padding as numbers.");
        CheckBias(node, w[1] * group);
        var window = WindowOf(node);
        var extra = node.Attributes.Ints("output_padding", new long[window.Rank]);
        var sizes = Enumerable.Range(0, window.Rank).Select(axis => x[axis + 2] == Shape.Unknown ? Shape.Unknown
            : (x[axis + 2] - 1) * window.Strides[axis] + (int)extra[axis] + (window.Kernel[axis] - 1) * window.Dilations[axis] + 1
                - window.Begin[axis] - window.End[axis]);
        return [new(node.Input(0).Type, [x[0], w[1] * group, .. sizes])];
    }

    static void CheckBias(Node node, int channels)
    {
        if (node.InputOrNull(2) is { } bias && bias.Shape != [channels])
            throw node.Error($"bias has shape {bias.Shape}, needs [{channels}].");
    }
}
