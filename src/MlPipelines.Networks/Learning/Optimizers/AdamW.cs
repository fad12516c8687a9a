using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Adam with a decay of the weights that is kept apart from the gradient: w ← w − rate·decay·w, then Adam's step.</summary>
/// <param name="LearningRate">Size of a step.</param>
/// <param name="WeightDecay">Fraction of a weight that one step of size 1 takes away.</param>
/// <param name="Beta1">How much of the mean stays.</param>
/// <param name="Beta2">How much of the mean square stays.</param>
/// <param name="Epsilon">ε.</param>
/// <remarks>Source: Loshchilov, Hutter 2017, arXiv:1711.05101, algorithm 2.</remarks>
public sealed record AdamW(float LearningRate = 0.001f, float WeightDecay = 0.004f, float Beta1 = 0.9f, float Beta2 = 0.999f,
    float Epsilon = 1e-7f) : Optimizer
{
    /// <inheritdoc/>
    public override float LearningRate
    {
        get; init =>
        field = Check.AtLeast(value, 0, nameof(LearningRate));
    } = Check.AtLeast(LearningRate, 0);
    /// <inheritdoc cref="AdamW" path="/param[@name='WeightDecay']"/>
    public float WeightDecay { get; init => field = Check.AtLeast(value, 0, nameof(WeightDecay)); } = Check.AtLeast(WeightDecay, 0);
    /// <inheritdoc cref="AdamW" path="/param[@name='Beta1']"/>
    public float Beta1 { get; init => field = Check.Within(value, 0, 1, nameof(Beta1)); } = Check.Within(Beta1, 0, 1);
    /// <inheritdoc cref="AdamW" path="/param[@name='Beta2']"/>
    public float Beta2 { get; init => field = Check.Within(value, 0, 1, nameof(Beta2)); } = Check.Within(Beta2, 0, 1);
    /// <inheritdoc cref="AdamW" path="/param[@name='Epsilon']"/>
    public float Epsilon { get; init => field = Check.MoreThan(value, 0, nameof(Epsilon)); } = Check.MoreThan(Epsilon, 0);

    internal override IReadOnlyList<string> SlotsOf(Shape shape) => ["mean", "mean_square"];
    internal override IReadOnlyList<string> Scalars => ["rate", "beta1", "weight_decay"];
    internal override float[] ScalarsAt(float rate, long step, float? momentum = null) =>
        [Adam.Corrected(rate, step, momentum ?? Beta1, Beta2), momentum ?? Beta1, rate * WeightDecay];
    internal override float? Inertia => Beta1;

    internal override IReadOnlyList<Value> Update(Value parameter, Value gradient, IReadOnlyList<Value> slots,
        IReadOnlyList<Value> scalars) => Apply("AdamUpdate", [parameter, gradient, .. slots, .. scalars],
            new() { { "beta2", Beta2 }, { "epsilon", Epsilon } });
}
