using MlPipelines.Autodiff;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tests.Golden;

namespace MlPipelines.Tests.Autodiff;

public sealed class GradientRulesTests
{
    /// <summary>Golden cases that stand for operators outside the graph's own set, each with the reason.</summary>
    static readonly Dictionary<string, string> left = new()
    {
        ["Gelu"] = "younger than opset 17; written as x·Φ(x), see Gelu_agrees",
    };

    public static TheoryData<string> Cases() =>
        [.. GoldenFile.Gradients.Where(golden => !left.ContainsKey(golden.Op)).Select(golden => golden.Name)];

    [Theory, MemberData(nameof(Cases)), Trait("Category", "Runtime")]
    public void Rule_agrees_with_PyTorch(string name)
    {
        var golden = GoldenFile.Gradient(name);
        var attributes = golden.TypedAttributes().Aggregate(Attributes.None, (all, pair) => all.With(pair.Key, pair.Value));
        var inputs = golden.Inputs.Select((input, i) => input is null ? null
            : golden.Differentiable.Contains(i) ? Value.Input($"x{i}", input.Sizes) : Value.Constant(input.ToTensor())).ToArray();
        var node = Node.Of(Operator.Find(golden.Op), inputs, attributes);

        Assert.Equal(golden.Outputs.Select(output => output.Sizes).Take(node.Outputs.Length), node.Outputs.Select(output => output.Shape));
        AssertGradients(golden, inputs, node.Outputs, 2e-5);
    }

    [Theory, InlineData("gelu"), Trait("Category", "Runtime")]
    public void Gelu_agrees_with_PyTorch(string prefix)
    {
        var all = GoldenFile.Gradients.Where(golden => golden.Op == "Gelu" && golden.Name.StartsWith(prefix, StringComparison.Ordinal)
            && !golden.Attributes.ContainsKey("approximate")).ToArray();
        Assert.NotEmpty(all);
        foreach (var golden in all)
        {
            var x = Value.Input("x0", golden.Inputs[0]!.Sizes);
            AssertGradients(golden, [x], [Op.Gelu(x)], 2e-5);
        }
    }

    [Fact]
    public void Every_operator_has_a_rule_or_is_flat_or_fused_or_runs_forward_only() =>
        Assert.Empty(Operator.All.Values.Where(op => op.Domain != Operator.OwnDomain).Select(op => op.Type).Except(GradientRules.All.Keys)
            .Except(GradientRules.Flat).Except(Op.ForwardOnly.Select(op => op.Type)));

    // Normalisation by the batch's statistics is checked by A_small_network_learns_as_PyTorch_does.
    [Fact]
    public void Every_rule_has_a_golden_case() =>
        Assert.Empty(GradientRules.All.Keys.Except(GoldenFile.Gradients.Select(golden => golden.Op))
            .Except(["BatchNormalizationTraining"]));

    static void AssertGradients(GradientCase golden, Value?[] inputs, IReadOnlyList<Value> outputs, double tolerance)
    {
        var wanted = golden.Differentiable.Select(i => inputs[i]!).ToArray();
        var flowing = outputs.Zip(golden.Dy).Where(pair => pair.Second is not null).ToArray();
        var cost = flowing.Select(pair => Op.ReduceSum(pair.First * Value.Constant(pair.Second!.ToTensor()), [], keep: false))
            .Aggregate(Op.Add);
        var gradients = Gradients.Of(cost, wanted);
        var graph = new Graph(wanted, [.. outputs.Select((y, i) => ($"y{i}", y)), .. gradients.Select((dx, i) => ($"dx{i}", dx))]);
        using var plain = new Session(OnnxFile.Write(Expansions.Expand(graph)));
        AssertResults(golden, plain, outputs.Count, tolerance);
        using var withKernels = Lowering.SessionOf(graph, new());
        AssertResults(golden, withKernels, outputs.Count, tolerance);
    }

    static void AssertResults(GradientCase golden, Session session, int outputs, double tolerance)
    {
        var results = session.Run(golden.Differentiable.ToDictionary(i => $"x{i}", i => golden.Inputs[i]!.ToTensor()));

        for (var i = 0; i < outputs; i++)
            Assert.InRange(golden.Outputs[i].Difference(results[i].Elements<float>()), 0, tolerance);
        for (var i = 0; i < golden.Gradients.Length; i++)
            Assert.InRange(golden.Gradients[i].Difference(results[outputs + i].Elements<float>()), 0, tolerance);
    }
}
