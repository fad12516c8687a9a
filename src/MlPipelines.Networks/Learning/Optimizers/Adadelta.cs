using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Steps in the ratio of two running root mean squares, of the steps before and of the gradient.</summary>
/// <param name="LearningRate">Factor of each step; 1 as published (Keras 3 takes 0.001).</param>
/// <param name="Rho">How much of the running means stays, ρ.</param>
/// <param name="Epsilon">ε, inside both roots.</param>
/// <param name="L2">Weight of ½·w² in the loss.</param>
/// <remarks>Source: Zeiler 2012, arXiv:1212.5701, algorithm 1.</remarks>
public sealed record Adadelta(float LearningRate = 1, float Rho = 0.95f, float Epsilon = 1e-7f, float L2 = 0) : Optimizer
{
    /// <inheritdoc/>
    public override float LearningRate
    {
        get; init =>
        field = Check.AtLeast(value, 0, nameof(LearningRate));
    } = Check.AtLeast(LearningRate, 0);
    /// <inheritdoc cref="Adadelta" path="/param[@name='Rho']"/>
    public float Rho { get; init => field = Check.Within(value, 0, 1, nameof(Rho)); } = Check.Within(Rho, 0, 1);
    /// <inheritdoc cref="Adadelta" path="/param[@name='Epsilon']"/>
    public float Epsilon { get; init => field = Check.MoreThan(value, 0, nameof(Epsilon)); } = Check.MoreThan(Epsilon, 0);
    /// <inheritdoc cref="Adadelta" path="/param[@name='L2']"/>
    public float L2 { get; init => field = Check.AtLeast(value, 0, nameof(L2)); } = Check.AtLeast(L2, 0);

    internal override IReadOnlyList<string> SlotsOf(Shape shape) => ["mean_square", "mean_square_step"];
    internal override IReadOnlyList<Value> Update(Value parameter, Value gradient, IReadOnlyList<Value> slots,
        IReadOnlyList<Value> scalars) => Apply("AdadeltaUpdate", [parameter, gradient, .. slots, .. scalars],
            new() { { "rho", Rho }, { "epsilon", Epsilon }, { "decay", L2 } });
}
