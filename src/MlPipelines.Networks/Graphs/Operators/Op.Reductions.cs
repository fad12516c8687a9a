using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    internal static readonly Operator[] Reductions =
    [
        new(nameof(ReduceSum), InferReduction),
        new(nameof(ReduceMean), InferReduction),
        new(nameof(ReduceMax), InferReduction),
        new("ReduceMin", InferReduction),
        new(nameof(ArgMax), InferArgMax),
    ];

    /// <summary>Sum over the axes given; over all when there are none.</summary>
    public static Value ReduceSum(Value x, int[] axes, bool keep = true) =>
        Apply(nameof(ReduceSum), [x, axes.Length == 0 ? null : Ints(axes)], new() { { "keepdims", keep } });

    /// <summary>Mean over the axes given; over all when there are none.</summary>
    public static Value ReduceMean(Value x, int[] axes, bool keep = true) => Apply(nameof(ReduceMean), [x], AxesAndKeep(axes, keep));

    /// <summary>Largest over the axes given; over all when there are none.</summary>
    public static Value ReduceMax(Value x, int[] axes, bool keep = true) => Apply(nameof(ReduceMax), [x], AxesAndKeep(axes, keep));

    /// <summary>Place of the largest element along an axis, int64.</summary>
    public static Value ArgMax(Value x, int axis, bool keep = true) =>
        Apply(nameof(ArgMax), [x], new() { { "axis", axis }, { "keepdims", keep } });

    /// <summary>Axes that a reduction node reduces, from 0.</summary>
    public static int[] ReducedAxes(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var axes = node.Operator.Type == nameof(ReduceSum) ? node.KnownInts(1) : AxesAttribute(node);
        var rank = node.Input(0).Shape.Rank;
        if (axes is null or { Length: 0 })
            return node.Attributes.Int("noop_with_empty_axes") == 1 ? [] : [.. Enumerable.Range(0, rank)];
        return [.. axes.Select(axis => AxisOf(node, axis, rank))];
    }

    /// <summary>A constant vector of int64.</summary>
    public static Value Ints(params ReadOnlySpan<int> numbers)
    {
        var longs = new long[numbers.Length];
        for (var i = 0; i < longs.Length; i++)
            longs[i] = numbers[i];
        return Value.Constant(Tensor.Vector<long>(longs), "shape");
    }

    static Attributes AxesAndKeep(int[] axes, bool keep) =>
        new Attributes { { "keepdims", keep } }.With("axes", axes.Length == 0 ? null : axes);

    static long[]? AxesAttribute(Node node) => node.Attributes.Has("axes") ? node.Attributes.Ints("axes") : null;

    static Inferred[] InferReduction(Node node)
    {
        var x = node.Input(0);
        return [new(x.Type, Reduced(x.Shape, ReducedAxes(node), node.Attributes.Int("keepdims", 1) == 1))];
    }

    static Inferred[] InferArgMax(Node node)
    {
        var x = node.Input(0).Shape;
        return [new(ElementType.Int64,
            Reduced(x, [AxisOf(node, node.Attributes.Int("axis"), x.Rank)], node.Attributes.Int("keepdims", 1) == 1))];
    }

    static Shape Reduced(Shape shape, int[] axes, bool keep) =>
        [.. shape.Select((size, axis) => axes.Contains(axis) ? keep ? 1 : int.MinValue : size).Where(size => size != int.MinValue)];

    static int AxisOf(Node node, long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis)
        : throw node.Error($"axis {axis} is outside input {node.Input(0).Shape}.");
}
