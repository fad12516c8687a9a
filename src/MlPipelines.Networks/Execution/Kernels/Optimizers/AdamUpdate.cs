using System.Numerics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One step of Adam: g ← g + decay·w; m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²;
/// w ← w − weightDecay·w − rate·m / (√v + epsilon).</summary>
/// <remarks>The rate has both bias corrections in it: rate·√(1 − β₂ᵗ) / (1 − β₁ᵗ). The decoupled decay (AdamW) is the share of the weights
/// that goes in this step, the plain rate in it.
/// Source: Kingma, Ba 2015, arXiv:1412.6980, in Keras's form; Loshchilov, Hutter 2019, arXiv:1711.05101.</remarks>
readonly record struct AdamUpdate(float Rate, float Beta1, float Beta2, float Epsilon, float Decay, float DecoupledDecay) : ITwoStateUpdate
{
    /// <summary>Writes new weights and new states.</summary>
    public void Apply(in TwoStateSlice at)
    {
        ReadOnlySpan<float> w = at.Weights, g = at.Gradient, m = at.First, v = at.Second;
        Span<float> newW = at.NewWeights, newM = at.NewFirst, newV = at.NewSecond;
        var i = 0;
        for (; i <= w.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var weight = new Vector<float>(w[i..]);
            var gradient = Vector.FusedMultiplyAdd(new Vector<float>(Decay), weight, new Vector<float>(g[i..]));
            var mean = Vector.FusedMultiplyAdd(new Vector<float>(1 - Beta1), gradient, Beta1 * new Vector<float>(m[i..]));
            var square = Vector.FusedMultiplyAdd(new Vector<float>(1 - Beta2), gradient * gradient, Beta2 * new Vector<float>(v[i..]));
            mean.CopyTo(newM[i..]);
            square.CopyTo(newV[i..]);
            (weight - DecoupledDecay * weight - Rate * mean / (Vector.SquareRoot(square) + new Vector<float>(Epsilon))).CopyTo(newW[i..]);
        }
        for (; i < w.Length; i++)
        {
            var gradient = MathF.FusedMultiplyAdd(Decay, w[i], g[i]);
            newM[i] = MathF.FusedMultiplyAdd(1 - Beta1, gradient, Beta1 * m[i]);
            newV[i] = MathF.FusedMultiplyAdd(1 - Beta2, gradient * gradient, Beta2 * v[i]);
            newW[i] = w[i] - DecoupledDecay * w[i] - Rate * newM[i] / (MathF.Sqrt(newV[i]) + Epsilon);
        }
    }
}
