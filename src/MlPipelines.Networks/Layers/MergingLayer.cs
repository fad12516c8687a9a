using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>A layer that makes one value of several.</summary>
public abstract record MergingLayer : Layer
{
    /// <summary>Applies the layer to several values.</summary>
    /// <inheritdoc cref="Layer.On(Value)"/>
    public Value On(params Value[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Named(values,
            () => values.Length
            >= 2 ? Merge(values) : throw Error($"got {values.Length} input, needs two or more. Use it in a functional network."));
    }

    /// <inheritdoc/>
    protected sealed override Value Apply(Value x) => throw Error("got one input, needs two or more. Use it in a functional network.");

    /// <summary>What the layer computes of its inputs.</summary>
    protected abstract Value Merge(IReadOnlyList<Value> values);
}
