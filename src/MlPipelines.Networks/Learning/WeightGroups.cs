using System.Collections.Immutable;
using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>Weights that have one learning rate each, in order of depth; the last group is the classifier.</summary>
/// <param name="Of">Number of the group of each weight, by name; those not listed are in the last.</param>
/// <param name="Factors">What the learning rate of each group is multiplied by.</param>
sealed record WeightGroups(ImmutableDictionary<string, int> Of, ImmutableArray<float> Factors)
{
    public static WeightGroups One { get; } = new(ImmutableDictionary<string, int>.Empty, [1]);

    public int Count => Factors.Length;

    public int GroupOf(string weight) => Of.GetValueOrDefault(weight, Count - 1);

    /// <summary>Names of the scales and offsets of normalisations.</summary>
    public static ImmutableHashSet<string> OfNormalisations(Graph network) =>
        [.. network.Nodes.Where(node => node.Operator.Type == nameof(Op.BatchNormalization))
            .SelectMany(node => new[] { node.Input(1), node.Input(2) })
            .Where(value => value is { Kind: ValueKind.Parameter, IsTrainable: true }).Select(network.NameOf)];

    /// <summary>Names of the vectors that are added: biases, and the offsets of normalisations.</summary>
    public static ImmutableHashSet<string> BiasesOf(Graph network) =>
        [.. network.Nodes.SelectMany(AddedBy).OfType<Value>().Where(value => value is { Kind: ValueKind.Parameter, IsTrainable: true }
            && value.Shape.Count(size => size != 1) <= 1).Select(network.NameOf)];

    static IEnumerable<Value?> AddedBy(Node node) => node.Operator.Type switch
    {
        nameof(Op.Add) => node.Inputs,
        nameof(Op.Conv) or nameof(Op.ConvTranspose) or nameof(Op.Gemm) or nameof(Op.BatchNormalization) => node.Inputs.Skip(2).Take(1),
        _ => [],
    };

    /// <summary>The network in which training changes the weights of those names, or leaves them alone.</summary>
    public static Graph Trainable(Graph network, ImmutableHashSet<string> names, bool trainable) => names.IsEmpty ? network
        : network.Replace(value => value.Kind == ValueKind.Parameter && value.IsTrainable != trainable
            && names.Contains(network.NameOf(value))
            ? Value.Parameter(network.NameOf(value), value.Shape, value.Initializer!, trainable) : null);

    /// <summary>The network with the weights of the first groups frozen.</summary>
    public Graph Frozen(Graph network, int groups) => groups == 0 ? network
        : network.Replace(value => value is { Kind: ValueKind.Parameter, IsTrainable: true } && GroupOf(network.NameOf(value)) < groups
            ? Value.Parameter(network.NameOf(value), value.Shape, value.Initializer!, trainable: false) : null);
}
