using MlPipelines.Autodiff;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Autodiff;

/// <summary>Slices taken by integers of either width, and messages about a gradient that cannot be computed.</summary>
public sealed class GatherGradientTests
{
    [Theory, InlineData(ElementType.Int64), InlineData(ElementType.Int32), Trait("Category", "Runtime")]
    public void Slices_give_their_gradients_back(ElementType type)
    {
        var x = Value.Input("x", [4, 2]);
        var taken = Op.Gather(x, Op.Cast(Value.Constant(Tensor.Vector<long>(3, -3, 3)), type));
        var dy = Value.Constant(Tensor.Of<float>([3, 2], [1, 2, 10, 20, 100, 200]));
        using var session = new Session(OnnxFile.Write(new Graph([x], ("dx", Gradients.Of(taken, [x], dy)[0]))));
        var dx = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Zeros(ElementType.Float, [4, 2]) })[0];
        Assert.Equal([0, 0, 10, 20, 0, 0, 101, 202], dx.Elements<float>().ToArray());
    }

    [Fact]
    public void A_gradient_that_cannot_be_computed_is_told_of_by_the_node_of_the_file()
    {
        var x = Value.Input("x", [-1, 4]);
        var taken = Op.Apply("Gather", [x, Op.Ints(1)], name: "take");
        Assert.Matches("^take \\(Gather\\): its gradient cannot be computed \\(.*\\). Freeze the part up to it: "
            + "Freeze\\(upTo: \"take\"\\), on the command line --freeze take.$",
            Assert.Throws<GraphException>(() => Gradients.Of(Op.ReduceSum(taken, [], keep: false), [x])).Message);
    }
}
