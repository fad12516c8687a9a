using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MlPipelines.Graphs;
using Tensor = MlPipelines.Tensors.Tensor;

namespace MlPipelines.Execution.Kernels;

/// <summary>Makes normalizations by known statistics part of the convolutions before them, of which nothing else is used: weights are
/// multiplied, and biases moved.</summary>
static class NormalizationFolding
{
    public static Graph Fold(Graph graph)
    {
        var uses = graph.Nodes.SelectMany(node => node.Inputs).OfType<Value>().Concat(graph.Outputs.Select(output => output.Value))
            .CountBy(value => value).ToDictionary();
        return graph.Replace((before, now) => now.Operator is { Type: nameof(Op.BatchNormalization), Domain: "" }
            && now.Attributes.Int("training_mode") == 0
            && now.Input(0).Node is { Operator: { Type: nameof(Op.Conv), Domain: "" } } conv && uses[before.Input(0)] == 1
            && Folded(conv, now) is { } folded ? [folded] : null);
    }

    /// <summary>What a value holds in every run; null where that is not known.</summary>
    public static Tensor? ContentOf(Value value) => value.Known ?? value.Initializer?.Content;

    static Value? Folded(Node convolution, Node normalization)
    {
        var numbers = normalization.Inputs.Skip(1).Select(input => input is null ? null : ContentOf(input)).ToArray();
        if (ContentOf(convolution.Input(1)) is not { } weights
            || numbers is not [{ } scale, { } bias, { } mean, { } variance]
            || convolution.InputOrNull(2) is { } given && ContentOf(given) is null)
            return null;
        if (numbers.Any(each => each!.Shape.Length != weights.Shape[0]))
            return null;
        var epsilon = normalization.Attributes.Float("epsilon", 1e-5f);
        var before = convolution.InputOrNull(2) is { } value ? ContentOf(value)!.Elements<float>() : default;
        var (filters, size) = (weights.Shape[0], (int)(weights.Shape.Length / weights.Shape[0]));
        var (bytes, b) = (LargeArrays.Allocate<byte>(weights.Bytes.Length), new float[filters]);
        var w = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        for (var filter = 0; filter < filters; filter++)
        {
            var factor = scale.Elements<float>()[filter] / MathF.Sqrt(variance.Elements<float>()[filter] + epsilon);
            TensorPrimitives.Multiply(weights.Elements<float>().Slice(filter * size, size), factor, w.Slice(filter * size, size));
            b[filter] = ((before.IsEmpty ? 0 : before[filter]) - mean.Elements<float>()[filter]) * factor
                + bias.Elements<float>()[filter];
        }
        return convolution.With([convolution.Input(0), Value.Constant(new Tensor(weights.Type, weights.Shape, bytes), "weights"),
            Value.Constant(Tensor.Of<float>([filters], b), "bias")]).Outputs[0];
    }
}
