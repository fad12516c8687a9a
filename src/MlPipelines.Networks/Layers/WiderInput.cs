using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>What changes in a network that is given images of more channels than it was made for.</summary>
/// <remarks>Convolutions get weights of zero for further channels, or, where they were made for grey, a third of their weights for each
/// colour: three equal colours give what grey gave. Numbers of each channel that stand before them
/// are continued by what changes nothing.</remarks>
static class WiderInput
{
    const int Colours = 3;

    /// <summary>The weights and constants that are replaced.</summary>
    /// <exception cref="GraphException">Something other than a convolution mixes the channels first; the message names it.</exception>
    public static Dictionary<Value, Value> Of(Graph graph, int channels)
    {
        var image = graph.Inputs[0];
        // Which axis of a value the channels are.
        var (wide, replaced) = (new Dictionary<Value, int> { [image] = 1 }, new Dictionary<Value, Value>());
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Any(input => input is not null && wide.ContainsKey(input))))
        {
            if (node.Operator.Type == nameof(Op.Conv) && node.Input(1).Kind == ValueKind.Parameter && node.Attributes.Int("group", 1) == 1
                && wide.GetValueOrDefault(node.Input(0)) == 1)
                replaced[node.Input(1)] = Kernel(node.Input(1), channels);
            else if (Carried(node, wide) is { } axis)
            {
                if (axis >= 0)
                    wide[node.Outputs[0]] = axis;
                if (node.Inputs.Length > 1 && node.Input(1) is { } other && IsArithmetic(node)
                    && axis - node.Outputs[0].Shape.Rank + other.Shape.Rank is >= 0 and var own && other.Shape[own] > 1)
                    replaced[other] = Continued(other, own, node.Operator.Type is nameof(Op.Mul) or nameof(Op.Div) ? 1 : 0, channels);
            }
            else
                throw node.Error($"takes images of {image.Shape[1]} channels and can be given {channels} only if it is a convolution.");
        }
        return replaced;
    }

    static bool IsArithmetic(Node node) =>
        node.Operator.Type is nameof(Op.Add) or nameof(Op.Sub) or nameof(Op.Mul) or nameof(Op.Div)
        && node.Input(1).Kind is ValueKind.Constant or ValueKind.Parameter;

    // The axis of the channels in the result of a node that leaves them apart; −1 where it only asks for sizes, null where it mixes them.
    static int? Carried(Node node, Dictionary<Value, int> wide) => !wide.TryGetValue(node.Input(0), out var axis) ? null
        : node.Operator.Type switch
        {
            "Shape" => -1,
            nameof(Op.Clip) or nameof(Op.Cast) or nameof(Op.Pad) => axis,
            nameof(Op.Transpose) => Array.IndexOf(Op.Permutation(node), axis),
            _ => IsArithmetic(node) ? axis : null,
        };

    static Value Kernel(Value kernel, int channels)
    {
        var (filters, made) = (kernel.Shape[0], kernel.Shape[1]);
        var copies = made == 1 && channels >= Colours ? Colours : 1;
        return Changed(kernel, kernel.Shape.With(1, channels), (old, numbers) =>
        {
            var (from, to) = (old.Length / filters, numbers.Length / filters);
            for (var filter = 0; filter < filters; filter++)
                for (var place = 0; place < from * copies; place++)
                    numbers[filter * to + place] = old[filter * from + place % from] / copies;
        });
    }

    static Value Continued(Value perChannel, int axis, float neutral, int channels)
    {
        var (made, inner) = (perChannel.Shape[axis], perChannel.Shape.Skip(axis + 1).Aggregate(1, (product, size) => product * size));
        return Changed(perChannel, perChannel.Shape.With(axis, channels), (old, numbers) =>
        {
            for (var place = 0; place < numbers.Length; place++)
            {
                var (outer, channel) = (place / (channels * inner), place / inner % channels);
                numbers[place] = channel < made ? old[(outer * made + channel) * inner + place % inner] : neutral;
            }
        });
    }

    static Value Changed(Value value, Shape shape, Action<float[], float[]> fill)
    {
        if ((value.Known ?? value.Initializer?.Content) is not { } content)
            return Value.Parameter(value.Name, shape, value.Initializer!, value.IsTrainable);
        var numbers = new float[shape.Length];
        fill(content.Elements<float>().ToArray(), numbers);
        var tensor = Tensor.Of<float>(shape, numbers);
        return value.Kind == ValueKind.Constant ? Value.Constant(tensor, value.Name)
            : Value.Parameter(value.Name, shape, Initializer.Fixed(tensor), value.IsTrainable);
    }
}
