using MlPipelines.Autodiff;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines.Execution.Kernels;

/// <summary>A graph made ready for a device: on the processor our kernels take the nodes that they compute faster, elsewhere all is written
/// in ONNX's own operators.</summary>
static class Lowering
{
    /// <summary>A session of a graph whose weights change from run to run.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="options">What computes.</param>
    /// <param name="statistics">Over which processes its normalisations take their statistics; null for this one alone.</param>
    /// <exception cref="ArgumentException">Over several, on another device than the processor.</exception>
    public static Session SessionOf(Graph graph, SessionSettings options, StatisticsExchange? statistics = null)
    {
        if (options.Device != Device.Cpu)
            return statistics is not null ? throw new ArgumentException($"SynchronizedNormalization: is computed on the processor, got "
                + $"device {options.Device}. Leave out one of the two.") : new(OnnxFile.Write(Expansions.Expand(graph)), options);
        var kernels = NormalizationFusion.Fuse(Expansions.Expand(graph, HasKernel));
        // ONNX Runtime lays out constant weights as it likes best.
        var lowered = Fuse(kernels.Replace((_, node) => Pointwise(node) is { } product ? [product]
            : IsDirect(node) && node.Input(0).Shape.IsKnown && node.Input(1).Kind != ValueKind.Constant
                ? [Direct(node, "")] : null));
        var operators = statistics is null ? KernelOperators.All : KernelOperators.Of(statistics);
        return new(OnnxFile.Write(lowered), options with { Operators = operators });
    }

    /// <summary>A session of a graph whose weights stay as they are.</summary>
    /// <param name="graph">The graph, its parameters initialized.</param>
    /// <param name="options">What computes.</param>
    /// <param name="onnx">The graph as a file; empty to write one.</param>
    public static Session SessionOfFixed(Graph graph, SessionSettings options, ReadOnlyMemory<byte> onnx = default) =>
        options.Device == Device.Cpu && Fixed(graph) is { } lowered ? SessionHolding(lowered, options)
            : new(onnx.IsEmpty ? OnnxFile.Write(graph) : onnx, options);

    // What kernels hold is no part of the file that the session reads, or it would lie in memory twice.
    static Session SessionHolding(Graph lowered, SessionSettings options)
    {
        var weights = new List<KeptWeights>();
        var held = lowered.Replace((_, node) =>
        {
            if (node.Operator.Type != nameof(Op.DirectConv))
                return null;
            weights.Add(new(NormalizationFolding.ContentOf(node.Input(1))!));
            return [Op.FixedConv(node.Input(0), node.InputOrNull(2), node.Input(1).Shape,
                node.Attributes.With("weights", weights.Count - 1), node.Name)];
        });
        return new(OnnxFile.Write(held), options with { Operators = [.. KernelOperators.All, ConvolutionOperators.Fixed(weights)] });
    }

    /// <summary>A graph whose weights stay as they are, with our kernels for the convolutions of a network most of whose products are in
    /// such as Winograd's tiles do faster than ONNX Runtime; null for others, which it computes whole, as where it has wider registers.
    /// </summary>
    /// <remarks>Layouts take the place of the weights: as much, of convolutions by tiles four times as much. An image's numbers are the
    /// same bits in any batch: sizes of the image alone say in which order sums are taken.</remarks>
    public static Graph? Fixed(Graph graph) => !AreMostInTiles(graph) ? null
        : Fuse(NormalizationFolding.Fold(graph).Replace((_, node) => IsDirect(node) && node.Inputs.Skip(1).OfType<Value>()
            .All(value => NormalizationFolding.ContentOf(value) is not null) ? [Direct(node, "")] : null));

