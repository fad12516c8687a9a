using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Graphs;

public class ShapeInferenceTests
{
    const int Batch = Shape.Unknown;

    static Value X(params int[] shape) => Value.Input("x", Shape.Create(shape));

    static Value W(params int[] shape) =>
        Value.Parameter("w", Shape.Create(shape), Initializer.Fixed(Tensor.Zeros(ElementType.Float, Shape.Create(shape))));

    public static TheoryData<string, Func<Value>, int[]> Valid => new()
    {
        { "convolution", () => Op.Conv(X(Batch, 3, 32, 32), W(8, 3, 5, 5)), [Batch, 8, 28, 28] },
        { "strided convolution", () => Op.Conv(X(2, 3, 224, 224), W(64, 3, 7, 7), sliding: new() { Strides = [2, 2], Pads = [3, 3, 3, 3] }),
            [2, 64, 112, 112] },
        { "asymmetric padding", () => Op.Conv(X(1, 3, 32, 32), W(8, 3, 3, 3), sliding: new() { Strides = [2, 2], Pads = [0, 0, 1, 1] }),
            [1, 8, 16, 16] },
        { "dilated convolution", () => Op.Conv(X(1, 1, 10, 10), W(1, 1, 3, 3), sliding: new() { Dilations = [2, 2] }), [1, 1, 6, 6] },
        { "depthwise convolution", () => Op.Conv(X(1, 6, 8, 8), W(6, 1, 3, 3), group: 6), [1, 6, 6, 6] },
        { "transposed convolution",
            () => Op.ConvTranspose(X(1, 4, 8, 8), W(4, 2, 3, 3), sliding: new() { Strides = [2, 2], Pads = [1, 1, 1, 1] },
                outputPadding: [1, 1]),
            [1, 2, 16, 16] },
        { "pooling rounds down", () => Op.MaxPool(X(1, 2, 13, 13), [2, 2], new() { Strides = [2, 2] }), [1, 2, 6, 6] },
        { "pooling rounds up", () => Op.AveragePool(X(1, 2, 32, 32), [3, 3], new() { Strides = [2, 2] }, ceil: true), [1, 2, 16, 16] },
        { "pooling rounds up only to places that begin inside",
            () => Op.MaxPool(X(1, 1, 5, 7), [1, 2], new() { Strides = [3, 3], Pads = [0, 0, 0, 0] }, ceil: true),
            [1, 1, 2, 3] },
        { "pooling rounds up with padding",
            () => Op.MaxPool(X(1, 1, 7, 8), [2, 2], new() { Strides = [2, 2], Pads = [1, 1, 1, 1] }, ceil: true), [1, 1, 4, 5] },
        { "padding left to the operator",
            () => Op.Apply("Conv", [X(1, 1, 7, 8), W(1, 1, 3, 3)], new() { { "auto_pad", "SAME_LOWER" }, { "strides", new[] { 2, 2 } } }),
            [1, 1, 4, 4] },
        { "the batch of a file that computes the rest", () => Op.Apply("Reshape", [X(Batch, 4, 6), Op.Concat(0, Op.Ints(-1),
            Op.Div(Op.Apply("Size", [X(Batch, 4, 6)]), Op.Gather(Op.Apply("Shape", [X(Batch, 4, 6)]), Op.Ints(0))))]), [Batch, 24] },
        { "global pooling", () => Op.GlobalAveragePool(X(Batch, 5, 7, 9)), [Batch, 5, 1, 1] },
        { "matrix product", () => Op.Gemm(X(Batch, 6), W(10, 6), W(10), transB: true), [Batch, 10] },
        { "batched product", () => Op.MatMul(X(7, 1, 2, 3), W(4, 3, 5)), [7, 4, 2, 5] },
        { "product with a vector", () => Op.MatMul(X(2, 3), W(3)), [2] },
        { "broadcasting", () => X(Batch, 3, 4, 4) + W(3, 1, 1), [Batch, 3, 4, 4] },
        { "reshape", () => Op.Reshape(X(Batch, 3, 4, 4), 0, -1), [Batch, 48] },
        { "reshape to a free batch", () => Op.Reshape(X(Batch, 3, 4, 4), -1, 48), [Batch, 48] },
        { "flatten", () => Op.Flatten(X(Batch, 3, 4, 4)), [Batch, 48] },
        { "transpose", () => Op.Transpose(X(Batch, 3, 4, 5), 0, 2, 3, 1), [Batch, 4, 5, 3] },
        { "concatenation", () => Op.Concat(1, X(Batch, 3, 4, 4), X(Batch, 5, 4, 4)), [Batch, 8, 4, 4] },
        { "slice", () => Op.Slice(X(Batch, 10), [8], [2], [1], [-3]), [Batch, 2] },
        { "slice counted from the end", () => Op.Slice(X(2, 10), [-3], [int.MaxValue], [1]), [2, 3] },
        { "split", () => Op.Split(X(Batch, 10), 1, 3, 7)[1], [Batch, 7] },
        { "padding", () => Op.Pad(X(Batch, 1, 4, 4), [0, 0, 1, 2, 0, 0, 3, 4]), [Batch, 1, 8, 10] },
        { "squeeze", () => Op.Squeeze(X(Batch, 5, 1, 1), 2, -1), [Batch, 5] },
        { "unsqueeze", () => Op.Unsqueeze(X(Batch, 5), 0, -1), [1, Batch, 5, 1] },
        { "mean without the axes", () => Op.ReduceMean(X(Batch, 5, 7, 7), [2, -1], keep: false), [Batch, 5] },
        { "sum of all", () => Op.ReduceSum(X(3, 5), [], keep: false), [] },
        { "place of the largest", () => Op.ArgMax(X(Batch, 5), 1, keep: false), [Batch] },
        { "places of the largest", () => Op.TopK(X(Batch, 5, 7), 3, axis: 1).Places, [Batch, 3, 7] },
        { "the largest", () => Op.TopK(X(Batch, 5), 5).Values, [Batch, 5] },
        { "gather", () => Op.Gather(X(9, 4), Op.Ints(1, 2, 3)), [3, 4] },
        { "expand", () => Op.Expand(X(1, 4), [3, 4]), [3, 4] },
        { "enlarging", () => Op.Resize(X(Batch, 2, 5, 5), [1, 1, 2, 1.5f]), [Batch, 2, 10, 7] },
        { "sizes computed in the graph", () => Flattened(X(Batch, 3, 4, 4)), [Batch, 48] },
    };

