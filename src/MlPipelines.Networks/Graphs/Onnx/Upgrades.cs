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
        [nameof(Op.Clip)] = node => node.Move("min", 1).Move("max", 2).Build(),
        [nameof(Op.Slice)] = node => (node.Opset < 10 ? node.Move("starts", 1).Move("ends", 2).Move("axes", 3) : node).Build(),
        [nameof(Op.Squeeze)] = node => node.Move("axes", 1).Build(),
        [nameof(Op.Unsqueeze)] = node => node.Move("axes", 1).Build(),
        [nameof(Op.ReduceSum)] = node => node.Move("axes", 1).Build(),
        [nameof(Op.ReduceMean)] = Reduce,
        [nameof(Op.ReduceMax)] = Reduce,
        ["ReduceMin"] = Reduce,
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
        var to = TensorReader.Single((ElementType)node.Attributes.Int("to"));
        return node.Input(0).Type == to ? [node.Input(0)] : node.Without("saturate").With("to", (long)to).Build();
    }

    static IReadOnlyList<Value> Reduce(Source node)
    {
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
        return (node with { Inputs = [node.Input(0), rate] }).Build();
    }

    static IReadOnlyList<Value> BatchNormalization(Source node) => node.Attributes.Int("spatial", 1) == 1
        ? node.Without("spatial").Build()
        : throw node.Error("it normalises each place on its own (spatial=0), needs one mean and variance per channel.");

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
        var shape = node.Input(0).Shape;
        var axes = node.Attributes.Ints("axes").Select(axis => (int)(axis < 0 ? axis + shape.Rank : axis)).ToArray();
        if (node.InputOrNull(2)?.Known is { Shape.Length: > 0 } known)
        {
            var scales = Enumerable.Repeat(1f, shape.Rank).ToArray();
            for (var i = 0; i < axes.Length; i++)
                scales[axes[i]] = known.Elements<float>()[i];
            return node.WithInput(2, Value.Constant(Tensor.Vector<float>(scales), $"{node.Name}.scales"));
        }
        var sizes = shape.Select(size => (long)size).ToArray();
        var some = node.Ints(3) ?? throw node.Error("it has neither scales nor sizes that are known before the graph runs.");
        for (var i = 0; i < axes.Length; i++)
            sizes[axes[i]] = shape[axes[i]] != Shape.Unknown ? some[i]
                : throw node.Error($"axis {axes[i]} of input {shape} is known only when the graph runs, and cannot be resized here.");
        // A size cannot say "as many as there are", a scale can.
        return sizes.Contains(Shape.Unknown)
            ? node.WithInput(3, null)
                .WithInput(2,
                    Value.Constant(Tensor.Vector<float>(
                        [.. sizes.Select((size, axis) => size == Shape.Unknown ? 1f : (float)size / shape[axis])]), $"{node.Name}.scales"))
            : node.WithInts(3, "sizes", sizes);
    }

    static IReadOnlyList<Value> Gelu(Source node)
    {
        var x = node.Input(0);
        return node.Attributes.Text("approximate", "none") == "tanh"
            ? Of(node, nameof(Op.Mul), x * 0.5f, Op.Tanh((x + x * x * x * 0.044715f) * (float)Math.Sqrt(2 / Math.PI)) + 1f)
            : Of(node, nameof(Op.Mul), x * 0.5f, Op.Erf(x * (float)Math.Sqrt(0.5)) + 1f);
    }
}
