using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Graphs of files as graphs for batches of any size, and sizes that are computed in them as constants.</summary>
static class FreedBatch
{
    /// <summary>A batch by which computed sizes are told apart that are the batch from those that only grow with it.</summary>
    const int Probe = 13;

    /// <summary>The graph for a batch of any size; targets of Reshape that repeat the file's batch copy their input's.</summary>
    /// <exception cref="GraphException">The batch cannot be freed; the message names the node that fixes it.</exception>
    public static Graph Of(Graph graph)
    {
        var batch = graph.Inputs[0].Shape[0];
        var freed = (batch == Shape.Unknown ? graph
            : graph.Replace((node, copy) => node.Operator.Type == nameof(Op.Reshape) && node.Input(1).Kind == ValueKind.Constant
            && node.Input(0).Shape is [var rows, ..] && rows == batch && node.KnownInts(1) is [var first, .. var rest] && first == batch
            && !rest.Contains(0)
            ? Reshaped(copy, [0, .. rest]) : null)).WithBatch(Shape.Unknown);
        var fixing = freed.Nodes.FirstOrDefault(node => node.Outputs[0].Type == ElementType.Float
            && !node.Outputs[0].Shape.Contains(Shape.Unknown)
            && node.Inputs.Any(input => input is { Type: ElementType.Float } && input.Shape.Contains(Shape.Unknown)));
        return fixing is null ? freed
            : throw fixing.Error($"its result has shape {fixing.Outputs[0].Shape} for every batch, needs one row for each image. Export "
                + "the network with a symbolic batch.");
    }

    /// <summary>The graph with sizes that are known by now as constants; in a target of Reshape the batch is 0, which copies it,
    /// or −1.</summary>
    public static Graph Folded(Graph graph)
    {
        var probes = graph.Nodes.Zip(graph.WithBatch(Probe).Nodes).ToDictionary(pair => pair.First, pair => pair.Second);
        return graph.Replace((node, copy) => node.Operator.Type == nameof(Op.Reshape)
            && node.Input(1) is { Kind: ValueKind.Result, Known: not null }
            && Target(node, probes[node]) is { } target ? Reshaped(copy, target) : null)
            .Replace(value => value is { Kind: ValueKind.Result, Known: { Type: ElementType.Int64 } known }
                && !known.Elements<long>().Contains(Op.UnknownSize) ? Value.Constant(known, value.Name) : null);
    }

    static long[]? Target(Node node, Node probe)
    {
        var (sizes, probed, input) = (node.KnownInts(1)!, probe.KnownInts(1)!, node.Input(0).Shape);
        bool Copied(int axis) => axis < input.Rank && input[axis] == Shape.Unknown && probed[axis] == Probe;
        long[] target = [.. sizes.Select((size, axis) => size != Op.UnknownSize ? size : Copied(axis) ? 0 : -1)];
        return target.Count(size => size == -1) <= 1 && (!target.Contains(0) || node.Attributes.Int("allowzero") == 0) ? target : null;
    }

    static ImmutableArray<Value> Reshaped(Node node, long[] target) =>
        Node.Of(node.Operator, [node.Input(0), Value.Constant(Tensor.Vector<long>(target), $"{node.Name}.shape")],
            target.Contains(0) ? node.Attributes.With("allowzero", null) : node.Attributes, node.Name,
            node.Outputs.Select(output => output.Name)).Outputs;
}
