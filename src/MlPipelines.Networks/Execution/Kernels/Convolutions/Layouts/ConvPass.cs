using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>Where the weights of a pass lie: w[filter · FilterStep + channel · ChannelStep + Taps[t]], all group after group.</summary>
readonly record struct WeightOrder(int GroupStep, int FilterStep, int ChannelStep, int[] Taps);

/// <summary>Where the outputs of a pass lie within a plane: First + row · RowStep + column · ColumnStep.</summary>
readonly record struct OutputOrder(int Plane, int First, int RowStep, int ColumnStep)
{
    /// <summary>Writes a row of outputs into its plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteRow(int row, ReadOnlySpan<float> outputs, Span<float> plane)
    {
        var to = plane[(First + row * RowStep)..];
        if (ColumnStep == 1)
            FlatPlanes.Copy(ref MemoryMarshal.GetReference(outputs), ref to[..outputs.Length][0], outputs.Length);
        else
            Scatter(outputs, to, ColumnStep);
    }

    static void Scatter(ReadOnlySpan<float> from, Span<float> to, int step)
    {
        for (int i = 0, at = 0; i < from.Length; i++, at += step)
            to[at] = from[i];
    }
}

/// <summary>One pass of a convolution: forward, or one phase of the gradient with respect to the input.</summary>
/// <param name="Window">Where the taps lie over a plane of the input.</param>
/// <param name="Groups">Groups of channels that do not meet.</param>
/// <param name="Channels">Input channels of a group.</param>
/// <param name="Filters">Output channels of a group.</param>
/// <param name="Weights">Where the weights lie.</param>
/// <param name="Outputs">Where the outputs lie.</param>
sealed record ConvPass(FlatWindow Window, int Groups, int Channels, int Filters, WeightOrder Weights, OutputOrder Outputs)
{
    public bool IsDepthwise => Channels == 1 && Filters == 1;

    /// <summary>Floats of one image's group of input channels.</summary>
    public int InputFloats => Channels * Window.Plane;

    /// <summary>Floats of one image's group of output channels.</summary>
    public int OutputFloats => Filters * Outputs.Plane;
}
