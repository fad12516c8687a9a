using System.Numerics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One step of stochastic gradient descent with momentum: g ← g + decay·w; v ← momentum·v − rate·g; w ← w + v, or with Nesterov's
/// form w + momentum·v − rate·g.</summary>
/// <remarks>Source: Keras SGD; Caffe's weight decay.</remarks>
readonly record struct SgdUpdate(float Rate, float Momentum, bool Nesterov, float Decay)
{
    /// <summary>Reads weights, gradient and velocity and writes new weights and velocity.</summary>
    public void Run(ReadOnlyMemory<float> w, ReadOnlyMemory<float> g, ReadOnlyMemory<float> v, Memory<float> newW, Memory<float> newV,
        ParallelFor parallel)
    {
        var update = this;
        Slices.Each(w.Length, parallel, (start, count) =>
            update.Slice(w.Span.Slice(start, count), g.Span.Slice(start, count), v.Span.Slice(start, count), newW.Span.Slice(start, count),
                newV.Span.Slice(start, count)));
    }

    void Slice(ReadOnlySpan<float> w, ReadOnlySpan<float> g, ReadOnlySpan<float> v, Span<float> newW, Span<float> newV)
    {
        var i = 0;
        for (; i <= w.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var weight = new Vector<float>(w[i..]);
            var step = Rate * Vector.FusedMultiplyAdd(new Vector<float>(Decay), weight, new Vector<float>(g[i..]));
            var velocity = Vector.FusedMultiplyAdd(new Vector<float>(Momentum), new Vector<float>(v[i..]), -step);
            velocity.CopyTo(newV[i..]);
            (weight + (Nesterov ? Vector.FusedMultiplyAdd(new Vector<float>(Momentum), velocity, -step) : velocity)).CopyTo(newW[i..]);
        }
        for (; i < w.Length; i++)
        {
            var step = Rate * MathF.FusedMultiplyAdd(Decay, w[i], g[i]);
            newV[i] = MathF.FusedMultiplyAdd(Momentum, v[i], -step);
            newW[i] = w[i] + (Nesterov ? MathF.FusedMultiplyAdd(Momentum, newV[i], -step) : newV[i]);
        }
    }
}
