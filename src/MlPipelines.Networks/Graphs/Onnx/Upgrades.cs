using System.Collections.Frozen;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>Operators whose form in some operator set from 7 on is not that of opset 17: one row each. Source:
/// ONNX's change log of operators.</summary>
static class Upgrades
{
    public static FrozenDictionary<string, Func<Source, IReadOnlyList<Value>>> All { get; } = new Dictionary<string,
        Func<Source, IReadOnlyList<Value>>>(StringComparer.Ordinal)
    {
        ["Identity"] = node => [node.Input(0)],
        [nameof(Op.Cast)] = Cast,
        [nameof(Op.Pow)] = Pow,
        [nameof(Op.Clip)] = node => node.Move("min", 1).Move("max", 2).Build(),
        [nameof(Op.Slice)] = node => (node.Opset < 10 ? node.Move("starts", 1).Move("ends", 2).Move("axes", 3) : node).Build(),
        [nameof(Op.Squeeze)] = Squeeze,
        [nameof(Op.Unsqueeze)] = node => node.Move("axes", 1).Build(),
        [nameof(Op.ReduceSum)] = node => node.Move("axes", 1).Build(),
        [nameof(Op.ReduceMean)] = Reduce,
        [nameof(Op.ReduceMax)] = Reduce,
        ["ReduceMin"] = Reduce,
        ["ReduceProd"] = Reduce,
        ["Tile"] = Tile,
        ["ReduceSumSquare"] = node => Sum(node, Op.Mul(node.Input(0), node.Input(0))),
        ["ReduceL1"] = node => Sum(node, Op.Abs(node.Input(0))),
        ["ReduceL2"] = node => Of(node, nameof(Op.Sqrt), Sum(node, Op.Mul(node.Input(0), node.Input(0)))[0]),
        [nameof(Op.Pad)] = Pad,
        [nameof(Op.Split)] = Split,
        [nameof(Op.Dropout)] = Dropout,
        [nameof(Op.BatchNormalization)] = BatchNormalization,
        ["GroupNormalization"] = GroupNormalization,
        [nameof(Op.AveragePool)] = node => node.Attributes.Ints("dilations").All(step => step == 1) ? node.Without("dilations").Build()
            : throw node.Error("its window is dilated, which opset 17 cannot say. Export it with an older operator set."),
        [nameof(Op.Softmax)] = Softmax,
        [nameof(Op.LogSoftmax)] = Softmax,
        ["Upsample"] = node => Enlarge(node.Move("scales", 1)),
        [nameof(Op.Resize)] = node => node.Opset < 11 ? Enlarge(node) : Resize(node),
        [nameof(Op.Gelu)] = Gelu,
        ["Mish"] = node => Of(node, nameof(Op.Mul), node.Input(0), Op.Tanh(Op.Softplus(node.Input(0)))),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The last operator of an expansion, which takes over the node's names.</summary>
    static IReadOnlyList<Value> Of(Source node, string type, params ReadOnlySpan<Value?> inputs) =>
        (node with { Type = type, Inputs = [.. inputs], Attributes = Attributes.None }).Build();

    static IReadOnlyList<Value> Cast(Source node)
    {
        if (!TensorReader.IsRead((ElementType)node.Attributes.Int("to")))
            throw node.Error($"gives element type {node.Attributes.Int("to")}, which is not read here; needs numbers of 8 bits or more.");
        var to = TensorReader.Single((ElementType)node.Attributes.Int("to"));
        return node.Input(0).Type == to ? [node.Input(0)] : node.Without("saturate", "round_mode").With("to", (long)to).Build();
    }

    // Which axes have size 1 is what the network says, not the number of images in a batch.
    static IReadOnlyList<Value> Squeeze(Source node)
    {
        var moved = node.Move("axes", 1);
        if (moved.InputOrNull(1) is not null)
            return moved.Build();
        long[] axes = [.. moved.Input(0).Shape.Index().Where(axis => axis.Item == 1).Select(axis => (long)axis.Index)];
        return axes.Length == 0 ? [moved.Input(0)] : moved.WithInts(1, "axes", axes).Build();
    }

    // ONNX Runtime raises to powers of these types only.
    static IReadOnlyList<Value> Pow(Source node) => node.Input(0).Type == ElementType.Float
        && node.Input(1).Type is not (ElementType.Float or ElementType.Int32 or ElementType.Int64)
        ? node.WithInput(1, Op.Cast(node.Input(1), ElementType.Float)).Build() : node.Build();

    static IReadOnlyList<Value> Reduce(Source node)
    {
        if (node.Input(0).Type == ElementType.Bool)
        {
            var whole = node with { Name = $"{node.Name}.whole", Outputs = [] };
            var reduced = Reduce(whole.WithInput(0, Op.Cast(node.Input(0), ElementType.Int32)))[0];
            var truth = new Attributes { { "to", (long)ElementType.Bool } };
            return (node with { Type = nameof(Op.Cast), Inputs = [reduced], Attributes = truth }).Build();
        }
        if (node.Opset < 18)
            return node.Build();
        if (node.Attributes.Int("noop_with_empty_axes") == 1 && node.Ints(1) is null or { Length: 0 })
            return [node.Input(0)];
        var moved = node.MoveBack(1, "axes").Without("noop_with_empty_axes");
        return (moved with { Inputs = [moved.Input(0)] }).Build();
    }

    static IReadOnlyList<Value> Pad(Source node)
    {
        if (node.Opset < 11)
            node = node.Move("pads", 1).WithInput(2, Value.Constant(Tensor.Scalar(node.Attributes.Float("value")), $"{node.Name}.value"))
            .Without("value");
        if (node.Ints(3) is not { } axes)
            return (node with { Inputs = [.. node.Inputs.Take(3)] }).Build();
        var rank = node.Input(0).Shape.Rank;
        var (some, all) = (node.Ints(1)!, new long[2 * rank]);
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = axes[i] < 0 ? axes[i] + rank : axes[i];
            (all[axis], all[axis + rank]) = (some[i], some[i + axes.Length]);
        }
        node = node.WithInts(1, "pads", all);
        return (node with { Inputs = [.. node.Inputs.Take(3)] }).Build();
    }

