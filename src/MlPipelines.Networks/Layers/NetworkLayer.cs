using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>A layer of a network as it is looked at: a value inside with a name.</summary>
/// <param name="Name">Its name; what it gives can be asked for by it.</param>
/// <param name="Operators">What it computes, in ONNX's words.</param>
/// <param name="Output">Shape of its result, channels first; ? is the batch.</param>
public sealed record NetworkLayer(string Name, string Operators, Shape Output)
{
    /// <summary>Name of what it gives before its own activation; null where it has none.</summary>
    public string? BeforeActivation { get; init; }

    /// <summary>Layers behind it that only apply a function to each of its numbers: those of a framework that computes in place. By their
    /// names what they leave can be asked for.</summary>
    public ImmutableArray<string> Activations { get; init; } = [];

    static readonly HashSet<string> functions =
    [
        nameof(Op.Relu), nameof(Op.LeakyRelu), nameof(Op.Elu), nameof(Op.Clip), nameof(Op.Sigmoid), nameof(Op.Tanh),
        nameof(Op.HardSigmoid), nameof(Op.HardSwish), nameof(Op.Softplus), "PRelu", "Selu", "ThresholdedRelu", "Identity",
        nameof(Op.Dropout),
    ];

    /// <summary>The layers of a graph in order, the image first. A layer that only applies a function to the result of another, of which
    /// nothing else is made, stands with that one.</summary>
    internal static ImmutableArray<NetworkLayer> Of(Graph graph)
    {
        var uses = graph.Nodes.SelectMany(node => node.Inputs.OfType<Value>()).CountBy(value => value).ToDictionary();
        var layers = new List<NetworkLayer>();
        var places = new Dictionary<Value, int>();
        foreach (var input in graph.Inputs)
            Add(new(graph.NameOf(input), "Input", input.Shape), input);
        foreach (var (name, nodes) in LayerNames.Groups(graph.Nodes))
        {
            var last = nodes[^1];
            if (nodes is [var only] && functions.Contains(only.Operator.Type) && uses[only.Input(0)] == 1
                && places.TryGetValue(only.Input(0), out var place))
            {
                layers[place] = layers[place] with { Activations = layers[place].Activations.Add(name) };
                places[last.Outputs[0]] = place;
                continue;
            }
            var before = nodes.Count > 1 && (functions.Contains(last.Operator.Type) || last.Operator.Type == nameof(Op.Softmax))
                ? last.Input(0).Node?.Name : null;
            Add(new(name, string.Join('+', nodes.Select(node => node.Operator.Type)), last.Outputs[0].Shape) { BeforeActivation = before },
                last.Outputs[0]);
        }
        return [.. layers];

        void Add(NetworkLayer layer, Value value)
        {
            places[value] = layers.Count;
            layers.Add(layer);
        }
    }

    /// <summary>The value that a name asks for: that of a layer, of a node, or one with that name itself.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the layers there are.</exception>
    internal static Value Find(Graph graph, string name) =>
        graph.Nodes.LastOrDefault(node => node.Name == name)?.Outputs[0]
        ?? graph.Inputs.Concat(graph.Nodes.SelectMany(node => node.Outputs))
            .FirstOrDefault(value => graph.NameOf(value) == name || value.Name == name)
        ?? throw Network.NoLayer(name, Of(graph).SelectMany(layer => layer.Activations.Prepend(layer.Name)));

    /// <summary>Name, shape for one image, and what stands with it.</summary>
    public override string ToString() => $"{Name} ({string.Join(", ", Output.With(0, 1))})"
        + (BeforeActivation is { } before ? $", before its activation {before}" : "")
        + (Activations.IsEmpty ? "" : $", then {string.Join(", ", Activations)}");
}
