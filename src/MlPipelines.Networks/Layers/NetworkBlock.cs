using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>A part of a network between two places where all that it has computed is one value: a residual block, a branching module, or a
/// convolution of a plain chain.</summary>
/// <param name="Layer">The layer that the block ends with.</param>
/// <param name="Weights">Names of its weights in the built graph, in order of use; running statistics are none.</param>
/// <remarks>Source: gradual unfreezing and layer-wise rates by depth, Howard and Ruder 2018, arXiv:1801.06146, §3.</remarks>
public sealed record NetworkBlock(string Layer, ImmutableArray<string> Weights)
{
    /// <summary>The blocks from the image to the features that the classifier starts from, to the output where there is no classifier;
    /// each has weights.</summary>
    internal static ImmutableArray<NetworkBlock> Of(Graph graph, NetworkEnd? end)
    {
        var nodes = Graph.Sort([end?.Features ?? graph.Outputs[0].Value]);
        var weights = Networks.Weights.UpTo(graph, null);
        var (carriers, lastUse) = Carriers(graph.Inputs[0], nodes);
        var blocks = new List<(string Layer, List<Value> Weights)>();
        var (segment, live, starts) = (new List<Value>(), new HashSet<Value>(), false);
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = nodes[i];
            var own = node.Inputs.OfType<Value>().Where(weights.Remove).ToArray();
            segment.AddRange(own);
            starts |= carriers.Contains(node.Outputs[0]) && IsSums(node);
            live.RemoveWhere(value => lastUse[value] <= i);
            live.UnionWith(node.Outputs.Where(output => carriers.Contains(output) && lastUse.GetValueOrDefault(output) > i));
            if (live.Count > 1 || !carriers.Contains(node.Outputs[0]))
                continue;
            if (starts && segment.Count > 0 || blocks.Count == 0)
                blocks.Add((node.Name, segment));
            else
            {
                blocks[^1].Weights.AddRange(segment);
                blocks[^1] = (node.Name, blocks[^1].Weights);
            }
            (segment, starts) = ([], false);
        }
        return [.. blocks.Where(block => block.Weights.Count > 0)
            .Select(block => new NetworkBlock(block.Layer, [.. block.Weights.Select(graph.NameOf)]))];
    }

    static (HashSet<Value> Carriers, Dictionary<Value, int> LastUse) Carriers(Value image, ImmutableArray<Node> nodes)
    {
        var (carriers, lastUse) = (new HashSet<Value> { image }, new Dictionary<Value, int>());
        for (var i = 0; i < nodes.Length; i++)
            foreach (var input in nodes[i].Inputs.OfType<Value>().Where(carriers.Contains))
            {
                lastUse[input] = i;
                carriers.UnionWith(nodes[i].Outputs.Where(output => output.Type == ElementType.Float));
            }
        return (carriers, lastUse);
    }

    // A normalisation, or a convolution of each channel on its own, belongs to the mixing of channels before it.
    static bool IsSums(Node node) =>
        node.Operator.Type is nameof(Op.Gemm) or nameof(Op.MatMul) or nameof(Op.Conv) or nameof(Op.ConvTranspose)
        && node.Attributes.Int("group", 1) == 1;
}
