using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Activations that files hold as several nodes: a value times a function of itself.</summary>
sealed class SelfGates
{
    readonly Dictionary<Node, string> names = [];

    /// <param name="graph">The graph.</param>
    /// <param name="users">The nodes that read each value.</param>
    /// <param name="isFunction">Whether a node computes each of its numbers from one.</param>
    public SelfGates(Graph graph, ILookup<Value, Node> users, Predicate<Node> isFunction)
    {
        foreach (var node in graph.Nodes.Where(node => node.Operator.Type == nameof(Op.Mul)))
            foreach (var (gated, gate) in ((Value, Value)[])[(node.Input(0), node.Input(1)), (node.Input(1), node.Input(0))])
            {
                var path = new List<Node>();
                for (var value = gate; value != gated && value.Node is { } before && isFunction(before) && users[value].Count() == 1;)
                {
                    path.Add(before);
                    value = before.Inputs.OfType<Value>().FirstOrDefault(input => input == gated)
                        ?? before.Inputs.OfType<Value>().FirstOrDefault(input => input.Kind == ValueKind.Result) ?? gated;
                }
                if (path.Count == 0 || !path[^1].Inputs.Contains(gated) || users[gated].Any(user => user != node && user != path[^1]))
                    continue;
                foreach (var inner in path)
                    names[inner] = "";
                names[node] = NameOf(path);
                break;
            }
    }

    public bool Contains(Node node) => names.ContainsKey(node);

    /// <summary>What the activation is called, at its last node; empty at those before; null for others.</summary>
    public string? NameOf(Node node) => names.GetValueOrDefault(node);

    static string NameOf(List<Node> path) =>
        path.Any(node => node.Operator.Type == nameof(Op.Erf)) ? "GELU"
        : path.Any(node => node.Operator.Type == nameof(Op.Softplus)) ? "Mish"
        : path.Any(node => node.Operator.Type == nameof(Op.Sigmoid)) ? "SiLU"
        : path.Any(node => node.Operator.Type is nameof(Op.Clip) or nameof(Op.HardSigmoid)) ? "HardSwish" : "gate";
}
