using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Where a network begins to compute what is no number.</summary>
static class NonFinite
{
    /// <summary>Whether one of the numbers is NaN or plus infinity. Minus infinity is the logarithm of a probability of 0.</summary>
    public static bool IsIn(ReadOnlySpan<float> numbers)
    {
        foreach (var number in numbers)
            if (float.IsNaN(number) || float.IsPositiveInfinity(number))
                return true;
        return false;
    }

    /// <summary>The first node whose output is not finite, with what is wrong with its weights; null where the graph is none that is
    /// understood here.</summary>
    /// <param name="onnx">The network.</param>
    /// <param name="input">Name of its input.</param>
    /// <param name="numbers">What it is given.</param>
    public static string? FirstNode(ReadOnlyMemory<byte> onnx, string input, Tensor numbers)
    {
        try
        {
            var graph = OnnxFile.Read(onnx).Graph;
            var values = graph.Nodes.SelectMany(node => node.Outputs).Where(value => value.Type == ElementType.Float).ToArray();
            using var session = new Session(OnnxFile.Write(new(graph.Inputs, values.Select(value => (graph.NameOf(value), value)))));
            var computed = session.Run(new Dictionary<string, Tensor> { [input] = numbers }, [.. values.Select(graph.NameOf)]);
            var first = Array.FindIndex(computed, tensor => IsIn(tensor.Elements<float>()));
            return first < 0 ? null : $"{values[first].Node}{OfWeights(values[first].Node!)}";
        }
        catch (GraphException)
        {
            return null;
        }
    }

    static string OfWeights(Node node) =>
        node.Inputs.FirstOrDefault(value => value is { Type: ElementType.Float } && Content(value) is { } known
            && IsIn(known.Elements<float>())) is { } weights ? $", over the weights '{weights.Name}', which are not finite themselves" : "";

    // Weights of a file start as what they are.
    static Tensor? Content(Value value) =>
        value.Kind == ValueKind.Parameter ? value.Initializer!.Draw(value.Shape, Dice.For(0)) : value.Known;
}
