using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Running means of the gradient and its square: w ← w − rate·√(1−β₂ᵗ)/(1−β₁ᵗ)·m / (√v + ε).</summary>
/// <param name="LearningRate">Size of a step.</param>
/// <param name="Beta1">How much of the mean stays.</param>
/// <param name="Beta2">How much of the mean square stays.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="L2">Weight of ½·w² in the loss.</param>
/// <remarks>Source: Kingma, Ba 2014, arXiv:1412.6980, the order of computation before section 2.1.</remarks>
public sealed record Adam(float LearningRate = 0.001f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-7f, float L2 = 0)
    : Optimizer
{
    /// <inheritdoc/>
    public override float LearningRate
    {
        get; init =>
        field = Check.AtLeast(value, 0, nameof(LearningRate));
    } = Check.AtLeast(LearningRate, 0);
    /// <inheritdoc cref="Adam" path="/param[@name='Beta1']"/>
    public float Beta1 { get; init => field = Check.Within(value, 0, 1, nameof(Beta1)); } = Check.Within(Beta1, 0, 1);
    /// <inheritdoc cref="Adam" path="/param[@name='Beta2']"/>
    public float Beta2 { get; init => field = Check.Within(value, 0, 1, nameof(Beta2)); } = Check.Within(Beta2, 0, 1);
    /// <inheritdoc cref="Adam" path="/param[@name='Epsilon']"/>
    public float Epsilon { get; init => field = Check.MoreThan(value, 0, nameof(Epsilon)); } = Check.MoreThan(Epsilon, 0);
    /// <inheritdoc cref="Adam" path="/param[@name='L2']"/>
    public float L2 { get; init => field = Check.AtLeast(value, 0, nameof(L2)); } = Check.AtLeast(L2, 0);

    internal override IReadOnlyList<string> SlotsOf(Shape shape) => ["mean", "mean_square"];
    internal override IReadOnlyList<string> Scalars => ["rate", "beta1", "weight_decay"];
    internal override float[] ScalarsAt(float rate, long step, float? momentum = null) =>
        [Corrected(rate, step, momentum ?? Beta1, Beta2), momentum ?? Beta1, 0];
    internal override float? Inertia => Beta1;

    internal override IReadOnlyList<Value> Update(Value parameter, Value gradient, IReadOnlyList<Value> slots,
        IReadOnlyList<Value> scalars) => Apply("AdamUpdate", [parameter, gradient, .. slots, .. scalars],
            new() { { "beta2", Beta2 }, { "epsilon", Epsilon }, { "decay", L2 } });

    internal static float Corrected(float rate, long step, float beta1, float beta2) =>
        (float)(rate * Math.Sqrt(1 - Math.Pow(beta2, step + 1)) / (1 - Math.Pow(beta1, step + 1)));
}
