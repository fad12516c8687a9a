using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Graphs;

/// <summary>All of a graph's structure as text, so that two graphs can be compared and their difference read.</summary>
static class GraphText
{
    public static string Of(Graph graph) => string.Join('\n',
    [
        .. graph.Inputs.Select(value => $"input {graph.NameOf(value)} {value.Type}{value.Shape}"),
        .. graph.Parameters.Select(value =>
            $"parameter {graph.NameOf(value)} {value.Shape} trainable={value.IsTrainable} {Bytes(value.Initializer!.Content)}"),
        .. graph.Constants.Select(value => $"constant {graph.NameOf(value)} {value.Type}{value.Shape} {Bytes(value.Known)}"),
        .. graph.Nodes.Select(node =>
            $"{node.Operator.Type} {string.Join(' ', node.Attributes.Select(pair => $"{pair.Key}={Text(pair.Value)}"))} "
                + $"({Names(graph, node.Inputs)}) → {Names(graph, node.Outputs)} "
                + string.Join(' ', node.Outputs.Select(output => output.Shape))),
        .. graph.Outputs.Select(output => $"output {output.Name} = {graph.NameOf(output.Value)}"),
    ]);

    static string Names(Graph graph, IEnumerable<Value?> values) =>
        string.Join(',',
            values.Reverse().SkipWhile(value => value is null).Reverse().Select(value => value is null ? "" : graph.NameOf(value)));

    static string Text(object value) =>
        value is Array items ? string.Join(',', items.Cast<object>()) : value is Tensor tensor ? Bytes(tensor) : $"{value}";

    static string Bytes(Tensor? tensor) => tensor is null ? "drawn" : Convert.ToHexString(tensor.Bytes.Span);
}
