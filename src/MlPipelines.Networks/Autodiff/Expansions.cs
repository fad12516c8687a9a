using System.Collections.Frozen;
using MlPipelines.Graphs;
using MlPipelines.Tensors;
using static MlPipelines.Graphs.Op;

namespace MlPipelines.Autodiff;

/// <summary>The operators of the domain <c>mlpipelines</c>, written in ONNX's own:
/// what runs wherever a device has no kernel of ours.</summary>
static class Expansions
{
    static readonly FrozenDictionary<string, Func<Node, IReadOnlyList<Value>>> Rows = new Dictionary<string,
        Func<Node, IReadOnlyList<Value>>>
    {
        [nameof(DirectConv)] = OfConv,
        [nameof(BatchNormalizationTraining)] = BatchNormalization,
        [nameof(GlobalAveragePoolGradient)] = n =>
            [Op.Expand(n.Input(0) / (float)(n.Outputs[0].Shape.Length / n.Input(0).Shape.Length), n.Outputs[0].Shape)],
        [nameof(ReluGradient)] = n => [Where(n.Input(0) > 0, n.Input(1), 0)],
        [nameof(ClipGradient)] = n => [Inside(n, n.Input(0), n.Input(1))],
        [nameof(ChannelSum)] = n => [ReduceSum(n.Input(0), [0, .. Enumerable.Range(2, n.Input(0).Shape.Rank - 2)], keep: false)],
        [nameof(ConvInputGradient)] = n => [Transposed(n, n.Input(0), n.Input(1), (int)n.Attributes.Int("group", 1))],
        [nameof(ConvWeightGradient)] = n => [WeightGradient(n)],
        [nameof(MaxPoolGradient)] = n => [OfMaxPool(n)],
        [nameof(AveragePoolGradient)] = n => [OfAveragePool(n)],
        [nameof(BatchNormalizationGradient)] = OfBatchNormalization,
        ["SgdUpdate"] = Sgd,
        ["RMSpropUpdate"] = RMSprop,
        ["AdamUpdate"] = Adam,
        ["AdadeltaUpdate"] = Adadelta,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A copy of the graph in ONNX's own operators, but for those that <paramref name="keep"/> says can stay.</summary>
    public static Graph Expand(Graph graph, Func<Node, bool>? keep = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Replace((_, node) => node.Operator.Domain == Operator.OwnDomain
            && keep?.Invoke(node) != true ? Rows[node.Operator.Type](node) : null);
    }

    static IReadOnlyList<Value> OfConv(Node node)
    {
        var y = Apply(nameof(Conv), [.. node.Inputs], node.Attributes.With("activation", null));
        return [node.Attributes.Text("activation") == nameof(Relu) ? Relu(y) : y];
    }

    static IReadOnlyList<Value> BatchNormalization(Node node)
    {
        var (x, scale, bias) = (node.Input(0), node.Input(1), node.Input(2));
        var (mean, variance) = Rules.Normalizations.Statistics(x);
        var y = Apply(nameof(BatchNormalization), [x, scale, bias, mean, variance],
            new() { { "epsilon", node.Attributes.Float("epsilon", 1e-5f) } });
        return [node.Attributes.Has("least") ? Clip(y, node.Attributes.Float("least"), node.Attributes.Float("most")) : y, mean, variance];
    }

    static Value Inside(Node node, Value x, Value dy) =>
        Where(And(GreaterOrEqual(x, node.Attributes.Float("least")), LessOrEqual(x, node.Attributes.Float("most"))), dy, 0);

    // A transposed convolution whose padding makes the result exactly the shape of the node's.
    static Value Transposed(Node node, Value dy, Value w, int group)
    {
        var shape = node.Outputs[0].Shape;
        var window = Window.Of(node, w.Shape.Skip(2).ToArray());
        var (end, extra) = (new int[window.Rank], new int[window.Rank]);
        for (var axis = 0; axis < window.Rank; axis++)
        {
            var reach = (dy.Shape[axis + 2] - 1) * window.Strides[axis] + (window.Kernel[axis] - 1) * window.Dilations[axis] + 1
                - window.Begin[axis];
            end[axis] = Math.Max(0, reach - shape[axis + 2]);
            extra[axis] = Math.Max(0, shape[axis + 2] - reach);
        }
        return ConvTranspose(dy, w, null, window.Sliding with { Pads = [.. window.Begin, .. end] }, group,
            extra.Any(size => size > 0) ? extra : null);
    }

    // Batch and channels change places, so that the convolution sums over the batch; strides and dilations change places with them.
    static Value WeightGradient(Node node)
    {
        var (x, dy) = (node.Input(0), node.Input(1));
        var shape = node.Outputs[0].Shape;
        var group = (int)node.Attributes.Int("group", 1);
        var window = Window.Of(node, shape.Skip(2).ToArray());
        int[] spatial = [.. x.Shape.Skip(2)], swap = [1, 0, .. Enumerable.Range(2, window.Rank)];
        var (batch, channels) = (x.Shape[0], x.Shape[1] / group);
        var images = group == 1
            ? Transpose(x, swap)
            : Reshape(Transpose(Reshape(x, [batch, group, channels, .. spatial]), [2, 1, 0, .. Enumerable.Range(3, window.Rank)]),
                [channels, group * batch, .. spatial]);
        var taps = Conv(images, Transpose(dy, swap), null,
            new() { Strides = window.Dilations, Pads = window.Pads, Dilations = window.Strides }, group);
        var w = Transpose(taps, swap);
        int[] axes = [.. Enumerable.Range(2, window.Rank)];
        return w.Shape == shape ? w : Slice(w, new int[window.Rank], [.. shape.Skip(2)], axes);
    }

    static readonly Operator MaxPoolWithPlaces = new(nameof(MaxPool),
        node => [All[nameof(MaxPool)].Infer(node)[0], new(ElementType.Int64, All[nameof(MaxPool)].Infer(node)[0].Shape)]);
    static readonly Operator ScatterAdd = new("ScatterElements", node => [new(node.Input(0).Type, node.Input(0).Shape)]);

    static IReadOnlyDictionary<string, Operator> All => Operator.All;

    static Value OfMaxPool(Node node)
    {
        var (x, dy) = (node.Input(0), node.Input(2));
        var places = Node.Of(MaxPoolWithPlaces, [x], node.Attributes).Outputs[1];
        var zeros = Op.Expand(0f, [(int)x.Shape.Length]);
        var sum = Node.Of(ScatterAdd, [zeros, Reshape(places, -1), Reshape(dy, -1)],
            new() { { "axis", 0 }, { "reduction", "add" } }).Outputs[0];
        return Reshape(sum, x.Shape.AsSpan());
    }

    static Value OfAveragePool(Node node)
    {
        var dy = node.Input(0);
        var window = WindowOf(node);
        var channels = dy.Shape[1];
        var spatial = dy.Shape.Skip(2).ToArray();
        var counts = new float[spatial.Aggregate(1, (product, size) => product * size)];
        for (var place = 0; place < counts.Length; place++)
        {
            var (rest, count) = (place, 1);
            for (var axis = window.Rank - 1; axis >= 0; axis--)
            {
                var start = rest % spatial[axis] * window.Strides[axis] - window.Begin[axis];
                rest /= spatial[axis];
                var size = node.Outputs[0].Shape[axis + 2];
                var (least, most) = node.Attributes.Int("count_include_pad") == 1 ? (-window.Begin[axis], size + window.End[axis])
                    : (0, size);
                count *= Math.Min(start + window.Kernel[axis], most) - Math.Max(start, least);
            }
            counts[place] = 1f / count;
        }
        var shares = dy * Value.Constant(Tensor.Of<float>([1, 1, .. spatial], counts), "shares");
        return Transposed(node, shares, Op.Expand(1f, [channels, 1, .. window.Kernel]), channels);
    }

    static IReadOnlyList<Value> OfBatchNormalization(Node node)
    {
        var (x, dy, scale) = (node.Input(0), node.Input(1), node.Input(2));
        int[] axes = [0, .. Enumerable.Range(2, x.Shape.Rank - 2)];
        int[] spread = [1, x.Shape[1], .. Enumerable.Repeat(1, x.Shape.Rank - 2)];
        var centred = x - Reshape(node.Input(3), spread);
        var inverse = Reciprocal(Sqrt(Reshape(node.Input(4), spread) + node.Attributes.Float("epsilon", 1e-5f)));
        var normal = centred * inverse;
        if (node.InputOrNull(5) is { } bias)
            dy = Inside(node, normal * Reshape(scale, spread) + Reshape(bias, spread), dy);
        var dx = Reshape(scale, spread) * inverse * (dy - ReduceMean(dy, axes) - normal * ReduceMean(dy * normal, axes));
        return [dx, ReduceSum(dy * normal, axes, keep: false), ReduceSum(dy, axes, keep: false)];
    }

    static IReadOnlyList<Value> Sgd(Node node)
    {
        var (w, g, v, rate, momentum) = (node.Input(0), node.Input(1), node.Input(2), node.Input(3), node.Input(4));
        g = Decayed(node, w, g);
        var speed = v * momentum - rate * g;
        return [node.Attributes.Int("nesterov") == 1 ? w + speed * momentum - rate * g : w + speed, speed];
    }

    static IReadOnlyList<Value> RMSprop(Node node)
    {
        var (w, g, a, rate) = (node.Input(0), node.Input(1), node.Input(2), node.Input(3));
        var (rho, epsilon) = (node.Attributes.Float("rho", 0.9f), node.Attributes.Float("epsilon", 1e-7f));
        g = Decayed(node, w, g);
        var mean = a * rho + g * g * (1 - rho);
        return [w - rate * g / (node.Attributes.Int("epsilon_inside") == 1 ? Sqrt(mean + epsilon) : Sqrt(mean) + epsilon), mean];
    }

    static IReadOnlyList<Value> Adam(Node node)
    {
        var (w, g, m, v, rate, beta1, decay) =
            (node.Input(0), node.Input(1), node.Input(2), node.Input(3), node.Input(4), node.Input(5), node.Input(6));
        var (beta2, epsilon) = (node.Attributes.Float("beta2", 0.999f), node.Attributes.Float("epsilon", 1e-7f));
        g = Decayed(node, w, g);
        var mean = m * beta1 + g * (1 - beta1);
        var square = v * beta2 + g * g * (1 - beta2);
        return [w - w * decay - rate * mean / (Sqrt(square) + epsilon), mean, square];
    }

    static IReadOnlyList<Value> Adadelta(Node node)
    {
        var (w, g, a, d, rate) = (node.Input(0), node.Input(1), node.Input(2), node.Input(3), node.Input(4));
        var (rho, epsilon) = (node.Attributes.Float("rho", 0.95f), node.Attributes.Float("epsilon", 1e-7f));
        g = Decayed(node, w, g);
        var mean = a * rho + g * g * (1 - rho);
        var step = g * Sqrt(d + epsilon) / Sqrt(mean + epsilon);
        return [w - rate * step, mean, d * rho + step * step * (1 - rho)];
    }

    // L2 regularisation: the decay joins the gradient.
    static Value Decayed(Node node, Value w, Value g) => node.Attributes.Float("decay") is var decay && decay > 0 ? g + w * decay : g;
}