    static IReadOnlyList<Value> Split(Source node)
    {
        node = node.Move("split", 1);
        if (node.InputOrNull(1) is null)
        {
            var axis = (int)node.Attributes.Int("axis");
            var (size, parts) = (node.Input(0).Shape[axis], node.Outputs.Length);
            if (size == Shape.Unknown)
                throw node.Error(
                    $"axis {axis} of input {node.Input(0).Shape} is known only when the graph runs, and cannot be split here.");
            var part = (size + parts - 1) / parts;
            node = node.WithInts(1, "split", [.. Enumerable.Range(0, parts).Select(i => (long)Math.Min(part, size - i * part))]);
        }
        return node.Without("num_outputs").Build();
    }

    static IReadOnlyList<Value> Dropout(Source node)
    {
        node = node.Move("ratio", 1).Without("seed");
        var rate = node.InputOrNull(1) ?? Value.Constant(Tensor.Scalar(0.5f), $"{node.Name}.ratio");
        return (node with { Inputs = [node.Input(0), rate, node.InputOrNull(2)] }).Build();
    }

    static IReadOnlyList<Value> BatchNormalization(Source node)
    {
        if (node.Attributes.Int("spatial", 1) != 1)
            throw node.Error("it normalises each place on its own (spatial=0), needs one mean and variance per channel.");
        node = node.Without("spatial");
        // Before opset 14 it is the results asked for that say whether it learns.
        return (node.Opset < 14 && node.Outputs.Skip(1).Any(output => output.Length > 0) ? node.With("training_mode", 1L) : node).Build();
    }

