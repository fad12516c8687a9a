using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

public static partial class Op
{
    internal static readonly Operator[] Layouts =
    [
        new(nameof(Reshape), InferReshape),
        new(nameof(Flatten), InferFlatten),
        new(nameof(Transpose), InferTranspose),
        new(nameof(Concat), InferConcat),
        new(nameof(Slice), InferSlice),
        new(nameof(Split), InferSplit),
        new(nameof(Pad), InferPad),
        new(nameof(Squeeze), InferSqueeze),
        new(nameof(Unsqueeze), InferUnsqueeze),
        new(nameof(Expand), InferExpand),
        new(nameof(Gather), InferGather),
        new("Shape", node => [new(ElementType.Int64, [SizesOf(node).Length])]),
        new("Size", _ => [new(ElementType.Int64, Shape.Scalar)]),
        new("Range", InferRange),
        new("ConstantOfShape", InferConstantOfShape),
        new(nameof(Resize), InferResize),
    ];

    /// <summary>The same elements under another shape; −1 stands for the size that is left, 0 for the input's size of that axis.</summary>
    public static Value Reshape(Value x, params ReadOnlySpan<int> shape) => Apply(nameof(Reshape), [x, Ints(shape)]);

    /// <summary>A matrix: axes before <paramref name="axis"/> become rows, the others columns.</summary>
    public static Value Flatten(Value x, int axis = 1, string? name = null) =>
        Apply(nameof(Flatten), [x], new() { { "axis", axis } }, name);

    /// <summary>x with its axes in another order: axis i of the result is axis permutation[i] of x.</summary>
    public static Value Transpose(Value x, params int[] permutation) => Apply(nameof(Transpose), [x], new() { { "perm", permutation } });

    /// <summary>The values one after the other along the axis; those left out are null.</summary>
    public static Value Concat(int axis, params ReadOnlySpan<Value?> values) => Apply(nameof(Concat), values, new() { { "axis", axis } });

    /// <summary>From <paramref name="start"/> up to, without, <paramref name="end"/> along each axis given.</summary>
    public static Value Slice(Value x, int[] start, int[] end, int[] axes, int[]? steps = null) =>
        Apply(nameof(Slice), [x, Ints(start), Ints(end), Ints(axes), steps is null ? null : Ints(steps)]);

    /// <summary>Consecutive parts of the sizes given.</summary>
    public static IReadOnlyList<Value> Split(Value x, int axis, params int[] sizes) =>
        Node.Of(Operator.Find(nameof(Split)), [x, Ints(sizes)], new() { { "axis", axis } }).Outputs;

    /// <summary>Pads by a constant; <paramref name="pads"/> holds all begins, then all ends.</summary>
    public static Value Pad(Value x, int[] pads, float value = 0, string mode = "constant") =>
        Apply(nameof(Pad), [x, Ints(pads), mode == "constant" ? Value.Constant(Tensor.Scalar(value), "padding") : null],
            new() { { "mode", mode } });

    /// <summary>x without those axes, which have size 1.</summary>
    public static Value Squeeze(Value x, params int[] axes) => Apply(nameof(Squeeze), [x, Ints(axes)]);
    /// <summary>x with axes of size 1 at those places of the result.</summary>
    public static Value Unsqueeze(Value x, params int[] axes) => Apply(nameof(Unsqueeze), [x, Ints(axes)]);

    /// <summary>Repeats axes of size 1 so that the shape becomes the one given.</summary>
    public static Value Expand(Value x, Shape shape) => Apply(nameof(Expand), [x, Ints(shape.AsSpan())]);

    /// <summary>The slices of <paramref name="x"/> that <paramref name="indices"/> names.</summary>
    public static Value Gather(Value x, Value indices, int axis = 0) => Apply(nameof(Gather), [x, indices], new() { { "axis", axis } });

    /// <summary>Enlarges or shrinks; one scale per axis.</summary>
    public static Value Resize(Value x, float[] scales, string mode = "nearest", string coordinates = "half_pixel",
        string nearest = "round_prefer_floor") =>
        Apply(nameof(Resize), [x, null, Value.Constant(Tensor.Vector<float>(scales), "scales")],
            new() { { "mode", mode }, { "coordinate_transformation_mode", coordinates }, { "nearest_mode", nearest } });

