using System.Runtime.InteropServices;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using BatchNormalization = MlPipelines.Networks.BatchNormalization;

namespace MlPipelines.Tests.Execution.Kernels;

/// <summary>Networks whose weights stay as they are, by our kernels.</summary>
[Trait("Category", "Runtime")]
public sealed class FixedWeightsTests
{
    // Convolutions by tiles, by panels and flat ones, with and without bias and normalization; of one the value before is used twice.
    static readonly Graph graph = Drawn(new Sequential(new Rescaling(1 / 127.5f, -1), new Conv2D(48, 7, Padding.Same, strides: 2),
        new BatchNormalization(), Activation.Relu, new Conv2D(64, 3, Padding.Same), new BatchNormalization(),
        new Residual([new Conv2D(64, 3, Padding.Same, useBias: false), new BatchNormalization(), Activation.Relu,
            new Conv2D(64, 3, Padding.Same), new BatchNormalization()]),
        Activation.Relu, new Conv2D(96, 3, strides: 2, activation: Activation.Relu), new Conv2D(96, 1), new BatchNormalization(),
        new Conv2D(128, 3, Padding.Same, activation: Activation.Tanh), new GlobalAveragePooling2D(), new Dense(5)).Build(35, 33, 3));

    [Fact]
    public void Kernels_take_the_convolutions_and_what_is_behind_them()
    {
        SkipWithoutRegisters();
        var lowered = Lowering.Fixed(graph)!;
        Assert.Equal(6, lowered.Nodes.Count(node => node.Operator.Type == "DirectConv"));
        Assert.Equal(3, lowered.Nodes.Count(node => node.Attributes.Text("activation") == "Relu"));
        Assert.DoesNotContain(lowered.Nodes, node => node.Operator.Type == "BatchNormalization");
        Assert.Single(lowered.Nodes, node => node.Operator.Type == "Conv");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void They_give_what_the_runtime_gives_and_an_image_the_same_bits_in_any_batch(int threads)
    {
        SkipWithoutRegisters();
        const int images = 21;
        var settings = new SessionSettings { IntraOpThreads = threads };
        using var kernels = Lowering.SessionOfFixed(graph, settings);
        using var plain = new Session(OnnxFile.Write(graph), settings);
        var x = Pictures(images);
        var (actual, expected) = (Run(kernels, x), Run(plain, x));
        foreach (var (one, other) in expected.Zip(actual))
            Assert.InRange(other, one - 1e-5f * (1 + Math.Abs(one)), one + 1e-5f * (1 + Math.Abs(one)));
        Assert.NotEqual(expected, actual);
        foreach (var size in new[] { 1, 2, 5, 16 })
            Assert.Equal(Bits(actual), Bits([.. x.Elements<float>().ToArray().Chunk(size * 35 * 33 * 3)
                .SelectMany(part => Run(kernels, Tensor.Of<float>([part.Length / (35 * 33 * 3), 3, 35, 33], part)))]));
    }

    [Fact]
    public void Runs_that_begin_at_once_lay_out_the_same_weights()
    {
        using var session = Lowering.SessionOfFixed(graph, new());
        var x = Pictures(3);
        var all = new float[4][];
        Parallel.For(0, all.Length, run => all[run] = Run(session, x));
        Assert.All(all, one => Assert.Equal(Bits(all[0]), Bits(one)));
    }

    [Fact]
    public void Weights_are_dropped_once_they_are_laid_out()
    {
        var kept = new KeptWeights(Tensor.Of<float>([2, 1, 1, 1], [3, 5]));
        Assert.Equal([3f, 5f], kept.Plain.ToArray());
        var first = kept.Of(typeof(Tensor), 2, layout => kept.Plain.CopyTo(layout.Span));
        var second = kept.Of(typeof(Tensor), 2, _ => Assert.Fail("laid out twice"));
        Assert.Equal([3f, 5f], first.Span.ToArray());
        Assert.True(first.Span == second.Span);
        Assert.Throws<InvalidOperationException>(() => kept.Plain.Length);
        Assert.Throws<InvalidOperationException>(() => kept.Of(typeof(Graph), 2, _ => { }));
    }

    [Fact]
    public void Networks_of_other_convolutions_stay_as_they_are()
    {
        Assert.Null(Lowering.Fixed(Drawn(new Sequential(new Conv2D(64, 3, strides: 2), new DepthwiseConv2D(3), new Conv2D(128, 1),
            new DepthwiseConv2D(3), new GlobalAveragePooling2D(), new Dense(5)).Build(64, 64, 3))));
        Assert.Null(Lowering.Fixed(Drawn(new Sequential(new Flatten(), new Dense(5)).Build(8, 8, 3))));
        // Where the size of an image is not known, nor is what its products are in.
        var x = Value.Input("x", [-1, 64, -1, -1]);
        Assert.Null(Lowering.Fixed(Of(x, ElementType.Float)));
        // Half as many bits.
        Assert.Null(Lowering.Fixed(Of(Value.Input("x", [-1, 64, 9, 9], ElementType.Float16), ElementType.Float16)));
        Assert.Equal(WideRegisters.AreTheWidest, Lowering.Fixed(Of(Value.Input("x", [-1, 64, 9, 9]), ElementType.Float)) is not null);

        static Graph Of(Value x, ElementType type) =>
            new([x], ("y", Op.Apply("Conv", [x, Value.Constant(Tensor.Zeros(type, [64, 64, 3, 3]))])));
    }

    static void SkipWithoutRegisters() => Assert.SkipUnless(WideRegisters.AreTheWidest,
        "ONNX Runtime has wider registers than kernels in C#, and computes such networks itself.");

    static Graph Drawn(Graph graph)
    {
        var dice = Dice.For(4);
        // Statistics and scales that are not those of the beginning.
        return graph.Initialize(3).WithParameters(value => value.Shape.Rank != 1 ? null
            : Tensor.Of<float>(value.Shape, [.. Enumerable.Range(0, value.Shape[0]).Select(_ => (float)dice.Uniform(0.5, 1.5))]));
    }

    static Tensor Pictures(int count)
    {
        var dice = Dice.For(9);
        return Tensor.Of<float>([count, 3, 35, 33],
            [.. Enumerable.Range(0, count * 3 * 35 * 33).Select(_ => (float)dice.Uniform(0, 255))]);
    }

    static float[] Run(Session session, Tensor x) =>
        session.Run(new Dictionary<string, Tensor> { [session.Inputs[0].Name] = x })[0].Elements<float>().ToArray();

    static byte[] Bits(float[] numbers) => MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();
}
