using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Names of layers, nodes and weights: <c>conv2d_1</c>, <c>conv2d_1/conv</c>, <c>conv2d_1/kernel</c>. The node that gives a
/// layer's result has the layer's own name.</summary>
static class LayerNames
{
    /// <summary>The layer that a node belongs to.</summary>
    public static string Of(Node node) => node.Name.IndexOf('/') is > 0 and var end ? node.Name[..end] : node.Name;

    /// <summary>The layers of sorted nodes, each with its nodes in order, that which gives its result last. Nodes belong to one layer where
    /// the last of them bears its name; in files of others each node is a layer.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<Node> Nodes)> Groups(IReadOnlyList<Node> nodes)
    {
        var named = nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        return nodes.GroupBy(node => Of(node) is var layer && named.Contains(layer) ? layer : node.Name)
            .Select(layer => (layer.Key, (IReadOnlyList<Node>)[.. layer.OrderBy(node => node.Name == layer.Key)]));
    }

    /// <summary>The name asked for, or the first number of the default name that no layer before has.</summary>
    public static string Choose(string? name, string defaultName, IEnumerable<Value> inputs)
    {
        var taken = Graph.Sort(inputs).Select(Of).ToHashSet(StringComparer.Ordinal);
        return name is null ? Free(defaultName, taken)
            : !taken.Contains(name) ? name
            : throw new GraphException($"layer '{name}'", "a layer before it has the same name. Give one of them another.");
    }

    /// <summary>The first of name, name_1, name_2, … that is not taken.</summary>
    public static string Free(string name, IReadOnlySet<string> taken)
    {
        var free = name;
        for (var i = 1; taken.Contains(free); i++)
            free = $"{name}_{i}";
        return free;
    }

    static string WithoutNumber(string name) =>
        name.LastIndexOf('_') is > 0 and var end && int.TryParse(name.AsSpan(end + 1), out _) ? name[..end] : name;

    /// <summary>A copy of all between the inputs and the output, named within a layer.</summary>
    public static Value Within(string layer, IReadOnlyList<Value> inputs, Value output)
    {
        var before = Graph.Sort(inputs).ToHashSet();
        string Name(Node node) =>
            node == output.Node ? layer : $"{layer}/{(node.Name == node.Operator.Type ? node.Name.ToLowerInvariant() : node.Name)}";
        return Rename(output, value => inputs.Contains(value) ? value.Name : $"{layer}/{value.Name}",
            node => before.Contains(node) ? null : Name(node));
    }

    /// <summary>A copy in which no two layers share a name, as those on parallel branches may.</summary>
    public static Value Distinct(Value output)
    {
        var layers = Layers(output);
        var taken = layers.Select(layer => Of(layer[0])).ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var names = new Dictionary<Node, string>();
        foreach (var layer in layers)
        {
            var name = Of(layer[0]);
            if (!seen.Add(name))
                taken.Add(name = Free(WithoutNumber(name), taken));
            foreach (var node in layer)
                names[node] = name + node.Name[Of(node).Length..];
        }
        if (names.All(pair => pair.Key.Name == pair.Value))
            return output;
        var users = names.Keys.SelectMany(node => node.Inputs.OfType<Value>().Select(input => (input, node)))
            .GroupBy(pair => pair.input).ToDictionary(uses => uses.Key, uses => uses.First().node);
        string Name(Value leaf) => users.TryGetValue(leaf, out var node) && leaf.Name.StartsWith(Of(node) + "/", StringComparison.Ordinal)
            ? names[node].Split('/')[0] + leaf.Name[Of(node).Length..] : leaf.Name;
        return Rename(output, Name, node => names[node]);
    }

    /// <summary>The nodes of each use of a layer: those of one name that feed one another.</summary>
    static List<List<Node>> Layers(Value output)
    {
        var layerOf = new Dictionary<Node, List<Node>>();
        var layers = new List<List<Node>>();
        foreach (var node in Graph.Sort([output]))
        {
            var joined = node.Inputs.OfType<Value>().Select(input => input.Node).OfType<Node>()
                .Where(before => Of(before) == Of(node)).Select(before => layerOf[before]).Distinct().ToList();
            var layer = joined.FirstOrDefault() ?? [];
            if (joined.Count == 0)
                layers.Add(layer);
            foreach (var other in joined.Skip(1))
            {
                layers.Remove(other);
                layer.AddRange(other);
            }
            layer.Add(node);
            foreach (var member in layer)
                layerOf[member] = layer;
        }
        return layers;
    }

    static Value Rename(Value output, Func<Value, string> leafName, Func<Node, string?> nodeName)
    {
        var values = new Dictionary<Value, Value>();
        Value Now(Value value)
        {
            if (values.TryGetValue(value, out var known))
                return known;
            return values[value] = leafName(value) is var name && name == value.Name ? value : value.Kind switch
            {
                ValueKind.Parameter => Value.Parameter(name, value.Shape, value.Initializer!, value.IsTrainable),
                ValueKind.Constant => Value.Constant(value.Known!, name),
                _ => value,
            };
        }
        foreach (var node in Graph.Sort([output]))
        {
            var renamed = nodeName(node) is { } name
                ? Node.Of(node.Operator, node.Inputs.Select(input => input is null ? null : Now(input)), node.Attributes, name) : node;
            for (var i = 0; i < node.Outputs.Length; i++)
                values[node.Outputs[i]] = renamed.Outputs[i];
        }
        return Now(output);
    }
}
