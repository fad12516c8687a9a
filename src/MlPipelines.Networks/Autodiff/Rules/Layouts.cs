using MlPipelines.Graphs;
using MlPipelines.Tensors;
using static MlPipelines.Graphs.Op;

namespace MlPipelines.Autodiff.Rules;

static class Layouts
{
    public static readonly Rule[] Rules =
    [
        new(nameof(Reshape), SameElements),
        new(nameof(Flatten), SameElements),
        new(nameof(Squeeze), SameElements),
        new(nameof(Unsqueeze), SameElements),
        new(nameof(Expand), (_, _, dy) => [dy]),
        new(nameof(Transpose), (n, _, dy) => [Transpose(dy, Inverse(Permutation(n)))]),
        new(nameof(Concat), (n, _, dy) => OfConcat(n, dy)),
        new(nameof(Split),
            (n, dys) =>
                [Concat((int)n.Attributes.Int("axis"), [.. n.Outputs.Select(output => dys[output.Index] ?? Expand(0f, output.Shape))])]),
        new(nameof(Slice), (n, _, dy) => [OfSlice(n, dy)]),
        new(nameof(Pad), (n, _, dy) => [OfPad(n, dy)]),
        new(nameof(Gather), (n, _, dy) => [OfGather(n, dy)]),
        new(nameof(Resize), (n, _, dy) => [OfResize(n, dy)]),
        new(nameof(SpaceToDepth), (n, _, dy) => [DepthToSpace(dy, (int)n.Attributes.Int("blocksize"))]),
        new(nameof(DepthToSpace), (n, _, dy) => [OfDepthToSpace(n, dy)]),
    ];

    static Value?[] SameElements(Node node, Value y, Value dy) => [Reshape(dy, node.Input(0).Shape.AsSpan())];

    static int[] Inverse(int[] permutation)
    {
        var inverse = new int[permutation.Length];
        for (var axis = 0; axis < permutation.Length; axis++)
            inverse[permutation[axis]] = axis;
        return inverse;
    }

    static Value?[] OfConcat(Node node, Value dy)
    {
        var axis = (int)node.Attributes.Int("axis");
        var place = 0;
        return [.. node.Inputs.Select(input => Slice(dy, [place], [place += input!.Shape[axis]], [axis]))];
    }

    static Value OfSlice(Node node, Value dy)
    {
        var x = node.Input(0).Shape;
        foreach (var (axis, start, step, size) in Slices(node))
            if (step == 1)
            {
                var pads = new int[2 * x.Rank];
                (pads[axis], pads[axis + x.Rank]) = (start, x[axis] - start - size);
                dy = Pad(dy, pads);
            }
            else
                dy = AlongAxis(dy, axis, x[axis], (place, weigh) => weigh(start + place * step, 1));
        return dy;
    }

    static Value OfPad(Node node, Value dy)
    {
        var x = node.Input(0).Shape;
        var pads = node.KnownInts(1)!;
        var mode = node.Attributes.Text("mode", "constant");
        if (mode == "constant")
            return Pad(dy, [.. pads.Select(size => -(int)size)]);
        for (var axis = 0; axis < x.Rank; axis++)
        {
            int before = (int)pads[axis], size = x[axis];
            if (before == 0 && pads[axis + x.Rank] == 0)
                continue;
            dy = AlongAxis(dy, axis, size, (place, weigh) =>
            {
                var from = place - before;
                if (from < 0 || from >= size)
                    from = mode switch
                    {
                        "edge" => Math.Clamp(from, 0, size - 1),
                        "reflect" => Mirror(from, size),
                        _ => throw node.Error($"mode '{mode}' has no gradient, needs constant, edge or reflect."),
                    };
                weigh(from, 1);
            });
        }
        return dy;
    }

    static int Mirror(int place, int size)
    {
        var period = Math.Max(1, 2 * (size - 1));
        place = ((place % period) + period) % period;
        return place < size ? place : period - place;
    }

    static Value OfGather(Node node, Value dy)
    {
        var (x, indices) = (node.Input(0).Shape, Cast(node.Input(1), ElementType.Int64));
        var axis = (int)node.Attributes.Int("axis");
        axis = axis < 0 ? axis + x.Rank : axis;
        var positive =
            Where(Less(indices, Value.Constant(Tensor.Scalar(0L))), indices + Value.Constant(Tensor.Scalar((long)x[axis])), indices);
        var places = Value.Constant(Tensor.Vector<long>([.. Enumerable.Range(0, x[axis]).Select(place => (long)place)]));
        var chosen = Cast(Equal(Reshape(positive, 1, -1), Reshape(places, -1, 1)), ElementType.Float);
        return Product(chosen, dy, axis, indices.Shape.Rank, x);
    }

    static Value OfDepthToSpace(Node node, Value dy)
    {
        var (x, block) = (node.Input(0).Shape, (int)node.Attributes.Int("blocksize"));
        return node.Attributes.Text("mode", "DCR") == "DCR" ? SpaceToDepth(dy, block)
            : Reshape(Transpose(Reshape(dy, x[0], x[1] / (block * block), x[2], block, x[3], block), 0, 1, 3, 5, 2, 4), x.AsSpan());
    }

    static Value OfResize(Node node, Value dy)
    {
        var x = node.Input(0).Shape;
        var y = node.Outputs[0].Shape;
        var scales = Op.ScalesOf(node);
        for (var axis = 0; axis < x.Rank; axis++)
            if (x[axis] != y[axis])
            {
                var sampling = new Sampling(node, x[axis], y[axis], scales?[axis] ?? (float)y[axis] / x[axis]);
                dy = AlongAxis(dy, axis, x[axis], sampling.Weigh);
            }
        return dy;
    }

    /// <summary>Transposes a linear map along one axis: each place of the output names the places of the input that it was made of,
    /// with their weights.</summary>
    static Value AlongAxis(Value dy, int axis, int size, Action<int, Action<int, float>> weights)
    {
        var matrix = new float[size * dy.Shape[axis]];
        for (var place = 0; place < dy.Shape[axis]; place++)
            weights(place, (from, weight) => matrix[from * dy.Shape[axis] + place] += weight);
        return Product(Value.Constant(Tensor.Of<float>([size, dy.Shape[axis]], matrix)), dy, axis, 1, dy.Shape.With(axis, size));
    }

    // matrix [size, n] times dy seen as [before, n, after], where n stands for `axes` axes of dy from `axis` on.
    static Value Product(Value matrix, Value dy, int axis, int axes, Shape result)
    {
        var before = dy.Shape.Take(axis).Aggregate(1, (product, each) => product * each);
        var after = dy.Shape.Skip(axis + axes).Aggregate(1, (product, each) => product * each);
        return Reshape(MatMul(matrix, Reshape(dy, before, matrix.Shape[1], after)), result.AsSpan());
    }
}
