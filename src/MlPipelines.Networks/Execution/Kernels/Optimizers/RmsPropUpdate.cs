using System.Numerics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One step of RMSprop: g ← g + decay·w; a ← rho·a + (1 − rho)·g²; w ← w − rate·g / (√a + epsilon), or / √(a + epsilon).</summary>
/// <remarks>Source: Keras 2 RMSprop (epsilon outside the root), Keras 3 (inside).</remarks>
readonly record struct RmsPropUpdate(float Rate, float Rho, float Epsilon, bool EpsilonInsideRoot, float Decay)
{
    /// <summary>Reads weights, gradient and mean square and writes new weights and mean square.</summary>
    public void Run(ReadOnlyMemory<float> w, ReadOnlyMemory<float> g, ReadOnlyMemory<float> a, Memory<float> newW, Memory<float> newA,
        ParallelFor parallel)
    {
        var update = this;
        Slices.Each(w.Length, parallel, (start, count) =>
            update.Slice(w.Span.Slice(start, count), g.Span.Slice(start, count), a.Span.Slice(start, count), newW.Span.Slice(start, count),
                newA.Span.Slice(start, count)));
    }

    void Slice(ReadOnlySpan<float> w, ReadOnlySpan<float> g, ReadOnlySpan<float> a, Span<float> newW, Span<float> newA)
    {
        var (inside, outside) = EpsilonInsideRoot ? (Epsilon, 0f) : (0f, Epsilon);
        var i = 0;
        for (; i <= w.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var weight = new Vector<float>(w[i..]);
            var gradient = Vector.FusedMultiplyAdd(new Vector<float>(Decay), weight, new Vector<float>(g[i..]));
            var square = Vector.FusedMultiplyAdd(new Vector<float>(1 - Rho), gradient * gradient, Rho * new Vector<float>(a[i..]));
            square.CopyTo(newA[i..]);
            (weight - Rate * gradient / (Vector.SquareRoot(square + new Vector<float>(inside)) + new Vector<float>(outside)))
                .CopyTo(newW[i..]);
        }
        for (; i < w.Length; i++)
        {
            var gradient = MathF.FusedMultiplyAdd(Decay, w[i], g[i]);
            var square = MathF.FusedMultiplyAdd(1 - Rho, gradient * gradient, Rho * a[i]);
            newA[i] = square;
            newW[i] = w[i] - Rate * gradient / (MathF.Sqrt(square + inside) + outside);
        }
    }
}