    static Inferred[] InferReshape(Node node)
    {
        var x = node.Input(0);
        var target = node.KnownInts(1)!;
        var sizes = new int[target.Length];
        for (var axis = 0; axis < sizes.Length; axis++)
            sizes[axis] = target[axis] == Folding.UnknownSize ? Shape.Unknown
                : target[axis] == 0 && node.Attributes.Int("allowzero") == 0
                ? axis < x.Shape.Rank ? x.Shape[axis]
                : throw node.Error($"size 0 at axis {axis} copies the input's, but the input is {x.Shape}.")
                : checked((int)target[axis]);
        var free = Array.IndexOf(target, -1L);
        // Of two free sizes, of which a file says one by -1 and computes the other from the batch, the first is the batch.
        if (free == 0 && x.Shape.Rank > 0 && x.Shape[0] == Shape.Unknown && x.Shape.Skip(1).All(size => size != Shape.Unknown)
            && sizes.Skip(1).Count(size => size == Shape.Unknown) == 1)
            (sizes[0], free) = (Shape.Unknown, Array.IndexOf(sizes, Shape.Unknown, 1));
        // Unknown axes on both sides are the same batch, so that the rest must agree without them.
        var here = x.Shape.Where(size => size != Shape.Unknown).Aggregate(1L, (product, size) => product * size);
        var there = sizes.Where((size, axis) => axis != free && size != Shape.Unknown).Aggregate(1L, (product, size) => product * size);
        var (before, after) =
            (x.Shape.Count(size => size == Shape.Unknown), sizes.Where((size, axis) => axis != free && size == Shape.Unknown).Count());
        var isOfBatch = before == 1 && after + (free >= 0 ? 1 : 0) == 1;
        if ((free >= 0 && before == after || isOfBatch) && (there == 0 || here % there != 0))
            throw node.Error($"input {x.Shape} has {here} elements{(isOfBatch ? " for each image" : "")}, which do not fit "
                + $"[{string.Join(",", target.Select(size => size == Folding.UnknownSize ? "?" : $"{size}"))}]"
                + (isOfBatch ? ". Is the input size the one the network was made for?" : "."));
        if (free >= 0)
            sizes[free] = before == after ? (int)(here / there) : Shape.Unknown;
        var shape = Shape.Create(sizes);
        if (x.Shape.IsKnown && shape.IsKnown && x.Shape.Length != shape.Length)
            throw node.Error($"input {x.Shape} has {x.Shape.Length} elements, target {shape} has {shape.Length}.");
        return [new(x.Type, shape)];
    }

    static Inferred[] InferFlatten(Node node)
    {
        var x = node.Input(0);
        var axis = (int)node.Attributes.Int("axis", 1);
        axis = axis < 0 ? axis + x.Shape.Rank : axis;
        if (axis < 0 || axis > x.Shape.Rank)
            throw node.Error($"axis {axis} is outside input {x.Shape}.");
        static int Product(ReadOnlySpan<int> sizes)
        {
            var product = 1;
            foreach (var size in sizes)
                product = size == Shape.Unknown || product == Shape.Unknown ? Shape.Unknown : checked(product * size);
            return product;
        }
        return [new(x.Type, [Product(x.Shape.AsSpan()[..axis]), Product(x.Shape.AsSpan()[axis..])])];
    }

    static Inferred[] InferTranspose(Node node)
    {
        var x = node.Input(0);
        var permutation = Permutation(node);
        if (!permutation.Order().SequenceEqual(Enumerable.Range(0, x.Shape.Rank)))
            throw node.Error($"input {x.Shape} has {x.Shape.Rank} axes, got the permutation [{string.Join(",", permutation)}].");
        return [new(x.Type, [.. permutation.Select(axis => x.Shape[axis])])];
    }

    /// <summary>The permutation of a Transpose node; without one the axes are reversed.</summary>
    public static int[] Permutation(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Attributes.Has("perm")
            ? [.. node.Attributes.Ints("perm").Select(axis => (int)axis)]
            : [.. Enumerable.Range(0, node.Input(0).Shape.Rank).Reverse()];
    }

