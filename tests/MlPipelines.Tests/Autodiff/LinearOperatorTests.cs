using MlPipelines.Autodiff;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;
using MlPipelines.Tests.Golden;

namespace MlPipelines.Tests.Autodiff;

/// <summary>⟨A x, u⟩ = ⟨x, Aᵀu⟩ for every operator that is linear, up to a constant, in its first input: no step size,
/// no golden number.</summary>
public sealed class LinearOperatorTests
{
    static readonly HashSet<string> linear =
    [
        "Add", "Sub", "Neg", "Identity", "Sum", "Mean", "Conv", "ConvTranspose", "AveragePool", "GlobalAveragePool", "Gemm", "MatMul",
        "Mul", "Div",
        "Reshape", "Flatten", "Transpose", "Concat", "Slice", "Split", "Pad", "Squeeze", "Unsqueeze", "Expand", "Gather", "ReduceSum",
        "ReduceMean", "Resize", "Cast",
    ];

    public static TheoryData<string> Cases() =>
        [.. GoldenFile.Gradients.Where(golden => linear.Contains(golden.Op) && golden.Differentiable.Contains(0))
            .Select(golden => golden.Name)];

    [Theory, MemberData(nameof(Cases)), Trait("Category", "Runtime")]
    public void Transposed_by_its_gradient(string name)
    {
        var golden = GoldenFile.Gradient(name);
        var attributes = golden.TypedAttributes().Aggregate(Attributes.None, (all, pair) => all.With(pair.Key, pair.Value));
        var x = Value.Input("x", golden.Inputs[0]!.Sizes);
        var node = Node.Of(Operator.Find(golden.Op),
            golden.Inputs.Select((input, i) => i == 0 ? x : input is null ? null : Value.Constant(input.ToTensor())), attributes);
        var dice = Dice.For(7);
        var u = node.Outputs.Select(output => Random(output.Shape, ref dice)).ToArray();
        var product = node.Outputs.Select((output, i) => Op.ReduceSum(output * Value.Constant(u[i]), [], keep: false)).Aggregate(Op.Add);
        var graph = new Graph([x], ("product", product), ("gradient", Gradients.Of(product, [x])[0]));
        var place = Random(x.Shape, ref dice);

        using var plain = new Session(OnnxFile.Write(Expansions.Expand(graph)));
        AssertIdentity(plain, place);
        using var withKernels = Lowering.SessionOf(graph, new());
        AssertIdentity(withKernels, place);
    }

    static void AssertIdentity(Session session, Tensor x)
    {
        Tensor[] Run(Tensor at) => session.Run(new Dictionary<string, Tensor> { ["x"] = at });
        var results = Run(x);
        var left = (double)results[0].Elements<float>()[0] - Run(Tensor.Zeros(ElementType.Float, x.Shape))[0].Elements<float>()[0];
        var (right, scale) = (0.0, 1.0);
        foreach (var (a, b) in x.Elements<float>().ToArray().Zip(results[1].Elements<float>().ToArray()))
            (right, scale) = (right + (double)a * b, scale + Math.Abs((double)a * b));

        Assert.Equal(right, left, 1e-5 * scale);
    }

    static Tensor Random(Shape shape, ref Dice dice)
    {
        var numbers = new float[shape.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (float)dice.Uniform(-1, 1);
        return Tensor.Of<float>(shape, numbers);
    }
}