    public static TheoryData<Func<object>, string> Invalid => new()
    {
        { () => Op.Conv(X(1, 128, 8, 8), W(256, 64, 3, 3), name: "stage3.conv2"),
            "stage3.conv2 (Conv): input has 128 channels, weight [256,64,3,3] takes 64. Is the layer before it the one you meant?" },
        { () => Op.Conv(X(1, 3), W(8, 3, 3, 3)),
            "Conv (Conv): input has shape [1,3] and weight [8,3,3,3], needs the same number of axes, at least 3: [batch,channels,…]." },
        { () => Op.Conv(X(1, 4, 8, 8), W(3, 2, 3, 3), group: 2),
            "Conv (Conv): weight [3,2,3,3] gives 3 channels, which 2 groups do not divide." },
        { () => Op.Conv(X(1, 3, 8, 8), W(8, 3, 3, 3), W(7)), "Conv (Conv): bias has shape [7], needs [8]." },
        { () => Op.Conv(X(1, 3, 4, 4), W(8, 3, 5, 5)),
            "Conv (Conv): input [1,3,4,4] with padding [0,0,0,0] is smaller than the kernel [5,5]. Pad more, or leave this layer out for "
                + "images of this size." },
        { () => Op.GlobalAveragePool(X(1, 3)),
            "GlobalAveragePool (GlobalAveragePool): input has shape [1,3], needs [batch,channels,…]. Is a Flatten before it one too "
                + "many?" },
        { () => Op.Gemm(X(Batch, 100), W(10, 64), transB: true, name: "dense"),
            "dense (Gemm): input has 100 features, weight [10,64] takes 64. Is the input size the one the network was made for?" },
        { () => Op.Gemm(X(Batch, 3, 4, 4), W(10, 64), name: "dense"),
            "dense (Gemm): inputs have shapes [?,3,4,4] and [10,64], needs two matrices. Flatten the input first." },
        { () => Op.MatMul(X(2, 3), W(4, 5)), "MatMul (MatMul): input has 3 features, weight [4,5] takes 4." },
        { () => X(1, 3, 4, 4) + W(5, 1, 1),
            "Add (Add): inputs have shapes [1,3,4,4] and [5,1,1], which cannot be broadcast together: axis 1 has sizes 3 and 5." },
        { () => X(2) * Op.Ints(1, 2), "Mul (Mul): inputs are Float and Int64, needs one type for all. Cast one of them." },
        { () => Op.Reshape(X(2, 3), 4, -1), "Reshape (Reshape): input [2,3] has 6 elements, which do not fit [4,-1]." },
        { () => Op.Reshape(X(2, 3), 5), "Reshape (Reshape): input [2,3] has 6 elements, target [5] has 5." },
        { () => Op.Transpose(X(2, 3), 0, 2), "Transpose (Transpose): input [2,3] has 2 axes, got the permutation [0,2]." },
        { () => Op.Concat(1, X(1, 3, 4), X(1, 3, 5)),
            "Concat (Concat): inputs have shapes [1,3,4] and [1,3,5], which must agree but for axis 1." },
        { () => Op.Split(X(1, 10), 1, 3, 3), "Split (Split): axis 1 of input [1,10] is to be split into 3+3, which is 6." },
        { () => Op.Slice(X(Batch, 4), [1], [2], [0]),
            "Slice (Slice): axis 0 of input [?,4] is known only when the graph runs, and cannot be cut here. Give the network a fixed "
                + "batch." },
        { () => Op.Squeeze(X(1, 3), 1), "Squeeze (Squeeze): axes 1 of input [1,3] are to be dropped, but not all have size 1." },
        { () => Op.ReduceMean(X(1, 3), [2]), "ReduceMean (ReduceMean): axis 2 is outside input [1,3]." },
        { () => Op.Pad(X(1, 3), [1, 1]), "Pad (Pad): input [1,3] needs 4 pads, got 2." },
        { () => Op.BatchNormalization(X(1, 3, 4, 4), W(3), W(3), W(4), W(3), name: "bn"),
            "bn (BatchNormalization): input has 3 channels, but input 3 ('w') has shape [4]." },
        { () => Op.Apply("Reshape", [X(2, 3), Op.Cast(X(2), ElementType.Int64)]),
            "Reshape (Reshape): input 1 ('Cast') must be known before the graph runs, but depends on the content of 'x'." },
        { () => Op.Reshape(X(Batch, 6, 9, 9), -1, 384),
            "Reshape (Reshape): input [?,6,9,9] has 486 elements for each image, which do not fit [-1,384]. Is the input size the one the "
                + "network was made for?" },
        { () => Op.Apply("Conv", [X(1, 3, 8, 8)]), "Conv (Conv): input 1 is missing." },
    };

