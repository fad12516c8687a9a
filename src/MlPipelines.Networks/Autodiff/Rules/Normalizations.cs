using MlPipelines.Graphs;
using static MlPipelines.Graphs.Op;

namespace MlPipelines.Autodiff.Rules;

static class Normalizations
{
    public static readonly Rule[] Rules =
    [
        new(nameof(BatchNormalization),
            (n, dys) => n.Attributes.Int("training_mode") == 1 ? ByBatchStatistics(n, dys[0]!) : ByStoredStatistics(n, dys[0]!)),
        new(nameof(BatchNormalizationTraining),
            (n, dys) =>
                [.. BatchNormalizationGradient(n.Input(0), dys[0]!, n.Input(1), n.Outputs[1], n.Outputs[2],
                    n.Attributes.Float("epsilon", 1e-5f))]),
        new("LRN", (n, _, dy) => [Lrn(n, dy)]),
        new("LayerNormalization", (n, _, dy) => OfLayer(n, dy)),
        new("InstanceNormalization", (n, _, dy) => OfInstance(n, dy)),
    ];

    /// <summary>Mean and variance of each channel, both [C].</summary>
    public static (Value Mean, Value Variance) Statistics(Value x)
    {
        int[] axes = [0, .. Enumerable.Range(2, x.Shape.Rank - 2)];
        var mean = ReduceMean(x, axes);
        return (Reshape(mean, -1), Reshape(ReduceMean((x - mean) * (x - mean), axes), -1));
    }

    static Value?[] ByBatchStatistics(Node node, Value dy)
    {
        var (mean, variance) = Statistics(node.Input(0));
        return [.. BatchNormalizationGradient(node.Input(0), dy, node.Input(1), mean, variance, node.Attributes.Float("epsilon", 1e-5f))];
    }

    static Value?[] ByStoredStatistics(Node node, Value dy)
    {
        var x = node.Input(0);
        var inverse = Reciprocal(Sqrt(node.Input(4) + node.Attributes.Float("epsilon", 1e-5f)));
        Value Spread(Value channels) => Reshape(channels, [1, channels.Shape[0], .. Enumerable.Repeat(1, x.Shape.Rank - 2)]);
        var sum = ChannelSum(dy);
        var product = ChannelSum(dy * (x - Spread(node.Input(3))));
        var scale = node.Input(1) * inverse;
        return [dy * Spread(scale), product * inverse, sum, -(sum * scale), product * scale * inverse * inverse * -0.5f];
    }

    static Value?[] OfLayer(Node node, Value dy)
    {
        var x = node.Input(0);
        var (normal, inverse, axes) = Normal(node, [.. Enumerable.Range(FirstAxis(node), x.Shape.Rank - FirstAxis(node))]);
        return [Centred(dy * node.Input(1), normal, inverse, axes), dy * normal, dy];
    }

    static Value?[] OfInstance(Node node, Value dy)
    {
        var x = node.Input(0);
        var (normal, inverse, axes) = Normal(node, [.. Enumerable.Range(2, x.Shape.Rank - 2)]);
        var scale = Reshape(node.Input(1), [1, x.Shape[1], .. Enumerable.Repeat(1, x.Shape.Rank - 2)]);
        return [Centred(dy * scale, normal, inverse, axes), ChannelSum(dy * normal), ChannelSum(dy)];
    }

    static (Value Normal, Value Inverse, int[] Axes) Normal(Node node, int[] axes)
    {
        var centred = node.Input(0) - ReduceMean(node.Input(0), axes);
        var inverse = Reciprocal(Sqrt(ReduceMean(centred * centred, axes) + node.Attributes.Float("epsilon", 1e-5f)));
        return (centred * inverse, inverse, axes);
    }

    static Value Centred(Value dy, Value normal, Value inverse, int[] axes) =>
        inverse * (dy - ReduceMean(dy, axes) - normal * ReduceMean(dy * normal, axes));

    // y = x·s^−β with s = bias + α/n·Σx² over a window of channels; a channel's window seen from the other side is mirrored.
    static Value Lrn(Node node, Value dy)
    {
        var x = node.Input(0);
        var size = (int)node.Attributes.Int("size");
        var (alpha, beta, bias) =
            (node.Attributes.Float("alpha", 1e-4f), node.Attributes.Float("beta", 0.75f), node.Attributes.Float("bias", 1));
        var (before, after) = ((size - 1) / 2, size - 1 - (size - 1) / 2);
        var s = WindowSum(x * x, before, after) * (alpha / size) + bias;
        return dy * Pow(s, -beta) - x * (2 * alpha * beta / size) * WindowSum(dy * x * Pow(s, -beta - 1), after, before);
    }

    static Value WindowSum(Value x, int before, int after)
    {
        var pads = new int[2 * x.Shape.Rank];
        (pads[1], pads[x.Shape.Rank + 1]) = (before, after);
        var padded = Pad(x, pads);
        return Enumerable.Range(0, before + after + 1).Select(i => Slice(padded, [i], [i + x.Shape[1]], [1])).Aggregate(Add);
    }
}
