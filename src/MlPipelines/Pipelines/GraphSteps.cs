using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines;

/// <summary>Puts the arithmetic of steps in front of the network that takes their columns.</summary>
static class GraphSteps
{
    /// <param name="steps">All steps.</param>
    /// <param name="network">The one that holds a network.</param>
    /// <param name="text">A step as text, which names the columns that it uses.</param>
    /// <exception cref="NotSupportedException">Another step uses such a column, and would get pixels.</exception>
    public static ImmutableArray<ITransformer> IntoNetwork(ImmutableArray<ITransformer> steps, IOnnxModel network, Func<ITransformer, JsonNode?> text)
    {
        var place = steps.IndexOf(network);
        foreach (var column in network.InputColumns)
        {
            var writer = steps.Take(place).Select((step, index) => (step, index)).LastOrDefault(pair => pair.step is IGraphStep step && step.OutputColumn == column);
            if (writer.step is not IGraphStep before)
                continue;
            if (steps.Skip(writer.index + 1).FirstOrDefault(step => step is RowTransformer or NamedMapping && Names(text(step), column)) is { } other)
                throw new NotSupportedException($"Save: {other.GetType().Name} uses column '{column}' too, whose arithmetic the file keeps inside the network. Save the chain without it, or let it use another column.");
            steps = steps.SetItem(writer.index, before.WithoutArithmetic()).SetItem(place, ((IOnnxModel)steps[place]).WithOnnx(Joined(before, (IOnnxModel)steps[place], column), Device.Cpu));
        }
        return steps;
    }

    static byte[] Joined(IGraphStep step, IOnnxModel network, string column)
    {
        var (graph, metadata) = OnnxFile.Read(network.Onnx.ToArray(), network.GetType().Name);
        var input = graph.Inputs is [var only] ? only : graph.Inputs.First(candidate => candidate.Name == column);
        var pixels = Value.Input(input.Name, input.Shape);
        return OnnxFile.Write(graph.Replace(value => ReferenceEquals(value, input) ? step.Apply(pixels) : null), metadata);
    }

    static bool Names(JsonNode? node, string column) => node switch
    {
        JsonObject members => members.Any(member => Names(member.Value, column)),
        JsonArray elements => elements.Any(element => Names(element, column)),
        JsonValue value => value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == column,
        _ => false,
    };
}
