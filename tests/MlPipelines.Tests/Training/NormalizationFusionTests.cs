using MlPipelines.Autodiff;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Training;

/// <summary>Normalization joined with the activation behind it, against both in ONNX's own operators.</summary>
public sealed class NormalizationFusionTests
{
    static readonly Value x = Value.Input("x", [3, 4, 5, 6]), scale = Value.Input("scale", [4]), bias = Value.Input("bias", [4]),
        weights = Value.Input("weights", [3, 4, 5, 6]);

    public static TheoryData<string> Activations => ["Relu", "Relu6", "Clip below", "Clip above"];

    static Value Activated(string name, Value y) => name switch
    {
        "Relu" => Op.Relu(y),
        "Relu6" => Op.Clip(y, 0, 0.6f),
        "Clip below" => Op.Clip(y, min: -0.2f),
        _ => Op.Clip(y, max: 0.3f),
    };

    static Graph Step(Func<Value, Value> after)
    {
        var results = Op.BatchNormalizationTraining(x, scale, bias, 1e-3f);
        var y = after(results[0]);
        var gradients = Gradients.Of(Op.ReduceSum(y * weights, [], keep: false), [x, scale, bias]);
        return new Graph([x, scale, bias, weights], ("y", y), ("mean", results[1]), ("dx", gradients[0]), ("dscale", gradients[1]),
            ("dbias", gradients[2]));
    }

    [Theory, MemberData(nameof(Activations)), Trait("Category", "Runtime")]
    public void Both_ways_give_what_plain_operators_give(string activation)
    {
        var graph = Step(y => Activated(activation, y));
        var joined = NormalizationFusion.Fuse(graph);
        using var plain = new Session(OnnxFile.Write(Expansions.Expand(graph)));
        using var expanded = new Session(OnnxFile.Write(Expansions.Expand(joined)));
        using var kernels = new Session(OnnxFile.Write(joined), new SessionSettings { Operators = KernelOperators.All });

        Assert.DoesNotContain(joined.Nodes, node => node.Operator.Type is "Relu" or "Clip" or "ReluGradient" or "ClipGradient");
        var expected = Run(plain);
        foreach (var actual in new[] { Run(expanded), Run(kernels) })
            foreach (var (name, numbers) in expected)
                foreach (var (one, other) in numbers.Zip(actual[name]))
                    Assert.Equal(one, other, 1e-4);
    }

    [Fact]
    public void What_lies_between_stays_where_something_else_needs_it()
    {
        var graph = Step(y => Op.Relu(y) + y);
        Assert.Contains(NormalizationFusion.Fuse(graph).Nodes, node => node.Operator.Type == "Relu");
        Assert.DoesNotContain(NormalizationFusion.Fuse(graph).Nodes, node => node.Attributes.Has("least"));
    }

    static Dictionary<string, float[]> Run(Session session)
    {
        var dice = Dice.For(3);
        float[] Numbers(Shape shape)
        {
            var numbers = new float[shape.Length];
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = (float)dice.Uniform(-1, 1);
            return numbers;
        }
        var inputs = session.Inputs.ToDictionary(input => input.Name, input => Tensor.Of<float>(input.Shape, Numbers(input.Shape)));
        return session.Outputs.Zip(session.Run(inputs))
            .ToDictionary(pair => pair.First.Name, pair => pair.Second.Elements<float>().ToArray());
    }
}
