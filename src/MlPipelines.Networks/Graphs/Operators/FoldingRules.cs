using System.Collections.Frozen;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

/// <summary>How the numbers of each operator follow from those of its inputs: one row each.</summary>
/// <remarks>Source: ONNX operators, opset 17.</remarks>
static class FoldingRules
{
    const double Unknown = double.NaN;

    public static FrozenDictionary<string, FoldingRule> All { get; } = new Dictionary<string, FoldingRule>
    {
        ["Shape"] = new(arguments => [.. Op.SizesOf(arguments.Node).Select(size => size == Folding.UnknownSize ? Unknown : size)],
            OnlyShape: true),
        ["Size"] = new(arguments => [arguments.Node.Input(0).Shape.Aggregate(1.0, (product, size) =>
            size == Shape.Unknown ? Unknown : product * size)], OnlyShape: true),
        ["Identity"] = Moves(Same),
        [nameof(Op.Cast)] = Moves(Same),
        [nameof(Op.Reshape)] = Moves(Same),
        [nameof(Op.Flatten)] = Moves(Same),
        [nameof(Op.Squeeze)] = Moves(Same),
        [nameof(Op.Unsqueeze)] = Moves(Same),
        [nameof(Op.Neg)] = Each((x, _) => -x),
        [nameof(Op.Abs)] = Each((x, _) => Math.Abs(x)),
        [nameof(Op.Sign)] = Each((x, _) => Math.Sign(x)),
        ["Floor"] = Each((x, _) => Math.Floor(x)),
        ["Ceil"] = Each((x, _) => Math.Ceiling(x)),
        ["Round"] = Each((x, _) => Math.Round(x, MidpointRounding.ToEven)),
        [nameof(Op.Sqrt)] = Each((x, _) => Math.Sqrt(x)),
        [nameof(Op.Reciprocal)] = Each((x, _) => 1 / x),
        ["Not"] = Each((x, _) => x == 0 ? 1 : 0),
        [nameof(Op.Add)] = Each((x, y) => x + y),
        [nameof(Op.Sub)] = Each((x, y) => x - y),
        [nameof(Op.Mul)] = Each((x, y) => x * y),
        [nameof(Op.Div)] = new(Divide, GivesFractions: true),
        ["Mod"] = new(Modulo),
        [nameof(Op.Pow)] = new(arguments => EachOf(arguments, Math.Pow)),
        [nameof(Op.Min)] = Each(Math.Min),
        [nameof(Op.Max)] = Each(Math.Max),
        ["Sum"] = Each((x, y) => x + y),
        [nameof(Op.Clip)] = Moves(Clip),
        [nameof(Op.And)] = Each((x, y) => (long)x & (long)y),
        ["Or"] = Each((x, y) => (long)x | (long)y),
        [nameof(Op.Equal)] = Moves(Equal),
        [nameof(Op.Greater)] = Each((x, y) => x > y ? 1 : 0),
        [nameof(Op.GreaterOrEqual)] = Each((x, y) => x >= y ? 1 : 0),
        [nameof(Op.Less)] = Each((x, y) => x < y ? 1 : 0),
        [nameof(Op.LessOrEqual)] = Each((x, y) => x <= y ? 1 : 0),
        [nameof(Op.Where)] = Moves(arguments => Broadcast(arguments, values => values[0] != 0 ? values[1] : values[2])),
        [nameof(Op.Expand)] = Moves(arguments => Broadcast(arguments with { Inputs = arguments.Inputs[..1] }, values => values[0])),
        [nameof(Op.Transpose)] = Moves(Transpose),
        [nameof(Op.Concat)] = Moves(Concat),
        [nameof(Op.Split)] = Moves(Split),
        [nameof(Op.Slice)] = Moves(Slice),
        [nameof(Op.Gather)] = Moves(Gather),
        [nameof(Op.Pad)] = Moves(Pad),
        ["TopK"] = Moves(TopK),
        ["CumSum"] = new(CumSum),
        ["Range"] = new(arguments => [.. Enumerable.Range(0, (int)arguments.Shape.Length)
            .Select(i => arguments.Inputs[0].Numbers[0] + i * arguments.Inputs[2].Numbers[0])]),
        ["ConstantOfShape"] = Moves(arguments =>
            [.. Enumerable.Repeat(Folding.Values(Op.FilledWith(arguments.Node))![0], (int)arguments.Shape.Length)]),
        [nameof(Op.ReduceSum)] = new(arguments => Reduce(arguments, group => group.Sum())),
        ["ReduceProd"] = new(arguments => Reduce(arguments, group => group.Aggregate(1.0, (x, y) => x * y))),
        [nameof(Op.ReduceMax)] = Moves(arguments => Reduce(arguments, Enumerable.Max)),
        ["ReduceMin"] = Moves(arguments => Reduce(arguments, Enumerable.Min)),
        [nameof(Op.ReduceMean)] = new(arguments => Reduce(arguments, group => Math.Truncate(group.Sum() / group.Count()))),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Moves numbers, or rounds once, so that float32 is exact too.
    static FoldingRule Moves(Func<FoldingArguments, double[]?> compute) => new(compute, GivesFractions: true);

    static FoldingRule Each(Func<double, double, double> apply) => Moves(arguments => EachOf(arguments, apply));

    static double[] Same(FoldingArguments arguments) => arguments.Inputs[0].Numbers;

    // An operator of more than two inputs rounds after each.
    static double[] EachOf(FoldingArguments arguments, Func<double, double, double> apply) => Broadcast(arguments, values =>
        values.Any(double.IsNaN) ? Unknown : values.Length == 1 ? apply(values[0], 0)
            : values.Skip(1).Aggregate(values[0], (x, y) => arguments.Type == ElementType.Float ? (float)apply(x, y) : apply(x, y)));

    static double[] Divide(FoldingArguments arguments) => EachOf(arguments, arguments.Type == ElementType.Float ? (x, y) => x / y
        : (x, y) => y == 0 ? throw new DivideByZeroException() : Math.Truncate(x / y));

    static double[] Modulo(FoldingArguments arguments)
    {
        var isOfC = arguments.Node.Attributes.Int("fmod") == 1;
        return EachOf(arguments, (x, y) => y == 0 ? throw new DivideByZeroException() : isOfC ? x % y : x - y * Math.Floor(x / y));
    }

    // A size is never negative, so that an unknown one differs from −1, which files compare their targets with.
    static double[] Equal(FoldingArguments arguments) => Broadcast(arguments, values => !values.Any(double.IsNaN)
        ? values[0] == values[1] ? 1 : 0
        : values.Any(value => value < 0) ? 0 : Unknown);

    static double[] Broadcast(FoldingArguments arguments, Func<double[], double> apply)
    {
        var (shape, inputs) = (arguments.Shape, arguments.Inputs);
        return Places(shape, to => apply([.. inputs.Select(input =>
            input.At(axis => input.Shape[axis] == 1 ? 0 : to[axis + shape.Rank - input.Shape.Rank]))]));
    }

    static double[] Transpose(FoldingArguments arguments)
    {
        var (x, permutation) = (arguments.Inputs[0], Op.Permutation(arguments.Node));
        return Places(arguments.Shape, to => x.At(axis => to[Array.IndexOf(permutation, axis)]));
    }

    static double[] Concat(FoldingArguments arguments)
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

    static double[] Split(FoldingArguments arguments)
    {
        var axis = Axis(arguments.Node, arguments.Shape.Rank);
        var start = arguments.Node.Inputs.Length > 1 ? arguments.Inputs[1].Numbers.Take(arguments.Output).Sum()
            : arguments.Output * (double)arguments.Shape[axis];
        return Places(arguments.Shape, to => arguments.Inputs[0].At(each => to[each] + (each == axis ? (int)start : 0)));
    }

    static double[] Slice(FoldingArguments arguments)
    {
        var slices = Op.Slices(arguments.Node).ToDictionary(slice => slice.Axis);
        return Places(arguments.Shape, to => arguments.Inputs[0].At(axis =>
            slices.TryGetValue(axis, out var slice) ? slice.Start + to[axis] * slice.Step : to[axis]));
    }

    static double[]? Gather(FoldingArguments arguments)
    {
        var (x, indices) = (arguments.Inputs[0], arguments.Inputs[1]);
        if (indices.Numbers.Any(double.IsNaN))
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

    static double[] Clip(FoldingArguments arguments)
    {
        var bounds = arguments.Inputs.Skip(1).Select(input => input.Numbers?[0]).ToArray();
        var least = bounds.ElementAtOrDefault(0) ?? double.NegativeInfinity;
        var most = bounds.ElementAtOrDefault(1) ?? double.PositiveInfinity;
        return [.. arguments.Inputs[0].Numbers.Select(number => double.IsNaN(number) ? Unknown : Math.Min(Math.Max(number, least), most))];
    }

    // Pads are of all axes; where the fill is left out it is 0.
    static double[]? Pad(FoldingArguments arguments)
    {
        var (x, pads) = (arguments.Inputs[0], arguments.Inputs[1].Numbers);
        if (arguments.Node.Attributes.Text("mode", "constant") != "constant" || pads.Any(double.IsNaN))
            return null;
        var fill = arguments.Node.InputOrNull(2) is null ? 0 : arguments.Inputs[2].Numbers[0];
        return Places(arguments.Shape, to => Enumerable.Range(0, x.Shape.Rank)
            .All(axis => to[axis] - pads[axis] is >= 0 and var place && place < x.Shape[axis])
            ? x.At(axis => to[axis] - (int)pads[axis]) : fill);
    }

    static double[]? TopK(FoldingArguments arguments)
    {
        var (x, axis) = (arguments.Inputs[0], Axis(arguments.Node, arguments.Shape.Rank, -1));
        if (x.Numbers.Any(double.IsNaN))
            return null;
        var sign = arguments.Node.Attributes.Int("largest", 1) == 1 ? -1 : 1;
        return Places(arguments.Shape, to =>
        {
            var (place, number) = Enumerable.Range(0, x.Shape[axis]).Select(place => (place, At(place)))
                .OrderBy(pair => sign * pair.Item2).ElementAt(to[axis]);
            return arguments.Output == 0 ? number : place;

            double At(int place) => x.At(each => each == axis ? place : to[each]);
        });
    }

    static double[]? CumSum(FoldingArguments arguments)
    {
        var (x, wanted) = (arguments.Inputs[0], (int)arguments.Inputs[1].Numbers[0]);
        var axis = wanted < 0 ? wanted + x.Shape.Rank : wanted;
        var (own, isReverse) = (arguments.Node.Attributes.Int("exclusive") == 0, arguments.Node.Attributes.Int("reverse") == 1);
        return Places(arguments.Shape, to => Enumerable.Range(0, x.Shape[axis])
            .Where(place => (isReverse ? place > to[axis] : place < to[axis]) || own && place == to[axis])
            .Sum(place => x.At(each => each == axis ? place : to[each])));
    }

    static double[]? Reduce(FoldingArguments arguments, Func<IEnumerable<double>, double> reduce)
    {
        var (x, axes) = (arguments.Inputs[0], Op.ReducedAxes(arguments.Node));
        var groups = new List<double>[arguments.Shape.Length];
        foreach (var (place, number) in x.Numbers.Index())
        {
            var (group, rest, step) = (0, place, 1);
            for (var axis = x.Shape.Rank - 1; axis >= 0; rest /= x.Shape[axis--])
                if (!axes.Contains(axis))
                    (group, step) = (group + rest % x.Shape[axis] * step, step * x.Shape[axis]);
            (groups[group] ??= []).Add(number);
        }
        return groups.Any(group => group is null) ? null
            : [.. groups.Select(group => group.Any(double.IsNaN) ? Unknown : reduce(group))];
    }

    static int Axis(Node node, int rank, int otherwise = 0) => (int)node.Attributes.Int("axis", otherwise) is var axis && axis < 0
        ? axis + rank : axis;

    static double[] Places(Shape shape, Func<int[], double> at)
    {
        var (numbers, to) = (new double[shape.Length], new int[shape.Rank]);
        for (var place = 0; place < numbers.Length; place++)
        {
            for (int axis = shape.Rank - 1, rest = place; axis >= 0; rest /= shape[axis--])
                to[axis] = rest % shape[axis];
            numbers[place] = at(to);
        }
        return numbers;
    }
}
