using Google.Protobuf;
using MlPipelines.Execution;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Execution;

/// <summary>Runs of small inputs, which are bound from the second of the same shape on.</summary>
[Trait("Category", "Runtime")]
public sealed class SmallRunsTests
{
    static readonly Lazy<byte[]> both =
        new(() => Models.Of([Models.Node("Add", ["x", "x"], ["y"]), Models.Node("Mul", ["x", "x"], ["z"])], ["x"], ["y", "z"], "N", 3));

    static Dictionary<string, Tensor> Rows(int rows, float first) =>
        new() { ["x"] = Tensor.Of<float>([rows, 3], [.. Enumerable.Range(0, rows * 3).Select(i => first + i)]) };

    static float[] Numbers(Tensor tensor) => tensor.Elements<float>().ToArray();

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void Any_order_of_shapes_and_outputs_gives_each_its_own(int seed)
    {
        var random = Dice.For(seed);
        using var session = new Session(both.Value);
        for (var i = 0; i < 40; i++)
        {
            var inputs = Rows(random.Below(3), i);
            string[] asked = random.Below(4) switch { 0 => ["y"], 1 => ["z"], 2 => ["z", "y"], _ => [] };
            for (var times = random.Below(4); times >= 0; times--)
            {
                var got = session.Run(inputs, asked);
                foreach (var (place, name) in (asked.Length == 0 ? ["y", "z"] : asked).Index())
                {
                    Assert.Equal(inputs["x"].Shape, got[place].Shape);
                    Assert.Equal(Numbers(inputs["x"]).Select(x => name == "y" ? x + x : x * x), Numbers(got[place]));
                }
            }
        }
    }

    [Fact]
    public void Results_stay_when_the_next_run_writes_its_own()
    {
        using var session = new Session(Models.Doubling());
        var results = Enumerable.Range(0, 5).Select(i => session.Run(Rows(1, i))[0]).ToList();
        Assert.Equal([0f, 2, 4, 6, 8], results.Select(result => Numbers(result)[0]));
    }

    [Fact]
    public void A_shape_that_the_numbers_decide_may_change_from_run_to_run()
    {
        var model = ModelProto.Parser.ParseFrom(Models.Of([Models.Node("NonZero", ["x"], ["at"]),
            Models.Node("Cast", ["at"], ["y"], "",
                new AttributeProto { Name = "to", I = 1, Type = AttributeProto.Types.AttributeType.Int })], ["x"], ["y"], "N", 3));
        Compare(model);
        // A model may also say that its output is as long as its input, where it is not.
        model.Graph.Output[0].Type.TensorType.Shape = new()
        {
            Dim = { new TensorShapeProto.Types.Dimension { DimValue = 2 }, new TensorShapeProto.Types.Dimension { DimParam = "N" } },
        };
        Compare(model);

        static void Compare(ModelProto model)
        {
            using var session = new Session(model.ToByteArray());
            foreach (var first in (float[])[5, 5, 5, 0, 0, -1, 5])
                Assert.Equal(new Shape?[] { [2, first is 0 or -1 ? 2 : 3] }, session.Run(Rows(1, first)).Select(result => result.Shape));
        }
    }

    [Fact]
    public void Wrong_inputs_are_refused_as_at_first_and_the_session_goes_on()
    {
        using var session = new Session(Models.Doubling());
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal([2f, 4, 6], Numbers(session.Run(Rows(1, 1))[0]));
            Assert.Throws<NativeException>(() => session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<float>([1, 2], [1, 2]) }));
            Assert.Throws<NativeException>(() =>
                session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of<double>([1, 3], [1, 2, 3]) }));
            Assert.Throws<ArgumentException>(() =>
                session.Run(new Dictionary<string, Tensor> { ["nobody"] = Tensor.Of<float>([1, 3], [1, 2, 3]) }));
            Assert.Throws<ArgumentException>(() => session.Run(Rows(1, 1), "nobody"));
        }
    }

    [Fact]
    public void Many_threads_run_one_session_and_it_goes_when_they_are_done()
    {
        var session = new Session(Models.Doubling());
        Parallel.For(0, 8, new() { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (var i = 0; i < 500; i++)
                Assert.Equal(2f * (thread + i), Numbers(session.Run(Rows(1 + i % 2, thread + i))[0])[0]);
        });
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(Rows(1, 1)));
    }
}
