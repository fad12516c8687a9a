using System.Numerics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One step of Adadelta: g ← g + decay·w; a ← rho·a + (1 − rho)·g²; u = g·√(d + epsilon) / √(a + epsilon); d ← rho·d + (1 −
/// rho)·u²; w ← w − rate·u.</summary>
/// <remarks>Source: Zeiler 2012, arXiv:1212.5701, algorithm 1.</remarks>
readonly record struct AdadeltaUpdate(float Rate, float Rho, float Epsilon, float Decay) : ITwoStateUpdate
{
    /// <summary>Writes new weights and new states.</summary>
    public void Apply(in TwoStateSlice at)
    {
        ReadOnlySpan<float> w = at.Weights, g = at.Gradient, a = at.First, d = at.Second;
        Span<float> newW = at.NewWeights, newA = at.NewFirst, newD = at.NewSecond;
        var i = 0;
        for (; i <= w.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var weight = new Vector<float>(w[i..]);
            var gradient = Vector.FusedMultiplyAdd(new Vector<float>(Decay), weight, new Vector<float>(g[i..]));
            var square = Vector.FusedMultiplyAdd(new Vector<float>(1 - Rho), gradient * gradient, Rho * new Vector<float>(a[i..]));
            var step = new Vector<float>(d[i..]);
            var move = gradient * Vector.SquareRoot(step + new Vector<float>(Epsilon))
                / Vector.SquareRoot(square + new Vector<float>(Epsilon));
            square.CopyTo(newA[i..]);
            Vector.FusedMultiplyAdd(new Vector<float>(1 - Rho), move * move, Rho * step).CopyTo(newD[i..]);
            (weight - Rate * move).CopyTo(newW[i..]);
        }
        for (; i < w.Length; i++)
        {
            var gradient = MathF.FusedMultiplyAdd(Decay, w[i], g[i]);
            var square = MathF.FusedMultiplyAdd(1 - Rho, gradient * gradient, Rho * a[i]);
            var move = gradient * MathF.Sqrt(d[i] + Epsilon) / MathF.Sqrt(square + Epsilon);
            newA[i] = square;
            newD[i] = MathF.FusedMultiplyAdd(1 - Rho, move * move, Rho * d[i]);
            newW[i] = w[i] - Rate * move;
        }
    }
}