    [Theory, MemberData(nameof(Valid))]
    public void A_fitting_input_gives_the_shape(string what, Func<Value> build, int[] shape) =>
        Assert.Equal((what, Shape.Create(shape)), (what, build().Shape));

    [Theory, MemberData(nameof(Valid)), Trait("Category", "Runtime")]
    public void Onnx_runtime_computes_the_shape(string what, Func<Value> build, int[] shape)
    {
        var y = build();
        var inputs = Graph.Sort([y]).SelectMany(node => node.Inputs).OfType<Value>().Where(value => value.Kind == ValueKind.Input)
            .Distinct().ToList();
        var graph = new Graph(inputs, ("y", y));
        using var session = new Session(OnnxFile.Write(graph));
        var computed = session.Run(inputs.ToDictionary(graph.NameOf, input => Tensor.Zeros(ElementType.Float, Known(input.Shape))))[0];
        Assert.Equal((what, Known(Shape.Create(shape))), (what, computed.Shape));
    }

    static Shape Known(Shape shape) => [.. shape.Select(size => size == Batch ? 2 : size)];

    [Theory, MemberData(nameof(Invalid))]
    public void A_wrong_input_is_refused_where_the_node_is_made(Func<object> build, string message) =>
        Assert.Equal(message, Assert.Throws<GraphException>(build).Message);

    [Fact]
    public void Comparisons_give_truth_values_and_casts_their_type()
    {
        Assert.Equal(ElementType.Bool, (X(2) > 0f).Type);
        Assert.Equal(ElementType.Int64, Op.Cast(X(2), ElementType.Int64).Type);
        Assert.Equal(ElementType.Int64, Op.ArgMax(X(2, 3), 1).Type);
    }

    [Fact]
    public void An_image_may_become_several_rows() => Assert.Equal([Batch, 8], Op.Reshape(X(Batch, 6, 8), -1, 8).Shape);

    [Fact]
    public void Part_of_a_shape_can_be_asked_for()
    {
        var sizes = Op.Apply("Shape", [X(Batch, 3, 4, 5)], new() { { "start", 1 }, { "end", -1 } });
        Assert.Equal([3L, 4], sizes.Known!.Elements<long>().ToArray());
    }

    static Value Flattened(Value x)
    {
        var batch = Op.Gather(Op.Apply("Shape", [x]), Value.Constant(Tensor.Scalar(0L)));
        return Op.Apply("Reshape", [x, Op.Concat(0, Op.Unsqueeze(batch, 0), Op.Ints(-1))]);
    }
}
