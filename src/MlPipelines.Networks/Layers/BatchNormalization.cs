using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Brings each channel to mean 0 and variance 1, by the batch's own statistics in training and by their running means afterwards,
/// then to a learnt scale and offset.</summary>
/// <remarks>x [N,C,…], unchanged shape; gamma and beta [C] are trained, moving_mean and moving_variance [C] are not. Source: Ioffe, Szegedy
/// 2015, arXiv:1502.03167; Keras's defaults.</remarks>
public sealed record BatchNormalization : Layer
{
    /// <param name="momentum">Share of the running statistics that a step keeps, in [0, 1].</param>
    /// <param name="epsilon">Added to the variance, more than 0.</param>
    public BatchNormalization(float momentum = 0.99f, float epsilon = 1e-3f) =>
        (Momentum, Epsilon) = (Check.Within(momentum, 0, 1), Check.MoreThan(epsilon, 0));

    /// <summary>Share of the statistics before that each step keeps.</summary>
    public float Momentum { get; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        if (x.Shape.Rank < 2 || x.Shape[1] == Shape.Unknown)
            throw Error($"input has shape {x.Shape}, needs [batch,channels,…] with a number of channels that is known. Give the network a "
                + "fixed input size.");
        Value PerChannel(string name, Initializer start, bool trainable) => Value.Parameter(name, [x.Shape[1]], start, trainable);
        return Op.BatchNormalization(x, PerChannel("gamma", new Ones(), true), PerChannel("beta", new Zeros(), true),
            PerChannel("moving_mean", new Zeros(), false), PerChannel("moving_variance", new Ones(), false), Epsilon, Momentum);
    }
}
