namespace MlPipelines.Execution.Kernels;

/// <summary>A step of an optimizer that keeps two numbers beside each weight.</summary>
interface ITwoStateUpdate
{
    /// <summary>Reads and writes one slice.</summary>
    void Apply(in TwoStateSlice at);
}

/// <summary>Weights, their gradient, both states, and where the new ones go: all of one length.</summary>
readonly struct TwoStateBuffers
{
    public required ReadOnlyMemory<float> Weights { get; init; }
    public required ReadOnlyMemory<float> Gradient { get; init; }
    public required ReadOnlyMemory<float> First { get; init; }
    public required ReadOnlyMemory<float> Second { get; init; }
    public required Memory<float> NewWeights { get; init; }
    public required Memory<float> NewFirst { get; init; }
    public required Memory<float> NewSecond { get; init; }

    /// <summary>Runs an update over all of it, in slices.</summary>
    public void Run<TUpdate>(TUpdate update, ParallelFor parallel) where TUpdate : struct, ITwoStateUpdate
    {
        var all = this;
        Slices.Each(Weights.Length, parallel, (start, count) => update.Apply(new(all, start, count)));
    }
}

/// <summary>A part of <see cref="TwoStateBuffers"/>.</summary>
readonly ref struct TwoStateSlice(in TwoStateBuffers all, int start, int count)
{
    public ReadOnlySpan<float> Weights { get; } = all.Weights.Span.Slice(start, count);
    public ReadOnlySpan<float> Gradient { get; } = all.Gradient.Span.Slice(start, count);
    public ReadOnlySpan<float> First { get; } = all.First.Span.Slice(start, count);
    public ReadOnlySpan<float> Second { get; } = all.Second.Span.Slice(start, count);
    public Span<float> NewWeights { get; } = all.NewWeights.Span.Slice(start, count);
    public Span<float> NewFirst { get; } = all.NewFirst.Span.Slice(start, count);
    public Span<float> NewSecond { get; } = all.NewSecond.Span.Slice(start, count);
}
