using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Graphs;

/// <summary>Integers that a file computes from shapes are known before the graph runs, in either width.</summary>
public class FoldingTests
{
    const int Batch = Shape.Unknown;

    static Value Whole(ElementType type, params long[] numbers) => Op.Cast(Value.Constant(Tensor.Vector<long>(numbers)), type);

    static Value Sizes(ElementType type) => Op.Cast(Op.Apply("Shape", [Value.Input("x", [Batch, 3, 8, 6])]), type);

    static Value Two(string op, Value x, params long[] y) => Op.Apply(op, [x, Whole(x.Type, y)]);

    public static TheoryData<string, Func<ElementType, Value>, long[]> Computed => new()
    {
        { "sizes", Sizes, [Folding.UnknownSize, 3, 8, 6] },
        { "sliced", type => Op.Slice(Sizes(type), [1], [3], [0]), [3, 8] },
        { "sliced backwards", type => Op.Slice(Sizes(type), [3], [0], [0], [-2]), [6, 3] },
        { "gathered", type => Op.Gather(Sizes(type), Op.Ints(-1, 0)), [6, Folding.UnknownSize] },
        { "gathered from a table", type => Op.Gather(Op.Reshape(Sizes(type), 2, 2), Value.Constant(Tensor.Scalar(1L))), [8, 6] },
        { "joined", type => Op.Concat(0, Sizes(type), Whole(type, -1)), [Folding.UnknownSize, 3, 8, 6, -1] },
        { "joined along the second axis",
            type => Op.Reshape(Op.Concat(1, Op.Reshape(Sizes(type), 2, 2), Op.Reshape(Whole(type, 1, 2), 2, 1)), -1),
            [Folding.UnknownSize, 3, 1, 8, 6, 2] },
        { "parted", type => Op.Split(Sizes(type), 0, 1, 3)[1], [3, 8, 6] },
        { "turned", type => Op.Reshape(Op.Transpose(Op.Reshape(Sizes(type), 2, 2), 1, 0), -1), [Folding.UnknownSize, 8, 3, 6] },
        { "unsqueezed and squeezed", type => Op.Squeeze(Op.Unsqueeze(Sizes(type), 0, 2), 0, 2), [Folding.UnknownSize, 3, 8, 6] },
        { "flattened", type => Op.Reshape(Op.Flatten(Op.Reshape(Sizes(type), 2, 2), 0), -1), [Folding.UnknownSize, 3, 8, 6] },
        { "repeated", type => Op.Expand(Op.Slice(Sizes(type), [1], [2], [0]), [3]), [3, 3, 3] },
        { "plus", type => Two("Add", Sizes(type), 1), [Folding.UnknownSize, 4, 9, 7] },
        { "minus", type => Two("Sub", Sizes(type), 1), [Folding.UnknownSize, 2, 7, 5] },
        { "times", type => Two("Mul", Sizes(type), 1, 2, 3, 4), [Folding.UnknownSize, 6, 24, 24] },
        { "by", type => Two("Div", Sizes(type), 2), [Folding.UnknownSize, 1, 4, 3] },
        { "remainder", type => Two("Mod", Whole(type, -7, 7, 8), 3), [2, 1, 2] },
        { "power", type => Two("Pow", Sizes(type), 2), [Folding.UnknownSize, 9, 64, 36] },
        { "at least", type => Two("Max", Sizes(type), 7), [Folding.UnknownSize, 7, 8, 7] },
        { "at most", type => Two("Min", Sizes(type), 7), [Folding.UnknownSize, 3, 7, 6] },
        { "sign", type => Op.Abs(Op.Neg(Whole(type, 3, -4))), [3, 4] },
        { "product", type => Op.Apply("ReduceProd", [Op.Slice(Sizes(type), [1], [4], [0])], new() { { "keepdims", 0 } }), [144] },
        { "sum", type => Op.ReduceSum(Op.Slice(Sizes(type), [1], [4], [0]), [0]), [17] },
        { "largest", type => Op.ReduceMax(Op.Reshape(Whole(type, 1, 5, 9, 2), 2, 2), [0], keep: false), [9, 5] },
        { "product with the batch", type => Op.Apply("ReduceProd", [Sizes(type)]), [Folding.UnknownSize] },
        { "chosen", type => Op.Where(Op.Equal(Whole(type, -1, 2), Whole(type, -1, -1)), Whole(type, 5, 6), Whole(type, 7, 8)), [5, 8] },
        { "a size that is not −1",
            type => Op.Where(Op.Equal(Sizes(type), Whole(type, -1)), Whole(type, 1), Sizes(type)), [Folding.UnknownSize, 3, 8, 6] },
        { "a range", type => Op.Apply("Range", [Scalar(type, 1), Scalar(type, 8), Scalar(type, 3)]), [1, 4, 7] },
        { "filled", type => Op.Cast(Op.Apply("ConstantOfShape", [Op.Ints(2)],
            new() { { "value", Tensor.Vector(7L) } }), type), [7, 7] },
        { "summed up", type => Op.Apply("CumSum", [Sizes(type), Scalar(ElementType.Int64, 0)], new() { { "reverse", 1 } }),
            [Folding.UnknownSize, 17, 14, 6] },
        { "summed up before each", type => Op.Apply("CumSum", [Whole(type, 2, 3, 4), Scalar(ElementType.Int64, -1)],
            new() { { "exclusive", 1 } }), [0, 2, 5] },
        { "the largest two", type => Op.TopK(Whole(type, 3, 9, 8, 9), 2).Values, [9, 9] },
        { "places of the largest two", type => Op.Cast(Op.TopK(Whole(type, 3, 9, 8, 9), 2).Places, type), [1, 3] },
        { "filled up", type => Op.Apply("Pad", [Sizes(type), Op.Ints(1, 2), Scalar(type, 5)]), [5, Folding.UnknownSize, 3, 8, 6, 5, 5] },
        { "cut off", type => Op.Apply("Pad", [Sizes(type), Op.Ints(-2, 0)]), [8, 6] },
        { "bounded", type => Op.Apply("Clip", [Sizes(type), Scalar(type, 4), Scalar(type, 7)]), [Folding.UnknownSize, 4, 7, 6] },
        { "bounded above", type => Op.Apply("Clip", [Sizes(type), null, Scalar(type, 7)]), [Folding.UnknownSize, 3, 7, 6] },
        { "one and a half times", type => Op.Cast(Op.Apply("Floor", [Real(Sizes(type)) * 1.5f]), type), [Folding.UnknownSize, 4, 12, 9] },
        { "cut to whole ones", type => Op.Cast(Op.Slice(Real(Sizes(type)), [1], [3], [0]) / 2.5f, type), [1, 3] },
        { "rounded up", type => Op.Cast(Op.Apply("Ceil", [Real(Sizes(type)) / 4f]), type), [Folding.UnknownSize, 1, 2, 2] },
        { "rounded to even", type => Op.Cast(Op.Apply("Round", [Known(0.5f, 1.5f, 2.5f, -0.6f)]), type), [0, 2, 2, -1] },
        { "roots", type => Op.Cast(Op.Sqrt(Real(Whole(type, 49, 64))), type), [7, 8] },
        // 0.1 in float32 is a little more than a tenth, and ten of it by float32 are 1.
        { "as float32 rounds", type => Op.Cast(Known(10) * Known(0.1f), type), [1] },
    };

