using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>The beginning of a network that training cannot change, and the rest,
/// which starts from the features that the beginning gives.</summary>
/// <remarks>Found from the graph: the values that depend on the image but on no trainable parameter and no dropout. Where several of them
/// go into the rest, they are laid side by side.</remarks>
sealed class FrozenPart
{
    readonly Value image;
    readonly ImmutableDictionary<Value, Value> standIns;

    FrozenPart(Value image, Graph part, Graph rest, ImmutableDictionary<Value, Value> standIns) =>
        (this.image, Part, Rest, this.standIns) = (image, part, rest, standIns);

    public const string Features = "features";

    /// <summary>Image → features, [N, …].</summary>
    public Graph Part { get; }

    /// <summary>Features → the network's output; its input bears the image's name.</summary>
    public Graph Rest { get; }

    /// <summary>Numbers that the features of one image are.</summary>
    public int Length => (int)Rest.Inputs[0].Shape.With(0, 1).Length;

    /// <summary>Whether it costs so little that nothing is gained by keeping what it gives: it has no weights.</summary>
    public bool IsCheap => Part.Parameters.IsEmpty;

    /// <summary>Null where training changes what the image itself goes into, or nothing at all.</summary>
    /// <param name="network">Initialised, its names unique; one input, one output.</param>
    public static FrozenPart? Of(Graph network)
    {
        var image = network.Inputs[0];
        var (seen, changing) = (new HashSet<Value> { image }, network.Parameters.Where(parameter => parameter.IsTrainable).ToHashSet());
        var border = new HashSet<Value>();
        foreach (var node in network.Nodes)
        {
            var inputs = node.Inputs.OfType<Value>().ToArray();
            if (inputs.Any(seen.Contains))
                seen.UnionWith(node.Outputs);
            if (!inputs.Any(changing.Contains) && !IsRandom(node))
                continue;
            changing.UnionWith(node.Outputs);
            border.UnionWith(inputs.Where(input => seen.Contains(input) && !changing.Contains(input) && input.Known is null));
        }
        foreach (var value in border.ToArray())
            if (Follows(value, border))
                border.Remove(value);
        if (!changing.Contains(network.Outputs[0].Value) || border.Count == 0 || border.Contains(image)
            || border.Any(value => value.Type != ElementType.Float || value.Shape.Rank < 2
                || value.Shape.AsSpan()[1..].Contains(Shape.Unknown)))
            return null;
        var single = border.Count == 1;
        var joined = single ? border.Single() : Op.Concat(1, [.. border.Select(value => Op.Flatten(value))]);
        var part = new Graph(network.Inputs, (Features, joined));
        var input = Value.Input(TrainingGraph.Image, joined.Shape);
        var (standIns, start) = (ImmutableDictionary.CreateBuilder<Value, Value>(), 0);
        foreach (var value in border)
        {
            var length = value.Shape.AsSpan()[1..].ToArray().Aggregate(1, (product, size) => product * size);
            standIns[value] = single ? input
                : Op.Reshape(Op.Slice(input, [start], [start + length], [1]), [-1, .. value.Shape.AsSpan()[1..]]);
            start += length;
        }
        var replaced = network.Replace(standIns.GetValueOrDefault);
        return new(image, part, new Graph([input], replaced.Outputs), standIns.ToImmutableDictionary(pair => pair.Value, pair => pair.Key));
    }

    /// <summary>The whole network again, its rest as it has become.</summary>
    public Graph Whole(Graph rest)
    {
        ArgumentNullException.ThrowIfNull(rest);
        return new Graph([image], rest.Replace(value => standIns.GetValueOrDefault(value)).Outputs);
    }

    // What follows from other features without weights is computed again, not kept.
    static bool Follows(Value value, HashSet<Value> border) => value.Node is { } node && node.Inputs.OfType<Value>()
        .All(input => input.Kind == ValueKind.Constant || input.Known is not null || border.Contains(input) || Follows(input, border));

    static bool IsRandom(Node node) => node.Operator.Type == nameof(Op.Dropout);
}
