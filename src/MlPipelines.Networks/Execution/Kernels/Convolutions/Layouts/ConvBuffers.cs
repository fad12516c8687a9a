namespace MlPipelines.Execution.Kernels;

/// <summary>What becomes of a convolution's sums before they are written: the bias of each filter, which may be empty, is added, and with
/// Relu negative ones become zero.</summary>
readonly record struct Epilogue(ReadOnlyMemory<float> Bias, bool Relu)
{
    /// <summary>The biases of some filters; empty where there are none.</summary>
    public ReadOnlySpan<float> BiasOf(int firstFilter, int count) => Bias.IsEmpty ? [] : Bias.Span.Slice(firstFilter, count);
}

/// <summary>What a convolution reads and writes: a batch of images, weights, and the batch of its outputs.</summary>
readonly record struct ConvBuffers(int Batch, ReadOnlyMemory<float> Input, ReadOnlyMemory<float> Weights, Epilogue Epilogue,
    Memory<float> Output)
{
    /// <summary>The weights that are the same in every run; null where those given are others each time.</summary>
    public KeptWeights? Kept { get; init; }

    /// <summary>The weights before they are laid out.</summary>
    public ReadOnlySpan<float> PlainWeights => Kept is null ? Weights.Span : Kept.Plain;

    /// <summary>The weights as an algorithm lays them out; <see cref="Release"/> takes them back.</summary>
    /// <param name="floats">How many floats that takes.</param>
    /// <param name="layOut">Lays them out.</param>
    public AlignedFloats LaidOut<TAlgorithm>(int floats, Action<AlignedFloats> layOut)
    {
        if (Kept is not null)
            return Kept.Of(typeof(TAlgorithm), floats, layOut);
        var rented = AlignedFloats.Rent(floats);
        layOut(rented);
        return rented;
    }

    /// <summary>Takes back what <see cref="LaidOut"/> gave.</summary>
    public void Release(AlignedFloats laidOut)
    {
        if (Kept is null)
            laidOut.Return();
    }

    /// <summary>What a pass reads of one image.</summary>
    public ReadOnlySpan<float> InputOf(ConvPass pass, int image, int group = 0) =>
        Input.Span.Slice((image * pass.Groups + group) * pass.InputFloats, pass.InputFloats);

    /// <summary>What a pass writes of one image.</summary>
    public Span<float> OutputOf(ConvPass pass, int image, int group = 0) =>
        Output.Span.Slice((image * pass.Groups + group) * pass.OutputFloats, pass.OutputFloats);
}