    // A tensor repeated is one whose axes of size 1 are expanded; another axis gets one such before it, and both become one.
    static IReadOnlyList<Value> Tile(Source node)
    {
        var (x, repeats) = (node.Input(0), node.Ints(1)!);
        if (repeats.Length != x.Shape.Rank)
            throw node.Error($"input {x.Shape} has {x.Shape.Rank} axes, got {repeats.Length} numbers of repeats.");
        if (repeats.Select((count, axis) => count == 1 || x.Shape[axis] == 1).All(isPlain => isPlain))
            return Of(node, nameof(Op.Expand), x, node.Input(1));
        if (repeats.Contains(Folding.UnknownSize) || x.Shape.Skip(1).Contains(Shape.Unknown))
            throw node.Error($"input {x.Shape} is repeated to a size that is known only when the graph runs, which is not read here. "
                + "Export the network for one size of image.");
        int[] axes = [.. Enumerable.Range(0, repeats.Length).Where(axis => repeats[axis] != 1)];
        foreach (var axis in axes)
        {
            var (count, spread) = (checked((int)repeats[axis]), Enumerable.Repeat(1, x.Shape.Rank + 1).ToArray());
            spread[axis] = count;
            var joined = Op.Ints([.. x.Shape.Select((size, each) => each < axis ? 0 : size == Shape.Unknown ? -1
                : each == axis ? checked(size * count) : size)]);
            x = Op.Expand(Op.Unsqueeze(x, axis), [.. spread]);
            if (axis == axes[^1])
                return Of(node, nameof(Op.Reshape), x, joined);
            x = Op.Apply(nameof(Op.Reshape), [x, joined]);
        }
        return [x];
    }

    static IReadOnlyList<Value> Sum(Source node, Value x)
    {
        var sum = node with { Type = nameof(Op.ReduceSum), Inputs = [x, .. node.Inputs.Skip(1)] };
        return (node.Opset < 18 ? sum.Move("axes", 1) : sum).Build();
    }

    // Groups are normalised as the channels of an instance are; before opset 21 scale and bias are a group's, then a channel's.
    static IReadOnlyList<Value> GroupNormalization(Source node)
    {
        var (x, groups) = (node.Input(0), (int)node.Attributes.Int("num_groups"));
        var channels = x.Shape[1];
        if (groups < 1 || channels < 1 || channels % groups != 0)
            throw node.Error($"normalises input {x.Shape} in {groups} groups, needs a number that divides its channels.");
        var ones = Value.Constant(Tensor.Of<float>([groups], [.. Enumerable.Repeat(1f, groups)]), $"{node.Name}.ones");
        var zeros = Value.Constant(Tensor.Zeros(ElementType.Float, [groups]), $"{node.Name}.zeros");
        var normal = Op.Apply("InstanceNormalization", [Op.Reshape(x, 0, groups, -1), ones, zeros],
            new() { { "epsilon", node.Attributes.Float("epsilon", 1e-5f) } });
        Value Scaled(Value value, int[] spread) => Op.Mul(value, Op.Reshape(node.Input(1), spread));
        int[] group = [1, groups, 1], channel = [1, channels, .. Enumerable.Repeat(1, x.Shape.Rank - 2)];
        var shape = Op.Apply("Shape", [x]);
        return node.Opset < 21
            ? Of(node, nameof(Op.Reshape), Op.Add(Scaled(normal, group), Op.Reshape(node.Input(2), group)), shape)
            : Of(node, nameof(Op.Add), Scaled(Op.Apply(nameof(Op.Reshape), [normal, shape]), channel), Op.Reshape(node.Input(2), channel));
    }

    static IReadOnlyList<Value> Softmax(Source node)
    {
        if (node.Opset >= 13)
            return node.Build();
        var shape = node.Input(0).Shape;
        var axis = (int)node.Attributes.Int("axis", 1);
        axis = axis < 0 ? axis + shape.Rank : axis;
        if (shape.Skip(axis + 1).All(size => size == 1))
            return node.With("axis", axis).Build();
        var rows = Op.Apply(node.Type, [Op.Flatten(node.Input(0), axis)], new() { { "axis", -1 } });
        return Of(node, nameof(Op.Reshape), rows, Op.Apply("Shape", [node.Input(0)]));
    }

