using MlPipelines.Autodiff.Rules;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>A step of a network as people draw it: one node with those behind it that only work on its result, such as normalisation and
/// activation.</summary>
sealed class NetworkUnit
{
    readonly List<string> then = [];

    NetworkUnit(Node? node, string name, Shape output, IReadOnlyList<NetworkUnit> inputs) =>
        (Node, Name, Output, Inputs) = (node, name, output, inputs);

    /// <summary>The first node; null for the image.</summary>
    public Node? Node { get; }

    /// <summary>The name of the layer that the node belongs to.</summary>
    public string Name { get; }

    /// <summary>Shape of the result of the last node.</summary>
    public Shape Output { get; private set; }

    /// <summary>The units that it is computed from, each once.</summary>
    public IReadOnlyList<NetworkUnit> Inputs { get; }

    /// <summary>What is done with the node's result, in words.</summary>
    public IReadOnlyList<string> Then => then;

    /// <summary>Parameters that are first used here.</summary>
    public long Parameters { get; private set; }

    static readonly HashSet<string> layouts =
        [nameof(Op.Flatten), nameof(Op.Reshape), nameof(Op.Squeeze), nameof(Op.Unsqueeze), nameof(Op.Transpose)];

    static readonly HashSet<string> reductions = [nameof(Op.GlobalAveragePool), nameof(Op.GlobalMaxPool), nameof(Op.ReduceMean)];

    static readonly HashSet<string> normalizations =
        [nameof(Op.BatchNormalization), "InstanceNormalization", "LayerNormalization", "GroupNormalization", "LRN"];

    static readonly HashSet<string> arithmetic =
        [nameof(Op.Add), nameof(Op.Sub), nameof(Op.Mul), nameof(Op.Div), nameof(Op.Pow), nameof(Op.Max), nameof(Op.Min), "Sum"];

    static readonly HashSet<string> functions =
    [
        nameof(Op.Relu), nameof(Op.LeakyRelu), nameof(Op.Elu), "Selu", "Celu", "ThresholdedRelu", "PRelu", nameof(Op.Clip),
        nameof(Op.Sigmoid), nameof(Op.HardSigmoid), nameof(Op.HardSwish), nameof(Op.Tanh), nameof(Op.Softplus), "Softsign",
        nameof(Op.Softmax), nameof(Op.LogSoftmax), nameof(Op.Erf), nameof(Op.Exp), nameof(Op.Log), nameof(Op.Sqrt), nameof(Op.Neg),
        nameof(Op.Dropout), nameof(Op.Cast), "Identity",
    ];

    /// <summary>The units of a graph in order, that of the image first; what does not depend on the image is in none.</summary>
    public static List<NetworkUnit> Of(Graph graph)
    {
        var names = LayerNames.Groups(graph.Nodes).SelectMany(layer => layer.Nodes.Select(node => (node, layer.Name)))
            .ToDictionary(pair => pair.node, pair => pair.Name);
        var image = new NetworkUnit(null, graph.NameOf(graph.Inputs[0]), graph.Inputs[0].Shape, []);
        var (units, unitOf) = (new List<NetworkUnit> { image }, new Dictionary<Value, NetworkUnit> { [graph.Inputs[0]] = image });
        var users = graph.Nodes.SelectMany(node => node.Inputs.OfType<Value>().Distinct().Select(input => (input, node)))
            .ToLookup(pair => pair.input, pair => pair.node);
        var gates = new SelfGates(graph, users, IsOfOneValue);
        var counted = new HashSet<Value>();
        foreach (var node in graph.Nodes)
        {
            Value[] values = [.. node.Inputs.OfType<Value>().Where(unitOf.ContainsKey).Distinct()];
            if (values.Length == 0 || !node.Outputs.Any(output => output.Type == ElementType.Float))
                continue;
            NetworkUnit[] before = [.. values.Select(value => unitOf[value]).Distinct()];
            var unit = before is [{ Node: not null } only]
                && (gates.Contains(node) || values is [var value] && users[value].Count() == 1 && only.IsFollowedBy(node)) ? only
                : new(node, names[node], node.Outputs[0].Shape, before);
            if (unit.Node == node)
                units.Add(unit);
            else
                unit.Append(node, gates.NameOf(node));
            unit.Parameters += node.Inputs.OfType<Value>().Where(input => input.Kind == ValueKind.Parameter && counted.Add(input))
                .Sum(input => input.Shape.Length);
            foreach (var output in node.Outputs)
                unitOf[output] = unit;
        }
        return units;
    }

    bool IsFollowedBy(Node node) => node.Operator.Type is var type
        && (IsOfOneValue(node) || normalizations.Contains(type)
            || layouts.Contains(type) && (layouts.Contains(Node!.Operator.Type) || reductions.Contains(Node.Operator.Type)));

    // With one value of the image; the others of an arithmetic node are constants and parameters.
    static bool IsOfOneValue(Node node) => functions.Contains(node.Operator.Type) || arithmetic.Contains(node.Operator.Type);

    void Append(Node node, string? gate)
    {
        Output = node.Outputs[0].Shape;
        if ((gate ?? InWords(node)) is { Length: > 0 } word)
            then.Add(word);
    }

    // Empty for what a drawing leaves out: biases, factors and layouts behind a mean.
    static string InWords(Node node) => node.Operator.Type switch
    {
        nameof(Op.Relu) => "ReLU",
        nameof(Op.LeakyRelu) => "LeakyReLU",
        "PRelu" => "PReLU",
        nameof(Op.Clip) when Activations.BoundsOf(node) is (0, 6) => "ReLU6",
        nameof(Op.BatchNormalization) => "BatchNorm",
        "InstanceNormalization" => "InstanceNorm",
        "LayerNormalization" => "LayerNorm",
        "GroupNormalization" => "GroupNorm",
        nameof(Op.Cast) or "Identity" => "",
        var type => arithmetic.Contains(type) || layouts.Contains(type) ? "" : type,
    };
}
