using FsCheck;
using FsCheck.Fluent;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Graphs.Onnx;

[Trait("Category", "Runtime")]
public class RandomGraphTests
{
    [Fact]
    public void Any_graph_reads_back_as_it_was_written_and_computes_the_same() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var graph = Draw(seed);
            var written = OnnxFile.Write(graph);
            var read = OnnxFile.Read(written).Graph;
            Assert.Equal(GraphText.Of(graph), GraphText.Of(read));
            int[] input = [2, .. graph.Inputs[0].Shape.Skip(1)];
            var (before, after) = (Files.Run(written, input), Files.Run(OnnxFile.Write(read), input));
            Assert.True(graph.Outputs[0].Value.Shape.Accepts(before.Shape),
                $"inferred {graph.Outputs[0].Value.Shape}, computed {before.Shape}");
            Assert.Equal(Convert.ToHexString(before.Bytes.Span), Convert.ToHexString(after.Bytes.Span));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithQuietOnSuccess(true));

    /// <summary>A small network of random layers: a trunk, branches that join it again, and a head.</summary>
    static Graph Draw(int seed)
    {
        var dice = Dice.For(seed);
        var input = Value.Input("image", [dice.Chance(0.5) ? Shape.Unknown : 2, 1 + dice.Below(3), 6 + dice.Below(6), 6 + dice.Below(6)]);
        var x = input;
        for (var layers = 1 + dice.Below(8); layers > 0; layers--)
            x = Layer(x, ref dice);
        var flat = Op.Flatten(x);
        var scores = Op.Softmax(Op.Gemm(flat, W(ref dice, 3, flat.Shape[1]), W(ref dice, 3), transB: true, name: "head"));
        return dice.Chance(0.5) ? new Graph([input], ("scores", scores), ("features", x))
            : new Graph([input], ("scores", scores), ("again", scores), ("image_again", input));
    }

    static Value Layer(Value x, ref Dice dice)
    {
        var channels = x.Shape[1];
        switch (dice.Below(11))
        {
            case 0:
                var filters = 1 + dice.Below(4);
                int[] pads = [dice.Below(2), dice.Below(2), dice.Below(2), dice.Below(2)];
                return Op.Conv(x, W(ref dice, filters, channels, 2, 3), dice.Chance(0.5) ? W(ref dice, filters) : null,
                    new() { Pads = pads }, name: "conv");
            case 1:
                return Op.Conv(x, W(ref dice, channels, 1, 2, 2), sliding: new() { Strides = [1, 1] }, group: channels,
                name: "depthwise");
            case 2: return Op.MaxPool(x, [2, 2], new() { Strides = [1, 1] });
            case 3: return Op.AveragePool(x, [2, 2], new() { Strides = [1, 1], Pads = [1, 0, 0, 1] }, countPadding: dice.Chance(0.5));
            case 4: return x * W(ref dice, channels, 1, 1) + 0.5f;
            case 5: return Op.Clip(x, dice.Chance(0.5) ? -1 : null, dice.Chance(0.5) ? 1 : null);
            case 6: return Op.Concat(1, x, Op.Relu(x));
            case 7: return Op.Pad(x, [0, 0, 1, 0, 0, 0, 0, 2], 0.25f);
            case 8: return Op.BatchNormalization(x, W(ref dice, channels), W(ref dice, channels), Statistic(channels), Statistic(channels));
            case 9: return Op.Transpose(x, 0, 1, 3, 2);
            default: return Op.LeakyRelu(x, 0.1f) - Op.Tanh(x);
        }
    }

    static Value W(ref Dice dice, params int[] shape)
    {
        var numbers = new float[Shape.Create(shape).Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (float)dice.Uniform(-1, 1);
        return Value.Parameter("w", Shape.Create(shape), Initializer.Fixed(Tensor.Of<float>(Shape.Create(shape), numbers)));
    }

    static Value Statistic(int channels) =>
        Value.Parameter("statistic", [channels], Initializer.Fixed(Tensor.Of<float>([channels], [.. Enumerable.Repeat(0.5f, channels)])),
            trainable: false);
}
