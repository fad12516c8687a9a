using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>One node of a network.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Operator">What it computes, in ONNX's words.</param>
/// <param name="Output">Shape of its first result, channels first; ? is the batch.</param>
/// <param name="Parameters">Number of its parameters, running statistics included.</param>
/// <param name="Frozen">Whether it has parameters and training changes none of them.</param>
public sealed record InspectedLayer(string Layer, string Operator, Shape Output, long Parameters, bool Frozen);

/// <summary>What a network is made of.</summary>
/// <param name="Layers">Its nodes in order.</param>
/// <param name="ProposedCut">The layer that gives the features which the classifier starts from, or which the network ends in; null where
/// scores of classes come from something else than weighted sums.</param>
/// <param name="Features">Shape of these features.</param>
public sealed record NetworkInspection(ImmutableArray<InspectedLayer> Layers, string? ProposedCut, Shape? Features)
{
    /// <summary>Whether weighted sums that tell classes apart stand behind the features; without them the network ends in
    /// features.</summary>
    public bool HasClassifier { get; init; }

    /// <summary>What the network does differently from the file it was read from.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    internal static NetworkInspection Of(Graph graph, NetworkEnd? end)
    {
        var counted = new HashSet<Value>();
        var layers = graph.Nodes.Select(node =>
        {
            var own = node.Inputs.OfType<Value>().Where(input => input.Kind == ValueKind.Parameter && counted.Add(input)).ToArray();
            return new InspectedLayer(node.Name, node.Operator.Type, node.Outputs[0].Shape, own.Sum(parameter => parameter.Shape.Length),
                own.Length > 0 && !own.Any(parameter => parameter.IsTrainable));
        });
        return new([.. layers], end?.Features.Node?.Name, end?.Features.Shape) { HasClassifier = end?.Classifier is not null };
    }

    /// <summary>A table; an arrow marks the proposed cut, an asterisk what is frozen.</summary>
    public override string ToString()
    {
        (string Layer, string Operator, string Output, string Parameters)[] rows =
        [
            ("layer", "operator", "output", "parameters"),
            .. Layers.Select(layer =>
                ($"{(layer.Layer == ProposedCut ? "→ " : "")}{layer.Layer}", layer.Operator, layer.Output.ToString(),
                    layer.Parameters == 0 ? ""
                    : $"{layer.Parameters.ToString("N0", CultureInfo.InvariantCulture)}{(layer.Frozen ? " *" : "")}")),
        ];
        var (first, second, third) =
            (rows.Max(row => row.Layer.Length), rows.Max(row => row.Operator.Length), rows.Max(row => row.Output.Length));
        var text = new StringBuilder();
        foreach (var row in rows)
            text.Append(row.Layer.PadRight(first + 2)).Append(row.Operator.PadRight(second + 2)).Append(row.Output.PadRight(third + 2))
            .Append(row.Parameters).Append('\n');
        foreach (var warning in Warnings)
            text.Append("warning: ").Append(warning).Append('\n');
        return text.Append(ProposedCut is null ? "no classifier found"
            : $"features: {Features} at '{ProposedCut}'{(HasClassifier ? "" : ", where the network ends")}").Append('\n').ToString();
    }
}
