using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>One layer in a <see cref="Summary"/>.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Operators">What it computes, in ONNX's words.</param>
/// <param name="Output">Shape of its result, channels first; ? is the batch.</param>
/// <param name="Parameters">Number of its parameters.</param>
public sealed record SummaryRow(string Layer, string Operators, Shape Output, long Parameters)
{
    /// <summary>Number of those that training changes.</summary>
    [JsonIgnore]
    public long Trainable { get; init; }

    /// <summary>Whether it is a layer of the backbone: of what makes the features that the classifier starts from.</summary>
    internal bool IsOfBackbone { get; init; }
}

/// <summary>Layers, output shapes and numbers of parameters of a graph.</summary>
/// <param name="Rows">The layers in order, the input first.</param>
/// <param name="Trainable">Number of parameters that training changes.</param>
/// <param name="NonTrainable">Number of those that it does not: running statistics.</param>
public sealed record Summary(ImmutableArray<SummaryRow> Rows, long Trainable, long NonTrainable)
{
    /// <summary>Number of all parameters.</summary>
    public long Total => Trainable + NonTrainable;

    bool ShowsTrainable { get; init; }

    /// <summary>The summary of a graph; nodes of one layer are one row.</summary>
    public static Summary Of(Graph graph) => Of(graph, NetworkEnd.Find(graph)?.Features);

    /// <param name="graph">The graph.</param>
    /// <param name="features">What the backbone gives; null where there is none.</param>
    internal static Summary Of(Graph graph, Value? features)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var counted = new HashSet<Value>();
        var backbone = features is null ? [] : Graph.Sort([features]).ToHashSet();
        var layers = LayerNames.Groups(graph.Nodes).Select(layer =>
        {
            Value[] own = [.. layer.Nodes.SelectMany(node => node.Inputs).OfType<Value>()
                .Where(input => input.Kind == ValueKind.Parameter && counted.Add(input))];
            return new SummaryRow(layer.Name, string.Join('+', layer.Nodes.Select(node => node.Operator.Type)),
                layer.Nodes[^1].Outputs[0].Shape, own.Sum(parameter => parameter.Shape.Length))
            {
                Trainable = own.Where(parameter => parameter.IsTrainable).Sum(parameter => parameter.Shape.Length),
                IsOfBackbone = backbone.Contains(layer.Nodes[^1]),
            };
        });
        long Sum(bool trainable) =>
            graph.Parameters.Where(parameter => parameter.IsTrainable == trainable).Sum(parameter => parameter.Shape.Length);
        return new([.. graph.Inputs.Select(input => new SummaryRow(graph.NameOf(input), "Input", input.Shape, 0)), .. layers], Sum(true),
            Sum(false));
    }

    /// <summary>Name of the row that <see cref="Folded"/> makes.</summary>
    public const string Backbone = "backbone";

    /// <summary>The summary with the backbone as one row: all layers up to the features that the classifier starts from, or, of a network
    /// that was cut and continued, up to the cut.</summary>
    /// <param name="open">What is shown layer by layer nevertheless: nothing, or <see cref="Backbone"/>.</param>
    /// <exception cref="ArgumentException">There is no such row to open.</exception>
    public Summary Folded(params IReadOnlyList<string> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (open.FirstOrDefault(name => name != Backbone) is { } other)
            throw new ArgumentException($"open: got '{other}', needs '{Backbone}', the only row that stands for several layers.",
                nameof(open));
        SummaryRow[] inside = [.. Rows.Where(row => row.IsOfBackbone)];
        if (open.Count > 0 || inside.Length < 2)
            return this with { ShowsTrainable = true };
        var folded = new SummaryRow(Backbone, $"{inside.Length} layers", inside[^1].Output, inside.Sum(row => row.Parameters))
        {
            Trainable = inside.Sum(row => row.Trainable),
        };
        return this with
        {
            Rows = [.. Rows.TakeWhile(row => !row.IsOfBackbone), folded,
                .. Rows.SkipWhile(row => !row.IsOfBackbone).Where(row => !row.IsOfBackbone)],
            ShowsTrainable = true,
        };
    }

    /// <summary>The summary as a table of plain text; one that was <see cref="Folded"/> also says how many of each row's parameters are
    /// trained.</summary>
    public override string ToString()
    {
        (string Name, string Output, string Count, string Trained)[] cells =
            [("Layer (operators)", "Output", "Parameters", "Trained"),
                .. Rows.Select(row =>
                    ($"{row.Layer} ({row.Operators})", row.Output.ToString(), $"{row.Parameters:N0}", $"{row.Trainable:N0}"))];
        var (first, second, third, fourth) = (cells.Max(cell => cell.Name.Length), cells.Max(cell => cell.Output.Length),
            cells.Max(cell => cell.Count.Length), cells.Max(cell => cell.Trained.Length));
        var lines = cells.Select(cell => $"{cell.Name.PadRight(first)}  {cell.Output.PadRight(second)}  {cell.Count.PadLeft(third)}"
            + (ShowsTrainable ? $"  {cell.Trained.PadLeft(fourth)}" : "")).ToList();
        var rule = new string('─', lines[0].Length);
        return string.Join('\n',
            [lines[0], rule, .. lines.Skip(1), rule,
                $"Parameters: {Total:N0}, of which {Trainable:N0} are trained and {NonTrainable:N0} are not"]);
    }
}