    static bool AreMostInTiles(Graph graph)
    {
        var (tiled, all) = (0.0, 0.0);
        foreach (var node in graph.Nodes.Where(node => node.Operator is { Type: nameof(Op.Conv), Domain: "" }))
        {
            if (node.Input(0).Type != ElementType.Float || node.Input(1).Shape is not { Rank: 4, IsKnown: true } w
                || node.Outputs[0].Shape.With(0, 1) is not { IsKnown: true } y)
                return false;
            var products = (double)w.Length / w[0] * y.Length;
            (tiled, all) = (tiled + (IsInTiles(node, w) ? products : 0), all + products);
        }
        return tiled > all / 2 && WideRegisters.AreTheWidest;
    }

    // Channels and filters.
    const int FewestInTiles = 64;

    static bool IsInTiles(Node convolution, Shape weights) =>
        weights[2] == 3 && weights[3] == 3 && Math.Min(weights[0], weights[1]) >= FewestInTiles
        && convolution.Attributes.Int("group", 1) == 1
        && convolution.Attributes.Ints("strides", 1).Concat(convolution.Attributes.Ints("dilations", 1)).All(step => step == 1);

    static readonly HashSet<string> Names = [.. KernelOperators.All.Select(kernel => kernel.Name)];

    // The kernels slide over two axes.
    static bool HasKernel(Node node) => Names.Contains(node.Operator.Type)
        && (!node.Attributes.Has("kernel_shape") || node.Attributes.Ints("kernel_shape").Length == 2)
        && (node.Operator.Type is not nameof(Op.ConvInputGradient) || node.Input(1).Shape.Rank == 4);

    // Weights that change rule out ONNX Runtime's own blocked layout; 1×1 kernels, single-channel ones and, where registers have 512 bits,
    // inputs of many channels and more than a few positions, unless tiles cover them, it computes faster all the same (bench/Kernels).
    static bool IsDirect(Node node)
    {
        if (node.Operator is not { Type: nameof(Op.Conv), Domain: "" }
            || node.Input(1).Shape is not { Rank: 4 } w || !node.Input(0).Shape.With(0, 1).IsKnown)
            return false;
        var depthwise = w[1] == 1 && node.Attributes.Int("group", 1) == node.Input(0).Shape[1];
        var suits = WideRegisters.AreSupported ? node.Outputs[0].Shape.Skip(2).Aggregate(1, (plane, size) => plane * size) <= 256
            : WideRegisters.AreHalfSupported;
        return w[2] * w[3] > 1 && (depthwise || w[1] > 1 && (w[1] < 256 || suits || IsInTiles(node, w)));
    }

    // ONNX Runtime's product of matrices is the faster one, and the gradient of a 1×1 convolution with
    // respect to its input is another by the turned weights.
    static Value? Pointwise(Node node)
    {
        if (node.Operator.Type != nameof(Op.ConvInputGradient) || node.Input(1).Shape is not { Rank: 4 } w || w[2] * w[3] > 1
            || node.Attributes.Int("group", 1) > 1)
            return null;
        var plain = node.Attributes.Ints("strides", 1).All(stride => stride == 1) && node.Attributes.Ints("pads", 0).All(pad => pad == 0);
        return plain ? Op.Conv(node.Input(0), Op.Transpose(node.Input(1), [1, 0, 2, 3])) : null;
    }

    static Value Direct(Node node, string activation) => Op.DirectConv(node.Inputs,
        Op.Grouped(Op.WindowOf(node).Sliding, (int)node.Attributes.Int("group", 1)).With("activation", activation), node.Name);

    // A Relu that is all that a convolution is used for becomes part of it.
    static Graph Fuse(Graph graph)
    {
        var uses = graph.Nodes.SelectMany(node => node.Inputs).OfType<Value>().Concat(graph.Outputs.Select(output => output.Value))
            .CountBy(value => value).ToDictionary();
        return graph.Replace((before, now) => now.Operator.Type == nameof(Op.Relu)
            && now.Input(0).Node is { Operator.Type: nameof(Op.DirectConv) } conv
            && uses[before.Input(0)] == 1
            ? [Direct(conv, nameof(Op.Relu))] : null);
    }
}
