using System.Runtime.InteropServices;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Transforms;

/// <summary>Scores are the same to the bit whatever is scored with an image: for every operator whose bits could depend on it.</summary>
[Trait("Category", "Runtime")]
public sealed class BatchIndependenceTests
{
    const int Images = 48;

    static readonly Dictionary<string, Func<Value, Value>> all = new()
    {
        ["ReduceSum over maps"] = x => Op.ReduceSum(x, [2, 3], keep: false),
        ["ReduceMean over maps"] = x => Op.ReduceMean(x, [2, 3], keep: false),
        ["ReduceMean over all"] = x => Op.ReduceMean(x, [1, 2, 3]),
        ["ReduceMean over channels"] = x => Op.ReduceMean(x, [1], keep: false),
        ["ReduceMean over two of three"] = x => Op.ReduceMean(x, [1, 2], keep: false),
        ["ReduceMean over rows"] = x => Op.ReduceMean(x, [3], keep: false),
        ["InstanceNormalization"] = x => Op.Apply("InstanceNormalization", [x, Weights(2, x.Shape[1]), Weights(3, x.Shape[1])]),
        ["LayerNormalization"] = x => Op.Apply("LayerNormalization",
            [Flat(x), Weights(2, Length(x)), Weights(3, Length(x))], new() { { "axis", -1 } }),
        ["BatchNormalization"] = x => Op.Apply("BatchNormalization",
            [x, Weights(2, x.Shape[1]), Weights(3, x.Shape[1]), Weights(4, x.Shape[1]), Weights(5, x.Shape[1], 0.5f)]),
        ["GlobalAveragePool"] = x => Op.GlobalAveragePool(x),
        ["GlobalLpPool"] = x => Op.Apply("GlobalLpPool", [x]),
        ["LRN"] = x => Op.Apply("LRN", [x], new() { { "size", 3 } }),
        ["Softmax"] = x => Op.Softmax(Flat(x), 1),
        ["Softmax over channels"] = x => Op.Softmax(x, 1),
        ["logarithm of Softmax"] = x => Op.Apply("Log", [Op.Softmax(Flat(x), 1)]),
        ["Gemm"] = x => Op.Apply("Gemm", [Flat(x), Weights(2, 9, Length(x))], new() { { "transB", 1 } }),
        ["Gemm of one number"] = x => Op.Apply("Gemm", [Flat(x), Weights(2, 1, Length(x))], new() { { "transB", 1 } }),
        ["MatMul of weights"] = x => Op.MatMul(Flat(x), Weights(2, Length(x), 33)),
        ["MatMul of itself"] = x => Op.MatMul(x, x),
        ["Conv"] = x => Op.Apply("Conv", [x, Weights(2, 6, x.Shape[1], 3, 3)], new() { { "strides", new[] { 2, 2 } } }),
        ["Conv by groups"] = x => Op.Apply("Conv", [x, Weights(2, x.Shape[1], 1, 3, 3)], new() { { "group", x.Shape[1] } }),
        ["ConvTranspose"] = x => Op.Apply("ConvTranspose", [x, Weights(2, x.Shape[1], 3, 3, 3)]),
        ["Sigmoid and product"] = x => Op.Apply("Mul", [x, Op.Apply("Sigmoid", [Op.ReduceMean(x, [2, 3])])]),
        ["Pow"] = x => Op.Apply("Pow", [x, Weights(2, 1)]),
        ["Elu"] = x => Op.Apply("Elu", [x]),
        ["Tanh"] = x => Op.Apply("Tanh", [x]),
        ["Erf"] = x => Op.Apply("Erf", [x]),
        ["Exp"] = x => Op.Apply("Exp", [x]),
        ["Log"] = x => Op.Apply("Log", [x]),
        ["Softplus"] = x => Op.Apply("Softplus", [x]),
        ["Sin"] = x => Op.Apply("Sin", [x]),
        ["Sqrt"] = x => Op.Apply("Sqrt", [x]),
    };

    public static TheoryData<string> Operators => [.. all.Keys];

    [Theory, MemberData(nameof(Operators))]
    public void An_image_is_scored_the_same_wherever_it_stands(string name)
    {
        // Odd sizes, so that images begin at other addresses of registers; five maps and, once more, sixteen.
        foreach (var maps in (int[])[5, 16])
        {
            var x = Value.Input("x", [-1, 3, 7, 7]);
            var inner = Op.Apply("Sigmoid", [Op.Apply("Conv", [x, Weights(1, maps, 3, 1, 1)])]);
            using var network = new ImageNetwork(OnnxFile.Write(new Graph([x], ("y", all[name](inner)))), null, ResizingKind.Fill, null,
                "network");
            var images = Enumerable.Range(0, Images).Select(seed => (object)Numbers(seed, 3 * 7 * 7)).ToArray();
            var alone = images.Select(image => network.Run([image])[0]).ToArray();
            AssertSame(alone, network.Run(images));
            AssertSame(alone[5..], network.Run(images[5..]));
            AssertSame(alone, [.. images.Chunk(7).SelectMany(network.Run)]);
        }
    }

    [Fact]
    public void Ordinary_networks_are_run_in_batches() => Assert.True(BatchIndependence.Of(OnnxFile.Read(MeanColourNetwork.Onnx()).Graph));

    [Theory]
    [InlineData(16, true)]
    [InlineData(5, false)]
    public void Means_over_maps_are_run_in_batches_where_an_image_takes_whole_registers(int maps, bool isIndependent)
    {
        var x = Value.Input("x", [-1, maps, 7, 7]);
        Assert.Equal(isIndependent, BatchIndependence.Of(new Graph([x], ("y", Op.ReduceMean(x, [2, 3], keep: false)))));
    }

    static void AssertSame(float[][] expected, float[][] found) => Assert.All(expected.Zip(found),
        pair => Assert.Equal(MemoryMarshal.AsBytes(pair.First.AsSpan()), MemoryMarshal.AsBytes(pair.Second.AsSpan())));

    static Value Flat(Value x) => Op.Apply("Flatten", [x], new() { { "axis", 1 } });

    static int Length(Value x) => (int)x.Shape.With(0, 1).Length;

    static Value Weights(int seed, params int[] sizes) =>
        Value.Constant(Tensor.Of<float>([.. sizes], Numbers(seed, sizes.Aggregate(1, (all, size) => all * size))), $"w{seed}");

    static Value Weights(int seed, int size, float least) =>
        Value.Constant(Tensor.Of<float>([size], [.. Numbers(seed, size).Select(number => least + Math.Abs(number))]), $"w{seed}");

    static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
