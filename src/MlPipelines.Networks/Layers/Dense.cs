using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Weighted sums of all features.</summary>
/// <remarks>
/// x [N,C] → [N,units]; kernel [units,C], bias [units].
/// More axes than two stay, and the sum is over the channels of each place, as in Keras: x [N,C,H,W] → [N,units,H,W], kernel [units,C,1,1].
/// Put a <see cref="Flatten"/> before it to sum over all.
/// Source: ONNX Gemm, Keras's defaults.
/// </remarks>
public sealed record Dense : Layer
{
    /// <param name="units">Number of sums.</param>
    /// <param name="activation">Applied to the result; none when left out.</param>
    /// <param name="useBias">Whether a number per unit is added.</param>
    public Dense(int units, Activation? activation = null, bool useBias = true)
    {
        Units = Check.AtLeast(units, 1);
        (Activation, UseBias) = (activation, useBias);
    }

    /// <summary>Number of sums.</summary>
    public int Units { get; }

    /// <summary>Applied to the result; null for none.</summary>
    public Activation? Activation { get; }

    /// <summary>Whether a number per unit is added.</summary>
    public bool UseBias { get; }

    /// <summary>How weights start; null for <see cref="GlorotUniform"/>.</summary>
    public Initializer? KernelInitializer { get; init; }

    /// <summary>How biases start; null for <see cref="Zeros"/>.</summary>
    public Initializer? BiasInitializer { get; init; }

    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        if (x.Shape.Rank < 2 || x.Shape[1] == Shape.Unknown)
            throw Error($"input has shape {x.Shape}, needs [batch,features] with a number of features that is known. Give the network a "
                + "fixed input size.");
        var kernel = Value.Parameter("kernel", [Units, x.Shape[1], .. Enumerable.Repeat(1, x.Shape.Rank - 2)],
            KernelInitializer ?? new GlorotUniform());
        var bias = UseBias ? Value.Parameter("bias", [Units], BiasInitializer ?? new Zeros()) : null;
        var y = x.Shape.Rank == 2 ? Op.Gemm(x, kernel, bias, transB: true) : Op.Conv(x, kernel, bias);
        return Activation?.Of(y) ?? y;
    }
}
