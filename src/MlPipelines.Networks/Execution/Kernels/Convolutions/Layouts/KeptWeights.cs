using MlPipelines.Tensors;

namespace MlPipelines.Execution.Kernels;

/// <summary>Weights of one node that are the same in every run. Once an algorithm has laid them out, that is all that is kept of them.
/// </summary>
/// <remarks>The sizes of a node's image, which are known, say which algorithm that is: there is one layout at most.</remarks>
sealed class KeptWeights(Tensor weights)
{
    readonly Lock making = new();
    Tensor? plain = weights;
    Layout? layout;

    /// <summary>Sizes of the weights.</summary>
    public Shape Shape { get; } = weights.Shape;

    /// <summary>The weights as they were given.</summary>
    /// <exception cref="InvalidOperationException">They are laid out already.</exception>
    public ReadOnlySpan<float> Plain => plain is { } tensor ? tensor.Elements<float>()
        : throw new InvalidOperationException($"KeptWeights {Shape}: are laid out already.");

    /// <summary>The layout of an algorithm.</summary>
    /// <param name="algorithm">Which it is.</param>
    /// <param name="floats">Its length.</param>
    /// <param name="layOut">Makes it.</param>
    /// <exception cref="InvalidOperationException">There is another one.</exception>
    public AlignedFloats Of(Type algorithm, int floats, Action<AlignedFloats> layOut)
    {
        var found = Volatile.Read(ref layout);
        if (found is null)
            lock (making)
                found = layout ?? Made(algorithm, floats, layOut);
        return found.Algorithm == algorithm && found.Floats == floats ? found.Weights
            : throw new InvalidOperationException($"KeptWeights {Shape}: are laid out for {found.Algorithm}, {algorithm} asks for them.");
    }

    Layout Made(Type algorithm, int floats, Action<AlignedFloats> layOut)
    {
        var made = AlignedFloats.Allocate(floats);
        layOut(made);
        Volatile.Write(ref layout, new(algorithm, floats, made));
        plain = null;
        return layout;
    }

    sealed record Layout(Type Algorithm, int Floats, AlignedFloats Weights);
}
