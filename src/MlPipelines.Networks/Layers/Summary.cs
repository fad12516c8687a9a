using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>One layer in a <see cref="Summary"/>.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Operators">What it computes, in ONNX's words.</param>
/// <param name="Output">Shape of its result, channels first; ? is the batch.</param>
/// <param name="Parameters">Number of its parameters.</param>
public sealed record SummaryRow(string Layer, string Operators, Shape Output, long Parameters);

/// <summary>Layers, output shapes and numbers of parameters of a graph.</summary>
/// <param name="Rows">The layers in order, the input first.</param>
/// <param name="Trainable">Number of parameters that training changes.</param>
/// <param name="NonTrainable">Number of those that it does not: running statistics.</param>
public sealed record Summary(ImmutableArray<SummaryRow> Rows, long Trainable, long NonTrainable)
{
    /// <summary>Number of all parameters.</summary>
    public long Total => Trainable + NonTrainable;

    /// <summary>The summary of a graph; nodes of one layer are one row.</summary>
    public static Summary Of(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var counted = new HashSet<Value>();
        long Count(Node node) =>
            node.Inputs.Where(input => input?.Kind == ValueKind.Parameter && counted.Add(input)).Sum(input => input!.Shape.Length);
        var layers = LayerNames.Groups(graph.Nodes).Select(layer => new SummaryRow(layer.Name,
            string.Join('+', layer.Nodes.Select(node => node.Operator.Type)), layer.Nodes[^1].Outputs[0].Shape, layer.Nodes.Sum(Count)));
        long Sum(bool trainable) =>
            graph.Parameters.Where(parameter => parameter.IsTrainable == trainable).Sum(parameter => parameter.Shape.Length);
        return new([.. graph.Inputs.Select(input => new SummaryRow(graph.NameOf(input), "Input", input.Shape, 0)), .. layers], Sum(true),
            Sum(false));
    }

    /// <summary>The summary as a table of plain text.</summary>
    public override string ToString()
    {
        (string Name, string Output, string Count)[] cells =
            [("Layer (operators)", "Output", "Parameters"),
                .. Rows.Select(row => ($"{row.Layer} ({row.Operators})", row.Output.ToString(), $"{row.Parameters:N0}"))];
        var (first, second, third) =
            (cells.Max(cell => cell.Name.Length), cells.Max(cell => cell.Output.Length), cells.Max(cell => cell.Count.Length));
        var lines = cells.Select(cell => $"{cell.Name.PadRight(first)}  {cell.Output.PadRight(second)}  {cell.Count.PadLeft(third)}")
            .ToList();
        var rule = new string('─', lines[0].Length);
        return string.Join('\n',
            [lines[0], rule, .. lines.Skip(1), rule,
                $"Parameters: {Total:N0}, of which {Trainable:N0} are trained and {NonTrainable:N0} are not"]);
    }
}
