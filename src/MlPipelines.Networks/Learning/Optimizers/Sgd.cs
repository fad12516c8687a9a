using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Stochastic gradient descent: v ← μ·v − rate·g, w ← w + v; with Nesterov's look-ahead w ← w + μ·v − rate·g.</summary>
/// <param name="LearningRate">Size of a step.</param>
/// <param name="Momentum">μ, from 0 to 1.</param>
/// <param name="Nesterov">Whether to look ahead.</param>
/// <param name="L2">Weight of ½·w² in the loss: g becomes g + L2·w.</param>
/// <remarks>Source: Sutskever, Martens, Dahl, Hinton 2013.</remarks>
public sealed record Sgd(float LearningRate = 0.01f, float Momentum = 0, bool Nesterov = false, float L2 = 0) : Optimizer
{
    /// <inheritdoc/>
    public override float LearningRate
    {
        get; init =>
        field = Check.AtLeast(value, 0, nameof(LearningRate));
    } = Check.AtLeast(LearningRate, 0);
    /// <inheritdoc cref="Sgd" path="/param[@name='Momentum']"/>
    public float Momentum { get; init => field = Check.Within(value, 0, 1, nameof(Momentum)); } = Check.Within(Momentum, 0, 1);
    /// <inheritdoc cref="Sgd" path="/param[@name='L2']"/>
    public float L2 { get; init => field = Check.AtLeast(value, 0, nameof(L2)); } = Check.AtLeast(L2, 0);

    internal override IReadOnlyList<string> Scalars => ["rate", "momentum"];
    internal override float[] ScalarsAt(float rate, long step, float? momentum = null) => [rate, momentum ?? Momentum];
    internal override float? Inertia => Momentum > 0 ? Momentum : null;

    internal override IReadOnlyList<string> SlotsOf(Shape shape) => ["velocity"];
    internal override IReadOnlyList<Value> Update(Value parameter, Value gradient, IReadOnlyList<Value> slots,
        IReadOnlyList<Value> scalars) => Apply("SgdUpdate", [parameter, gradient, .. slots, .. scalars],
            new() { { "nesterov", Nesterov }, { "decay", L2 } });
}
