using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

/// <summary>How a kernel slides over the spatial axes: one entry per axis.</summary>
/// <param name="Kernel">Size of the kernel.</param>
/// <param name="Strides">Step between places.</param>
/// <param name="Dilations">Step between the taps of the kernel.</param>
/// <param name="Begin">Padding before.</param>
/// <param name="End">Padding after.</param>
/// <param name="Ceil">Whether a last place that the padded input does not fill counts.</param>
public sealed record Window(int[] Kernel, int[] Strides, int[] Dilations, int[] Begin, int[] End, bool Ceil)
{
    /// <summary>Number of spatial axes.</summary>
    public int Rank => Kernel.Length;

    /// <summary>How it slides, in numbers.</summary>
    internal Sliding Sliding => new() { Strides = Strides, Pads = Pads, Dilations = Dilations };

    /// <summary>Padding as ONNX writes it: all begins, then all ends.</summary>
    public int[] Pads => [.. Begin, .. End];

    /// <summary>Reads the window of a convolution or pooling node; automatic padding is resolved to numbers.</summary>
    internal static Window Of(Node node, int[] kernel)
    {
        var input = node.Input(0).Shape;
        if (input.Rank != kernel.Length + 2)
            throw node.Error($"input has shape {input}, needs {kernel.Length + 2} axes: batch, channels and {kernel.Length} spatial ones.");
        int[] Axes(string name, long otherwise) => node.Attributes.Has(name)
            ? [.. node.Attributes.Ints(name).Select(number => checked((int)number))]
            : [.. Enumerable.Repeat((int)otherwise, kernel.Length)];
        var strides = Axes("strides", 1);
        var dilations = Axes("dilations", 1);
        var pads = node.Attributes.Ints("pads", new long[2 * kernel.Length]).Select(number => (int)number).ToArray();
        if (strides.Length != kernel.Length || dilations.Length != kernel.Length || pads.Length != 2 * kernel.Length)
            throw node.Error($"kernel has {kernel.Length} axes, but strides, dilations and pads "
                + $"have {strides.Length}, {dilations.Length} and {pads.Length} entries.");
        if (strides.Concat(dilations).Any(step => step < 1))
            throw node.Error($"has strides {string.Join(",", strides)} and dilations {string.Join(",", dilations)}, needs 1 or more.");
        var auto = node.Attributes.Text("auto_pad", "NOTSET");
        if (auto is "SAME_UPPER" or "SAME_LOWER")
            for (var axis = 0; axis < kernel.Length; axis++)
            {
                var size = input[axis + 2];
                if (size == Shape.Unknown)
                    throw node.Error(
                        $"input has shape {input}; padding '{auto}' needs its spatial sizes. Give the network a fixed input size.");
                var total = Math.Max(((size + strides[axis] - 1) / strides[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis]
                    + 1 - size, 0);
                pads[axis] = auto == "SAME_UPPER" ? total / 2 : total - total / 2;
                pads[axis + kernel.Length] = total - pads[axis];
            }
        else if (auto == "VALID")
            Array.Clear(pads);
        return new(kernel, strides, dilations, pads[..kernel.Length], pads[kernel.Length..], node.Attributes.Int("ceil_mode") == 1);
    }

    /// <summary>Spatial sizes after sliding over an input of the shape given.</summary>
    internal int[] Over(Node node, Shape input)
    {
        var sizes = new int[Rank];
        for (var axis = 0; axis < Rank; axis++)
        {
            var size = input[axis + 2];
            if (size == Shape.Unknown)
            {
                sizes[axis] = Shape.Unknown;
                continue;
            }
            var free = size + Begin[axis] + End[axis] - ((Kernel[axis] - 1) * Dilations[axis] + 1);
            if (free < 0)
                throw node.Error($"input {input} with padding [{string.Join(",", Pads)}] is smaller than the kernel "
                    + $"[{string.Join(",", Kernel)}]. Pad more, or leave this layer out for images of this size.");
            sizes[axis] = (Ceil ? (free + Strides[axis] - 1) / Strides[axis] : free / Strides[axis]) + 1;
            if (Ceil && (sizes[axis] - 1) * Strides[axis] >= size + Begin[axis])
                sizes[axis]--;
        }
        return sizes;
    }
}
