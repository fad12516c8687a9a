using System.Collections.Frozen;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

/// <summary>How the integers of each operator follow from those of its inputs: one row each.</summary>
/// <remarks>Source: ONNX operators, opset 17.</remarks>
static class FoldingRules
{
    const long UnknownSize = Folding.UnknownSize;

    public static FrozenDictionary<string, FoldingRule> All { get; } = new Dictionary<string, FoldingRule>
    {
        ["Shape"] = new(arguments => Op.SizesOf(arguments.Node), OnlyShape: true),
        ["Size"] = new(arguments => [arguments.Node.Input(0).Shape.Aggregate(1L, (product, size) =>
            size == Shape.Unknown || product == UnknownSize ? UnknownSize : product * size)], OnlyShape: true),
        ["Identity"] = new(Same),
        [nameof(Op.Cast)] = new(Same, TakesFractions: true),
        [nameof(Op.Reshape)] = new(Same),
        [nameof(Op.Flatten)] = new(Same),
        [nameof(Op.Squeeze)] = new(Same),
        [nameof(Op.Unsqueeze)] = new(Same),
        [nameof(Op.Neg)] = new(arguments => EachOf(arguments, (x, _) => -x)),
        [nameof(Op.Abs)] = new(arguments => EachOf(arguments, (x, _) => Math.Abs(x))),
        [nameof(Op.Sign)] = new(arguments => EachOf(arguments, (x, _) => Math.Sign(x))),
        ["Not"] = new(arguments => EachOf(arguments, (x, _) => x == 0 ? 1 : 0)),
        [nameof(Op.Add)] = new(arguments => EachOf(arguments, (x, y) => x + y)),
        [nameof(Op.Sub)] = new(arguments => EachOf(arguments, (x, y) => x - y)),
        [nameof(Op.Mul)] = new(arguments => EachOf(arguments, (x, y) => x * y)),
        [nameof(Op.Div)] = new(arguments => EachOf(arguments, (x, y) => x / y)),
        ["Mod"] = new(arguments => EachOf(arguments,
            arguments.Node.Attributes.Int("fmod") == 1 ? (x, y) => x % y : (x, y) => x - y * (long)Math.Floor((double)x / y))),
        [nameof(Op.Pow)] = new(arguments => EachOf(arguments, (x, y) => (long)Math.Pow(x, y))),
        [nameof(Op.Min)] = new(arguments => EachOf(arguments, Math.Min)),
        [nameof(Op.Max)] = new(arguments => EachOf(arguments, Math.Max)),
        ["Sum"] = new(arguments => EachOf(arguments, (x, y) => x + y)),
        [nameof(Op.And)] = new(arguments => EachOf(arguments, (x, y) => x & y)),
        ["Or"] = new(arguments => EachOf(arguments, (x, y) => x | y)),
        [nameof(Op.Equal)] = new(Equal),
        [nameof(Op.Greater)] = new(arguments => EachOf(arguments, (x, y) => x > y ? 1 : 0)),
        [nameof(Op.GreaterOrEqual)] = new(arguments => EachOf(arguments, (x, y) => x >= y ? 1 : 0)),
        [nameof(Op.Less)] = new(arguments => EachOf(arguments, (x, y) => x < y ? 1 : 0)),
        [nameof(Op.LessOrEqual)] = new(arguments => EachOf(arguments, (x, y) => x <= y ? 1 : 0)),
        [nameof(Op.Where)] = new(arguments => Broadcast(arguments, values => values[0] != 0 ? values[1] : values[2])),
        [nameof(Op.Expand)] = new(arguments => Broadcast(arguments with { Inputs = arguments.Inputs[..1] }, values => values[0])),
        [nameof(Op.Transpose)] = new(Transpose),
        [nameof(Op.Concat)] = new(Concat),
        [nameof(Op.Split)] = new(Split),
        [nameof(Op.Slice)] = new(Slice),
        [nameof(Op.Gather)] = new(Gather),
        ["Range"] = new(arguments => [.. Enumerable.Range(0, (int)arguments.Shape.Length)
            .Select(i => arguments.Inputs[0].Numbers[0] + i * arguments.Inputs[2].Numbers[0])]),
        ["ConstantOfShape"] = new(arguments =>
            [.. Enumerable.Repeat(Folding.Numbers(Op.FilledWith(arguments.Node))![0], (int)arguments.Shape.Length)]),
        [nameof(Op.ReduceSum)] = new(arguments => Reduce(arguments, group => group.Sum())),
        ["ReduceProd"] = new(arguments => Reduce(arguments, group => group.Aggregate(1L, (x, y) => x * y))),
        [nameof(Op.ReduceMax)] = new(arguments => Reduce(arguments, Enumerable.Max)),
        ["ReduceMin"] = new(arguments => Reduce(arguments, Enumerable.Min)),
        [nameof(Op.ReduceMean)] = new(arguments => Reduce(arguments, group => group.Sum() / group.Count())),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    static long[] Same(FoldingArguments arguments) => arguments.Inputs[0].Numbers;

    static long[] EachOf(FoldingArguments arguments, Func<long, long, long> apply) => Broadcast(arguments,
        values => values.Contains(UnknownSize) ? UnknownSize
            : values.Length == 1 ? apply(values[0], 0) : values.Skip(1).Aggregate(values[0], apply));

    // A size is never negative, so that an unknown one differs from −1, which files compare their targets with.
    static long[] Equal(FoldingArguments arguments) => Broadcast(arguments, values => !values.Contains(UnknownSize)
        ? values[0] == values[1] ? 1 : 0
        : values.Any(value => value is < 0 and not UnknownSize) ? 0 : UnknownSize);

    static long[] Broadcast(FoldingArguments arguments, Func<long[], long> apply)
    {
        var (shape, inputs) = (arguments.Shape, arguments.Inputs);
        return Places(shape, to => apply([.. inputs.Select(input =>
            input.At(axis => input.Shape[axis] == 1 ? 0 : to[axis + shape.Rank - input.Shape.Rank]))]));
    }

    static long[] Transpose(FoldingArguments arguments)
    {
        var (x, permutation) = (arguments.Inputs[0], Op.Permutation(arguments.Node));
        return Places(arguments.Shape, to => x.At(axis => to[Array.IndexOf(permutation, axis)]));
    }

    static long[] Concat(FoldingArguments arguments)
    {
        var axis = Axis(arguments.Node, arguments.Shape.Rank);
        return Places(arguments.Shape, to =>
        {
            var place = to[axis];
            foreach (var input in arguments.Inputs)
                if (place < input.Shape[axis])
                    return input.At(each => each == axis ? place : to[each]);
                else
                    place -= input.Shape[axis];
            throw new InvalidOperationException("A place lies behind the last input.");
        });
    }

    static long[] Split(FoldingArguments arguments)
    {
        var axis = Axis(arguments.Node, arguments.Shape.Rank);
        var start = arguments.Node.Inputs.Length > 1 ? arguments.Inputs[1].Numbers.Take(arguments.Output).Sum()
            : arguments.Output * (long)arguments.Shape[axis];
        return Places(arguments.Shape, to => arguments.Inputs[0].At(each => to[each] + (each == axis ? (int)start : 0)));
    }

    static long[] Slice(FoldingArguments arguments)
    {
        var slices = Op.Slices(arguments.Node).ToDictionary(slice => slice.Axis);
        return Places(arguments.Shape, to => arguments.Inputs[0].At(axis =>
            slices.TryGetValue(axis, out var slice) ? slice.Start + to[axis] * slice.Step : to[axis]));
    }

    static long[]? Gather(FoldingArguments arguments)
    {
        var (x, indices) = (arguments.Inputs[0], arguments.Inputs[1]);
        if (indices.Numbers.Contains(UnknownSize))
            return null;
        var (axis, rank) = (Axis(arguments.Node, x.Shape.Rank), indices.Shape.Rank);
        return Places(arguments.Shape, to =>
        {
            var index = indices.At(each => to[axis + each]);
            if (index < -x.Shape[axis] || index >= x.Shape[axis])
                throw arguments.Node.Error($"index {index} is outside axis {axis} of input {x.Shape}.");
            var place = (int)(index < 0 ? index + x.Shape[axis] : index);
            return x.At(each => each < axis ? to[each] : each == axis ? place : to[each + rank - 1]);
        });
    }

    static long[]? Reduce(FoldingArguments arguments, Func<IEnumerable<long>, long> reduce)
    {
        var (x, axes) = (arguments.Inputs[0], Op.ReducedAxes(arguments.Node));
        var groups = new List<long>[arguments.Shape.Length];
        foreach (var (place, number) in x.Numbers.Index())
        {
            var (group, rest, step) = (0, place, 1);
            for (var axis = x.Shape.Rank - 1; axis >= 0; rest /= x.Shape[axis--])
                if (!axes.Contains(axis))
                    (group, step) = (group + rest % x.Shape[axis] * step, step * x.Shape[axis]);
            (groups[group] ??= []).Add(number);
        }
        return groups.Any(group => group is null) ? null
            : [.. groups.Select(group => group.Contains(UnknownSize) ? UnknownSize : reduce(group))];
    }

    static int Axis(Node node, int rank) => (int)node.Attributes.Int("axis") is < 0 and var axis ? axis + rank
        : (int)node.Attributes.Int("axis");

    static long[] Places(Shape shape, Func<int[], long> at)
    {
        var (numbers, to) = (new long[shape.Length], new int[shape.Rank]);
        for (var place = 0; place < numbers.Length; place++)
        {
            for (int axis = shape.Rank - 1, rest = place; axis >= 0; rest /= shape[axis--])
                to[axis] = rest % shape[axis];
            numbers[place] = at(to);
        }
        return numbers;
    }
}
