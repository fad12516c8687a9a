using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Graphs;

public class GraphTests
{
    static readonly Value X = Value.Input("x", [Shape.Unknown, 4]);

    [Fact]
    public void Names_are_unique_and_outputs_have_the_name_they_are_asked_for()
    {
        var (first, second) = (Op.Relu(X), Op.Relu(Op.Relu(X)));
        var graph = new Graph([X], ("a", first), ("Relu", second));
        Assert.Equal("a", graph.NameOf(first));
        Assert.Equal("Relu", graph.NameOf(second));
        Assert.Equal("Relu_1", graph.NameOf(second.Node!.Input(0)));
        Assert.Same(second, graph["Relu"]);
        Assert.Same(second.Node.Input(0), graph.Find("Relu_1"));
    }

    [Fact]
    public void Nodes_stand_after_those_they_depend_on()
    {
        var a = Op.Relu(X);
        var graph = new Graph([X], ("y", Op.Add(Op.Mul(a, Op.Exp(a)), a)));
        Assert.Equal(["Relu", "Exp", "Mul", "Add"], graph.Nodes.Select(node => node.Operator.Type));
    }

    [Fact]
    public void A_graph_of_a_hundred_thousand_nodes_is_sorted_without_recursion()
    {
        var y = X;
        for (var i = 0; i < 100_000; i++)
            y = Op.Relu(y);
        Assert.Equal(100_000, Graph.Sort([y]).Length);
    }

    [Fact]
    public void A_batch_size_goes_through_to_the_outputs()
    {
        var graph = new Graph([X], ("y", Op.Flatten(Op.Relu(X)))).WithBatch(7);
        Assert.Equal([7, 4], graph["y"].Shape);
    }

    [Fact]
    public void Equal_seeds_start_parameters_equally_and_each_differently()
    {
        Value P(string name) => Value.Parameter(name, [4], new Ramp());
        var graph = new Graph([X], ("y", X * P("a") + P("b")));
        Tensor[] Draw(long seed) => [.. graph.Initialize(seed).Parameters.Select(parameter => parameter.Initializer!.Content!)];
        Assert.Equal(Draw(1).Select(Floats), Draw(1).Select(Floats));
        Assert.NotEqual(Floats(Draw(1)[0]), Floats(Draw(2)[0]));
        Assert.NotEqual(Floats(Draw(1)[0]), Floats(Draw(1)[1]));
    }

    [Fact]
    public void A_parameter_that_has_a_value_keeps_it()
    {
        var stored = Tensor.Vector(1f, 2, 3, 4);
        var graph = new Graph([X], ("y", X * Value.Parameter("a", [4], Initializer.Fixed(stored)))).Initialize(1);
        Assert.Equal(Floats(stored), Floats(graph.Parameters[0].Initializer!.Content!));
    }

    [Fact]
    public void An_input_that_is_not_listed_is_refused()
    {
        var error = Assert.Throws<GraphException>(() => new Graph([Value.Input("image", [1])], ("y", Op.Relu(X))));
        Assert.Equal("The outputs depend on input 'x', which is not among the graph's inputs (image).", error.Message);
    }

    [Fact]
    public void Two_outputs_of_one_name_are_refused()
    {
        var error = Assert.Throws<GraphException>(() => new Graph([X], ("y", Op.Relu(X)), ("y", Op.Exp(X))));
        Assert.Equal("Output name 'y' is used twice.", error.Message);
    }

    [Fact]
    public void An_absent_output_is_named_with_those_there_are()
    {
        var error = Assert.Throws<GraphException>(() => new Graph([X], ("y", X))["z"]);
        Assert.Equal("Output 'z' is not in the graph; it has y.", error.Message);
    }

    static float[] Floats(Tensor tensor) => tensor.Elements<float>().ToArray();

    sealed record Ramp : Initializer
    {
        public override Tensor Draw(Shape shape, Dice dice)
        {
            var numbers = new float[shape.Length];
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = (float)dice.Unit();
            return Tensor.Of<float>(shape, numbers);
        }
    }
}