    static IReadOnlyList<Value> Enlarge(Source node) =>
        (node with { Type = nameof(Op.Resize), Inputs = [node.Input(0), null, node.Input(1)] })
        .With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", "floor").Build();

    static IReadOnlyList<Value> Resize(Source node)
    {
        if (node.Attributes.Int("antialias") == 1 || node.Attributes.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
            throw node.Error("it smooths or keeps the aspect ratio (antialias, keep_aspect_ratio_policy), which opset 17 cannot say. "
                + "Export it with an older operator set.");
        if (node.Attributes.Text("coordinate_transformation_mode") is "half_pixel_symmetric" and var mode)
            throw node.Error($"its coordinate_transformation_mode is {mode}, which opset 17 cannot say. Export it with an older operator "
                + "set.");
        if (node.Attributes.Text("coordinate_transformation_mode") != "tf_crop_and_resize")
            node = node.WithInput(1, null);
        if (node.Attributes.Has("axes"))
            node = OverAllAxes(node);
        node = node.Without("antialias", "keep_aspect_ratio_policy", "axes");
        foreach (var place in new[] { 1, 2 })
            if (node.InputOrNull(place)?.Shape.Contains(0) == true)
                node = node.WithInput(place, null);
        return node.Build();
    }

    static Source OverAllAxes(Source node)
    {
        var x = node.Input(0);
        var axes = node.Attributes.Ints("axes").Select(axis => (int)(axis < 0 ? axis + x.Shape.Rank : axis)).ToArray();
        if (node.InputOrNull(1) is { } region)
        {
            var some = Stored(node, 1, region);
            var (starts, ends) = (Spread(axes, x.Shape.Rank, 0, some[..axes.Length]), Spread(axes, x.Shape.Rank, 1, some[axes.Length..]));
            node = node.WithInput(1, Value.Constant(Tensor.Vector<float>([.. starts, .. ends]), $"{node.Name}.roi"));
        }
        if (node.InputOrNull(2) is { } scales && !scales.Shape.Contains(0))
            return node.WithInput(2, Value.Constant(Tensor.Vector<float>(Spread(axes, x.Shape.Rank, 1, Stored(node, 2, scales))),
                $"{node.Name}.scales"));
        var sizes = node.Ints(3) ?? throw node.Error("it has neither scales nor sizes that are known before the graph runs.");
        // Of the other axes each has as many places as the input has then.
        Value Size(int axis) => Array.IndexOf(axes, axis) is >= 0 and var i ? Value.Constant(Tensor.Vector(sizes[i]), $"{node.Name}.sizes")
            : Op.Apply("Shape", [x], new() { { "start", axis }, { "end", axis + 1 } });
        return node.WithInput(3, Op.Concat(0, [.. Enumerable.Range(0, x.Shape.Rank).Select(Size)]));
    }

    static float[] Spread(int[] axes, int rank, float otherwise, float[] some)
    {
        var all = Enumerable.Repeat(otherwise, rank).ToArray();
        for (var i = 0; i < axes.Length; i++)
            all[axes[i]] = some[i];
        return all;
    }

    static float[] Stored(Source node, int place, Value value) => value.Known is { Type: ElementType.Float } known
        ? known.Elements<float>().ToArray()
        : throw node.Error($"input {place} ('{value.Name}') is computed, needs numbers that are stored.");

    static IReadOnlyList<Value> Gelu(Source node)
    {
        var x = node.Input(0);
        return node.Attributes.Text("approximate", "none") == "tanh"
            ? Of(node, nameof(Op.Mul), x * 0.5f, Op.Tanh((x + x * x * x * 0.044715f) * (float)Math.Sqrt(2 / Math.PI)) + 1f)
            : Of(node, nameof(Op.Mul), x * 0.5f, Op.Erf(x * (float)Math.Sqrt(0.5)) + 1f);
    }
}