    static Inferred[] InferConcat(Node node)
    {
        var first = node.Input(0);
        var axis = AxisOf(node, node.Attributes.Int("axis"), first.Shape.Rank);
        var total = 0;
        foreach (var input in node.Inputs)
        {
            if (input!.Shape.Rank != first.Shape.Rank || !input.Shape.With(axis, 0).Accepts(first.Shape.With(axis, 0)))
                throw node.Error($"inputs have shapes {string.Join(" and ", node.Inputs.Select(each => each!.Shape.ToString()))}, which "
                    + $"must agree but for axis {axis}.");
            total = total == Shape.Unknown || input.Shape[axis] == Shape.Unknown ? Shape.Unknown : total + input.Shape[axis];
        }
        return [new(first.Type, first.Shape.With(axis, total))];
    }

    /// <summary>Start, end, step and size of what a Slice node takes from each axis of its input, whose sizes are known.</summary>
    public static (int Axis, int Start, int Step, int Size)[] Slices(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var x = node.Input(0).Shape;
        var (starts, ends) = (node.KnownInts(1)!, node.KnownInts(2)!);
        var axes = node.KnownInts(3) ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        var steps = node.KnownInts(4) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        return [.. axes.Select((each, i) =>
        {
            var axis = AxisOf(node, each, x.Rank);
            long size = x[axis], step = steps[i];
            if (size == Shape.Unknown)
                return starts[i] == 0 && ends[i] >= int.MaxValue && step == 1 ? (axis, 0, 1, Shape.Unknown)
                    : throw node.Error($"axis {axis} of input {x} is known only when the graph runs, and cannot be cut here. Give the "
                        + "network a fixed batch.");
            if (starts[i] == Folding.UnknownSize || ends[i] == Folding.UnknownSize)
                throw node.Error($"axis {axis} of input {x} is cut at a place that is known only when the graph runs, which is not read "
                    + "here. Export the network for one size of image.");
            long Inside(long place, long least, long most) => Math.Clamp(place < 0 ? place + size : place, least, most);
            var start = step > 0 ? Inside(starts[i], 0, size) : Inside(starts[i], 0, size - 1);
            var end = step > 0 ? Inside(ends[i], 0, size) : ends[i] < -size ? -1 : Inside(ends[i], -1, size - 1);
            var count = Math.Max(0, step > 0 ? (end - start + step - 1) / step : (end - start + step + 1) / step);
            return (axis, (int)start, (int)step, (int)count);
        })];
    }

    static Inferred[] InferSlice(Node node)
    {
        var x = node.Input(0);
        return [new(x.Type, Slices(node).Aggregate(x.Shape, (current, slice) => current.With(slice.Axis, slice.Size)))];
    }

    static Inferred[] InferSplit(Node node)
    {
        var x = node.Input(0);
        var axis = AxisOf(node, node.Attributes.Int("axis"), x.Shape.Rank);
        if (node.KnownInts(1) is not { } sizes)
        {
            var parts = (int)node.Attributes.Int("num_outputs", 2);
            var part = (x.Shape[axis] + parts - 1) / parts;
            sizes = [.. Enumerable.Range(0, parts).Select(i => (long)Math.Min(part, x.Shape[axis] - i * part))];
        }
        if (sizes.Sum() != x.Shape[axis])
            throw node.Error($"axis {axis} of input {x.Shape} is to be split into {string.Join("+", sizes)}, which is {sizes.Sum()}.");
        return [.. sizes.Select(size => new Inferred(x.Type, x.Shape.With(axis, (int)size)))];
    }

    static Inferred[] InferPad(Node node)
    {
        var x = node.Input(0);
        var pads = node.KnownInts(1)!;
        if (pads.Length != 2 * x.Shape.Rank)
            throw node.Error($"input {x.Shape} needs {2 * x.Shape.Rank} pads, got {pads.Length}.");
        return [new(x.Type,
            [.. x.Shape.Select((size, axis) => size == Shape.Unknown
                && pads[axis] + pads[axis + x.Shape.Rank] == 0 ? size : size + (int)(pads[axis] + pads[axis + x.Shape.Rank]))])];
    }

