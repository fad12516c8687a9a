using MlPipelines.Graphs;
using MlPipelines.Tensors;
using static MlPipelines.Graphs.Op;

namespace MlPipelines;

/// <summary>Momentum whose matrices are made orthogonal: each direction of a weight matrix moves as far as each other; what is no matrix
/// learns by AdamW.</summary>
/// <param name="LearningRate">Size of a step, of both.</param>
/// <param name="WeightDecay">Fraction of a weight that one step of size 1 takes away.</param>
/// <param name="Momentum">How much of the running mean of gradients stays, from 0 to 1.</param>
/// <param name="Nesterov">Whether the gradient is counted once more.</param>
/// <remarks>
/// v ← μ·v + (1−μ)·g, u = (1−μ)·g + μ·v (or v), w ← w − rate·decay·w − rate·0.2·√max(rows, columns)·O(u). A kernel [O,I,h,w] is the
/// matrix [O,I·h·w]; vectors, and kernels of one input channel, are no matrices. O is five steps of a Newton–Schulz iteration, after which
/// singular values lie between about 0.7 and 1.2. The factor gives steps the size that AdamW's have, so that AdamW's rates fit. A step
/// takes longer than another optimizer's, by fifteen products of each matrix with itself, whatever the batch. Source: Jordan and others
/// 2024, "Muon: an optimizer for hidden layers"; the factor: Liu and others 2025, arXiv:2502.16982, section 2.2.
/// </remarks>
public sealed record Muon(float LearningRate = 0.001f, float WeightDecay = 0.1f, float Momentum = 0.95f, bool Nesterov = true) : Optimizer
{
    const int Iterations = 5;
    const float Epsilon = 1e-7f;

    /// <inheritdoc/>
    public override float LearningRate
    {
        get; init =>
        field = Check.AtLeast(value, 0, nameof(LearningRate));
    } = Check.AtLeast(LearningRate, 0);
    /// <inheritdoc cref="Muon" path="/param[@name='WeightDecay']"/>
    public float WeightDecay { get; init => field = Check.AtLeast(value, 0, nameof(WeightDecay)); } = Check.AtLeast(WeightDecay, 0);
    /// <inheritdoc cref="Muon" path="/param[@name='Momentum']"/>
    public float Momentum { get; init => field = Check.Within(value, 0, 1, nameof(Momentum)); } = Check.Within(Momentum, 0, 1);

    internal override IReadOnlyList<string> SlotsOf(Shape shape) => IsMatrix(shape) ? ["velocity"] : Other.SlotsOf(shape);
    internal override IReadOnlyList<string> Scalars => ["step", "momentum", .. Other.Scalars];
    internal override float[] ScalarsAt(float rate, long step, float? momentum = null) =>
        [rate, momentum ?? Momentum, .. Other.ScalarsAt(rate, step)];
    internal override float? Inertia => Momentum > 0 ? Momentum : null;

    internal override IReadOnlyList<Value> Update(Value parameter, Value gradient, IReadOnlyList<Value> slots,
        IReadOnlyList<Value> scalars)
    {
        if (!IsMatrix(parameter.Shape))
            return Other.Update(parameter, gradient, slots, [.. scalars.Skip(2)]);
        var (rate, momentum, decay) = (scalars[0], scalars[1], scalars[^1]);
        var velocity = slots[0] * momentum + gradient * (1f - momentum);
        var direction = Nesterov ? velocity * momentum + gradient * (1f - momentum) : velocity;
        var rows = parameter.Shape[0];
        var columns = (int)(parameter.Shape.Length / rows);
        var orthogonal = Reshape(Orthogonal(Reshape(direction, rows, columns), rows, columns), parameter.Shape.AsSpan());
        var size = 0.2f * MathF.Sqrt(Math.Max(rows, columns));
        return [parameter * (1f - decay) - orthogonal * (rate * size), velocity];
    }

    AdamW Other => new(LearningRate, WeightDecay);

    static bool IsMatrix(Shape shape) => shape.Rank >= 2 && shape[0] > 1 && shape[1] > 1;

    // The quintic iteration a·X + (b·A + c·A²)·X with A = X·Xᵀ, of the side that is shorter.
    static Value Orthogonal(Value matrix, int rows, int columns)
    {
        var x = rows > columns ? Transpose(matrix, 1, 0) : matrix;
        x /= Sqrt(ReduceSum(x * x, [], keep: false)) + Epsilon;
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var square = MatMul(x, Transpose(x, 1, 0));
            x = x * 3.4445f + MatMul(square * -4.7750f + MatMul(square, square) * 2.0315f, x);
        }
        return rows > columns ? Transpose(x, 1, 0) : x;
    }
}
