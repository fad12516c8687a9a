using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Graphs of files as graphs for batches of any size, and sizes that are computed in them as constants.</summary>
static class FreedBatch
{
    /// <summary>A batch by which computed sizes are told apart that are the batch from those that only grow with it.</summary>
    const int Probe = 13;

    /// <summary>The graph for a batch of any size; stored sizes that repeat the file's batch become that of what they are about.</summary>
    /// <exception cref="GraphException">The batch cannot be freed; the message names the node that fixes it.</exception>
    public static Graph Of(Graph graph)
    {
        var batch = graph.Inputs[0].Shape[0];
        var freed = (batch == Shape.Unknown ? graph : graph.Replace((node, copy) => Freed(node, copy, batch))).WithBatch(Shape.Unknown);
        var fixing = freed.Nodes.FirstOrDefault(node => node.Outputs[0].Type == ElementType.Float
            && !node.Outputs[0].Shape.Contains(Shape.Unknown)
            && node.Inputs.Any(input => input is { Type: ElementType.Float } && input.Shape.Contains(Shape.Unknown)));
        return fixing is null ? freed
            : throw fixing.Error($"its result has shape {fixing.Outputs[0].Shape} for every batch, needs one row for each image. Export "
                + "the network with a symbolic batch.");
    }

    // A node whose stored sizes begin with the file's batch, as its input does.
    static IReadOnlyList<Value>? Freed(Node node, Node copy, int batch)
    {
        if (batch == 1 && KeepingImages(node, copy) is { } kept)
            return kept;
        var place = node.Operator.Type switch
        {
            nameof(Op.Reshape) or nameof(Op.Expand) => 1,
            nameof(Op.Resize) => 3,
            _ => int.MaxValue,
        };
        if (node.InputOrNull(place) is not { Kind: ValueKind.Constant } || node.Input(0).Shape is not [var rows, ..] || rows != batch
            || node.KnownInts(place) is not [var first, .. var rest] || first != batch)
            return null;
        return node.Operator.Type switch
        {
            nameof(Op.Reshape) => rest.Contains(0) ? null : Sized(copy, 1, Stored(copy, [0, .. rest])),
            nameof(Op.Expand) => Sized(copy, 1, Stored(copy, [1, .. rest])),
            _ => Sized(copy, 3, Op.Concat(0, Op.Apply("Shape", [copy.Input(0)], new() { { "end", 1 } }), Stored(copy, rest))),
        };
    }

    // Of a single image some exporters drop the axis of images: it stays, so that what follows has an axis more.
    static IReadOnlyList<Value>? KeepingImages(Node node, Node copy)
    {
        if (node.Operator.Type == nameof(Op.Squeeze) && node.Input(0) is { Type: ElementType.Float, Shape: [1, ..] } x
            && node.KnownInts(1) is { } dropped && dropped.Any(axis => axis == 0 || axis == -x.Shape.Rank))
            return dropped.Length == 1 ? [copy.Input(0)]
                : Sized(copy, 1, Stored(copy, [.. dropped.Where(axis => axis != 0 && axis != -x.Shape.Rank)]));
        if (copy.InputOrNull(0) is not { } kept || kept.Shape.Rank != node.Input(0).Shape.Rank + 1)
            return null;
        return node.Operator.Type switch
        {
            nameof(Op.Unsqueeze) when node.KnownInts(1) is [0] => [kept],
            nameof(Op.Softmax) or nameof(Op.LogSoftmax) when node.Attributes.Int("axis", -1) is >= 0 and var axis =>
                Node.Of(copy.Operator, copy.Inputs, copy.Attributes.With("axis", axis + 1), copy.Name,
                    copy.Outputs.Select(output => output.Name)).Outputs,
            _ => null,
        };
    }

    /// <summary>The graph with sizes that are known by now as constants; in a target of Reshape the batch is 0, which copies it,
    /// or −1.</summary>
    /// <exception cref="GraphException">Sizes that the network computes do not fit together; the message names the node.</exception>
    public static Graph Folded(Graph graph)
    {
        static bool IsComputed(Node node) =>
            node.Operator.Type == nameof(Op.Reshape) && node.Input(1) is { Kind: ValueKind.Result, Known: not null };
        var probes = graph.Nodes.Any(IsComputed)
            ? graph.Nodes.Zip(Probed(graph).Nodes).ToDictionary(pair => pair.First, pair => pair.Second)
            : [];
        return graph.Replace((node, copy) => IsComputed(node) && Target(node, probes[node]) is { } target
            ? Sized(copy, 1, Stored(copy, target)) : null)
            .Replace(value => value is { Kind: ValueKind.Result, Known: { } known }
                && Folding.Numbers(known)?.Contains(Folding.UnknownSize) != true
                ? Value.Constant(known, value.Name) : null);
    }

    static Graph Probed(Graph graph)
    {
        try
        {
            return graph.WithBatch(Probe);
        }
        catch (GraphException exception)
        {
            // What does not fit for one image either is said of that one, not of a batch that nobody asked for.
            graph.WithBatch(1);
            throw new GraphException($"{exception.Node ?? "The network"}: fits a batch of one image, but not every batch. Export the "
                + "network with a symbolic batch.", exception);
        }
    }

    static long[]? Target(Node node, Node probe)
    {
        var (sizes, probed, input) = (node.KnownInts(1)!, probe.KnownInts(1)!, node.Input(0).Shape);
        bool Copied(int axis) => axis < input.Rank && input[axis] == Shape.Unknown && probed[axis] == probe.Input(0).Shape[axis];
        long[] target = [.. sizes.Select((size, axis) => size != Folding.UnknownSize ? size : Copied(axis) ? 0 : -1)];
        return target.Count(size => size == -1) <= 1 && (!target.Contains(0) || node.Attributes.Int("allowzero") == 0) ? target : null;
    }

    static Value Stored(Node node, long[] sizes) => Value.Constant(Tensor.Vector<long>(sizes), $"{node.Name}.sizes");

    static ImmutableArray<Value> Sized(Node node, int place, Value sizes) => Node.Of(node.Operator,
        node.Inputs.Select((input, i) => i == place ? sizes : input), node.Attributes.With("allowzero", null), node.Name,
        node.Outputs.Select(output => output.Name)).Outputs;
}