    static Inferred[] InferSqueeze(Node node)
    {
        var x = node.Input(0);
        var axes = node.KnownInts(1)?.Select(axis => AxisOf(node, axis, x.Shape.Rank)).ToArray()
            ?? [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => x.Shape[axis] == 1)];
        if (axes.Any(axis => x.Shape[axis] is not 1))
            throw node.Error($"axes {string.Join(",", axes)} of input {x.Shape} are to be dropped, but not all have size 1.");
        return [new(x.Type, [.. x.Shape.Where((_, axis) => !axes.Contains(axis))])];
    }

    static Inferred[] InferUnsqueeze(Node node)
    {
        var x = node.Input(0);
        var axes = node.KnownInts(1)!;
        var rank = x.Shape.Rank + axes.Length;
        var places = axes.Select(axis => (int)(axis < 0 ? axis + rank : axis)).Order().ToArray();
        if (places.Any(place => place < 0 || place >= rank))
            throw node.Error($"axes {string.Join(",", axes)} are outside the result's {rank} axes.");
        var sizes = x.Shape.ToList();
        foreach (var place in places)
            sizes.Insert(place, 1);
        return [new(x.Type, [.. sizes])];
    }

    static Inferred[] InferExpand(Node node)
    {
        var x = node.Input(0);
        return [new(x.Type, BroadcastShapes(node, [x.Shape, Targeted(node, 1)]))];
    }

    static Inferred[] InferGather(Node node)
    {
        var (x, indices) = (node.Input(0), node.Input(1));
        var axis = AxisOf(node, node.Attributes.Int("axis"), x.Shape.Rank);
        return [new(x.Type, [.. x.Shape.Take(axis), .. indices.Shape, .. x.Shape.Skip(axis + 1)])];
    }

    /// <summary>The sizes that a Shape node gives.</summary>
    internal static long[] SizesOf(Node node)
    {
        var x = node.Input(0).Shape;
        int Place(string name, long otherwise)
        {
            var place = node.Attributes.Int(name, otherwise);
            return (int)Math.Clamp(place < 0 ? place + x.Rank : place, 0, x.Rank);
        }
        return [.. x.Take(Place("end", x.Rank)).Skip(Place("start", 0)).Select(size => size == Shape.Unknown ? Folding.UnknownSize : size)];
    }

    /// <summary>The single number that fills the tensor of a ConstantOfShape node.</summary>
    internal static Tensor FilledWith(Node node) => node.Attributes.Tensor("value") ?? Tensor.Vector(0f);

    static Inferred[] InferConstantOfShape(Node node) => [new(FilledWith(node).Type, Targeted(node, 0))];

    static Shape Targeted(Node node, int input) =>
        [.. node.KnownInts(input)!.Select(size => size == Folding.UnknownSize ? Shape.Unknown : checked((int)size))];

    static Inferred[] InferRange(Node node)
    {
        var (start, limit, delta) = (node.KnownInts(0)![0], node.KnownInts(1)![0], node.KnownInts(2)![0]);
        if (delta == 0 || start == Folding.UnknownSize || delta == Folding.UnknownSize)
            throw node.Error("starts from or goes by a number that is 0 or known only when the graph runs, which is not read here. "
                + "Export the network for one size of image.");
        var count = limit == Folding.UnknownSize ? Shape.Unknown : (int)Math.Max(0, Math.Ceiling((limit - start) / (double)delta));
        return [new(node.Input(0).Type, [count])];
    }

    /// <summary>The scales of a Resize node, NaN for what an unknown size decides; null where it has sizes.</summary>
    internal static float[]? ScalesOf(Node node) =>
        node.InputOrNull(2)?.Folded is { Shape.Length: > 0 } known ? known.Elements<float>().ToArray() : null;

    static Inferred[] InferResize(Node node)
    {
        var x = node.Input(0);
        var scales = ScalesOf(node);
        var sizes = scales is null ? node.KnownInts(3) : null;
        if ((scales?.Length ?? sizes?.Length) != x.Shape.Rank
            || scales is not null && x.Shape.Zip(scales).Any(axis => axis.First != Shape.Unknown && float.IsNaN(axis.Second)))
            throw node.Error($"input {x.Shape} needs {x.Shape.Rank} scales or sizes that are known before the graph runs.");
        return [new(x.Type,
            [.. x.Shape.Select((size, axis) => sizes is not null ? sizes[axis] == Folding.UnknownSize ? Shape.Unknown : (int)sizes[axis]
            : size == Shape.Unknown ? size : (int)MathF.Floor(size * scales![axis]))])];
    }
}