    static Value Real(Value x) => Op.Cast(x, ElementType.Float);

    static Value Known(params float[] numbers) => Value.Constant(Tensor.Vector<float>(numbers));

    static Value Scalar(ElementType type, long number) => Op.Cast(Value.Constant(Tensor.Scalar(number)), type);

    [Theory, MemberData(nameof(Computed))]
    public void Whole_numbers_are_computed_in_both_widths(string what, Func<ElementType, Value> build, long[] numbers)
    {
        foreach (var type in new[] { ElementType.Int64, ElementType.Int32 })
        {
            var known = build(type).Known;
            Assert.Equal((what, type), (what, known?.Type));
            Assert.Equal(numbers, Folding.Numbers(known!)!);
        }
    }

    [Fact]
    public void Elements_are_counted()
    {
        Assert.Equal([144], Folding.Numbers(Op.Apply("Size", [Value.Input("x", [3, 8, 6])]).Known!)!);
        Assert.Equal([Folding.UnknownSize], Folding.Numbers(Op.Apply("Size", [Value.Input("x", [Batch, 8, 6])]).Known!)!);
    }

    [Fact]
    public void The_place_behind_the_last_stays_so_when_it_becomes_narrower() =>
        Assert.Equal([-1], Folding.Numbers(Op.Cast(Whole(ElementType.Int64, long.MaxValue), ElementType.Int32).Known!)!);

    [Fact]
    public void What_the_batch_decides_is_not_guessed()
    {
        Assert.Null(Op.Greater(Sizes(ElementType.Int64), Whole(ElementType.Int64, 1)).Known);
        Assert.Null(Op.Gather(Op.Ints(1, 2), Op.Slice(Sizes(ElementType.Int64), [0], [1], [0])).Known);
        Assert.Equal([0], Folding.Numbers(Op.Equal(Known(0.2f), Known(0.7f)).Known!)!);
        // A fraction that a batch decides is none that is known.
        Assert.Null(Real(Sizes(ElementType.Int64)).Known);
        Assert.Null(Op.Exp(Known(1)).Known);
        Assert.Null(Two("Div", Whole(ElementType.Int64, 1), 0).Known);
        Assert.Contains("is cut at a place that is known only when the graph runs", Assert.Throws<GraphException>(() =>
            Op.Apply("Slice", [Value.Input("y", [9]), Op.Ints(0), Op.Slice(Sizes(ElementType.Int64), [0], [1], [0])])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_outside_is_refused() => Assert.Equal("Gather (Gather): index 4 is outside axis 0 of input [4].",
        Assert.Throws<GraphException>(() => Op.Gather(Sizes(ElementType.Int32), Op.Ints(4))).Message);

    [Fact]
    public void What_is_not_known_before_is_named()
    {
        var counted = Op.Apply("ArgMax", [Sizes(ElementType.Int64)], name: "counted");
        Assert.Equal("Reshape (Reshape): input 1 ('Cast') must be known before the graph runs, but comes from 'counted' (ArgMax), which is "
            + "computed only then.", Assert.Throws<GraphException>(() =>
                Op.Apply("Reshape", [Value.Input("x", [2, 3]), Op.Cast(Op.Cast(counted, ElementType.Int32), ElementType.Int64)])).Message);
    }
}
