using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Divides the step by a running root mean square of the gradient: a ← ρ·a + (1−ρ)·g², w ← w − rate·g / (√a + ε).</summary>
/// <param name="LearningRate">Size of a step.</param>
/// <param name="Rho">How much of the running mean stays, ρ.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="EpsilonInsideRoot">True for √(a + ε), as Keras 3 has it; with small gradients its steps are far shorter.</param>
/// <param name="L2">Weight of ½·w² in the loss.</param>
/// <remarks>Source: Tieleman, Hinton 2012, lecture 6.5.</remarks>
public sealed record RMSprop(float LearningRate = 0.001f, float Rho = 0.9f, float Epsilon = 1e-7f, bool EpsilonInsideRoot = false,
    float L2 = 0) : Optimizer
{
    /// <inheritdoc/>
    public override float LearningRate
    {
        get; init =>
        field = Check.AtLeast(value, 0, nameof(LearningRate));
    } = Check.AtLeast(LearningRate, 0);
    /// <inheritdoc cref="RMSprop" path="/param[@name='Rho']"/>
    public float Rho { get; init => field = Check.Within(value, 0, 1, nameof(Rho)); } = Check.Within(Rho, 0, 1);
    /// <inheritdoc cref="RMSprop" path="/param[@name='Epsilon']"/>
    public float Epsilon { get; init => field = Check.MoreThan(value, 0, nameof(Epsilon)); } = Check.MoreThan(Epsilon, 0);
    /// <inheritdoc cref="RMSprop" path="/param[@name='L2']"/>
    public float L2 { get; init => field = Check.AtLeast(value, 0, nameof(L2)); } = Check.AtLeast(L2, 0);

    internal override IReadOnlyList<string> SlotsOf(Shape shape) => ["mean_square"];
    internal override IReadOnlyList<Value> Update(Value parameter, Value gradient, IReadOnlyList<Value> slots,
        IReadOnlyList<Value> scalars) => Apply("RMSpropUpdate", [parameter, gradient, .. slots, .. scalars],
            new() { { "rho", Rho }, { "epsilon", Epsilon }, { "epsilon_inside", EpsilonInsideRoot }, { "decay", L2 } });
}
