using System.Collections.Immutable;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

/// <summary>What is reachable from named outputs.</summary>
public sealed class Graph
{
    readonly Dictionary<Value, string> names = [];

    /// <param name="inputs">The inputs in order; one that no output depends on is allowed.</param>
    /// <param name="outputs">The outputs in order, each under the name it is asked for.</param>
    /// <exception cref="GraphException">An output depends on an input that is not listed, or two outputs have one name.</exception>
    public Graph(IEnumerable<Value> inputs, params IEnumerable<(string Name, Value Value)> outputs)
    {
        Inputs = [.. inputs];
        Outputs = [.. outputs];
        Nodes = Sort(Outputs.Select(output => output.Value));
        var leaves = Nodes.SelectMany(node => node.Inputs).OfType<Value>().Concat(Outputs.Select(output => output.Value))
            .Where(value => value.Kind != ValueKind.Result).Distinct().ToList();
        Parameters = [.. leaves.Where(value => value.Kind == ValueKind.Parameter)];
        Constants = [.. leaves.Where(value => value.Kind == ValueKind.Constant)];
        if (leaves.FirstOrDefault(value => value.Kind == ValueKind.Input && !Inputs.Contains(value)) is { } stray)
            throw new GraphException($"The outputs depend on input '{stray.Name}', which is not among the graph's inputs "
                + $"({string.Join(", ", Inputs.Select(input => input.Name))}).");
        NameValues();
    }

    /// <summary>What is given when it runs, in order.</summary>
    public ImmutableArray<Value> Inputs { get; }

    /// <summary>What it computes, by name.</summary>
    public ImmutableArray<(string Name, Value Value)> Outputs { get; }

    /// <summary>All nodes, each after those it depends on.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>All parameters that the outputs depend on, in order of first use.</summary>
    public ImmutableArray<Value> Parameters { get; }

    /// <summary>What never changes, each once.</summary>
    public ImmutableArray<Value> Constants { get; }

    /// <summary>The output of that name.</summary>
    public Value this[string output] => Outputs.FirstOrDefault(candidate => candidate.Name == output).Value
        ?? throw new GraphException(
            $"Output '{output}' is not in the graph; it has {string.Join(", ", Outputs.Select(candidate => candidate.Name))}.");

    /// <summary>The name of a value, unique within this graph.</summary>
    public string NameOf(Value value) => names[value];

    /// <summary>The value of that unique name.</summary>
    /// <exception cref="GraphException">There is none.</exception>
    public Value Find(string name)
    {
        foreach (var (value, candidate) in names)
            if (candidate == name)
                return value;
        throw new GraphException($"Value '{name}' is not in the graph.");
    }

    /// <summary>A copy in which values are replaced; every node above them is built again, so shapes are checked again.</summary>
    /// <param name="value">Called for each value; returns its replacement, or null to keep it.</param>
    public Graph Replace(Func<Value, Value?> value) => Rewrite(value, (_, _) => null);

    /// <summary>A copy in which nodes are replaced by other values. Inputs that these bring along come after the graph's own.</summary>
    /// <param name="node">Called for each node as it is in this graph, and as it is over its inputs as they have become; returns one value
    /// per output, or null to keep it.</param>
    public Graph Replace(Func<Node, Node, IReadOnlyList<Value>?> node) => Rewrite(_ => null, node);

    Graph Rewrite(Func<Value, Value?> value, Func<Node, Node, IReadOnlyList<Value>?> node)
    {
        var copy = new Replacement(value, node);
        var outputs = Outputs.Select(output => (output.Name, copy.Of(output.Value))).ToArray();
        var inputs = Inputs.Select(copy.Of).Where(input => input.Kind == ValueKind.Input).ToArray();
        var brought = Sort(outputs.Select(output => output.Item2)).SelectMany(each => each.Inputs).OfType<Value>()
            .Where(each => each.Kind == ValueKind.Input).Distinct().Except(inputs);
        return new Graph([.. inputs, .. brought], outputs);
    }

    /// <summary>A copy whose inputs' first axis has the size given.</summary>
    public Graph WithBatch(int size) => Replace(value => value.Kind == ValueKind.Input && value.Shape.Rank > 0 && value.Shape[0] != size
        ? Value.Input(value.Name, value.Shape.With(0, size), value.Type) : null);

    /// <summary>A copy whose parameters have drawn their starting values; those that already have one keep it.</summary>
    public Graph Initialize(long seed)
    {
        var places = Parameters.Select((value, index) => (value, index)).ToDictionary(pair => pair.value, pair => pair.index);
        return WithParameters(value => value.Initializer!.Draw(value.Shape, Dice.For(seed, places[value])));
    }

    /// <summary>A copy whose parameters have the values given; null keeps one as it is.</summary>
    public Graph WithParameters(Func<Value, Tensor?> tensor) => Replace(value => value.Kind == ValueKind.Parameter
        && tensor(value) is { } found
        ? Value.Parameter(NameOf(value), value.Shape, Initializer.Fixed(found), value.IsTrainable) : null);

    /// <summary>The nodes that the values depend on, each after those it depends on.</summary>
    public static ImmutableArray<Node> Sort(IEnumerable<Value> values)
    {
        var done = new HashSet<Node>();
        var order = ImmutableArray.CreateBuilder<Node>();
        var stack = new Stack<(Node Node, int Next)>();
        foreach (var value in values)
        {
            if (value.Node is not { } root || !done.Add(root))
                continue;
            stack.Push((root, 0));
            while (stack.TryPop(out var top))
            {
                var (node, next) = top;
                if (next == node.Inputs.Length)
                {
                    order.Add(node);
                    continue;
                }
                stack.Push((node, next + 1));
                if (node.Inputs[next]?.Node is { } before && done.Add(before))
                    stack.Push((before, 0));
            }
        }
        return order.ToImmutable();
    }

    void NameValues()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in Outputs)
        {
            if (!taken.Add(name))
                throw new GraphException($"Output name '{name}' is used twice.");
            if (value.Kind == ValueKind.Result)
                names.TryAdd(value, name);
        }
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var value in Inputs.Concat(Parameters).Concat(Constants).Concat(Nodes.SelectMany(node => node.Outputs)))
        {
            if (names.ContainsKey(value))
                continue;
            var name = value.Name;
            while (!taken.Add(name))
                name = $"{value.Name}_{counts[value.Name] = counts.GetValueOrDefault(value.Name) + 1}";
            names[value] = name;
        }
    }

    sealed class Replacement(Func<Value, Value?> replace, Func<Node, Node, IReadOnlyList<Value>?> rewrite)
    {
        readonly Dictionary<Value, Value> values = [];
        readonly Dictionary<Node, IReadOnlyList<Value>> results = [];

        public Value Of(Value value)
        {
            if (value.Node is { } root)
                foreach (var node in Sort([value]))
                    if (!results.ContainsKey(node))
                        results[node] = Copy(node);
            return Now(value);
        }

        IReadOnlyList<Value> Copy(Node node)
        {
            var changed = false;
            var inputs = new Value?[node.Inputs.Length];
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] = node.Inputs[i] is { } input ? Now(input) : null;
                changed |= !ReferenceEquals(inputs[i], node.Inputs[i]);
            }
            var copy = changed ? node.With(inputs) : node;
            return rewrite(node, copy) ?? copy.Outputs;
        }

        Value Now(Value value)
        {
            if (values.TryGetValue(value, out var known))
                return known;
            var now = replace(value) ?? (value.Node is { } node ? results[node][value.Index] : value);
            return values[value] = now;
        }
    }
}
