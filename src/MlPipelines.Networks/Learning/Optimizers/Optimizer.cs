using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>How a gradient changes a parameter.</summary>
/// <remarks>An update is a part of the training graph. What it needs from step to step are slots of the parameter's shape, and scalars that
/// depend on the step alone.</remarks>
public abstract record Optimizer
{
    /// <summary>Size of a step before the schedule changes it.</summary>
    public abstract float LearningRate { get; init; }

    /// <summary>Names of the slots of a parameter, all zero at first.</summary>
    /// <param name="shape">The parameter's.</param>
    internal abstract IReadOnlyList<string> SlotsOf(Shape shape);

    /// <summary>Names of the scalars.</summary>
    internal virtual IReadOnlyList<string> Scalars => ["rate"];

    /// <summary>The scalars of one step.</summary>
    /// <param name="rate">The schedule's learning rate.</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="momentum">The schedule's momentum; null for the optimizer's own.</param>
    internal virtual float[] ScalarsAt(float rate, long step, float? momentum = null) => [rate];

    /// <summary>How much of a running mean of gradients stays in a step, which a schedule may change;
    /// null where there is no such mean.</summary>
    internal virtual float? Inertia => null;

    /// <summary>New value of the parameter, then new values of the slots.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Of its shape.</param>
    /// <param name="slots">One value per slot, of its shape.</param>
    /// <param name="scalars">One value per scalar.</param>
    internal abstract IReadOnlyList<Value> Update(Value parameter, Value gradient, IReadOnlyList<Value> slots,
        IReadOnlyList<Value> scalars);

    internal static Value Scalar(string name) => Value.Input(name, Shape.Scalar);

    private protected static IReadOnlyList<Value> Apply(string operation, IEnumerable<Value?> inputs, Attributes attributes) =>
        Node.Of(Operator.Find(operation), inputs, attributes).Outputs;
}
