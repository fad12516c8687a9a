namespace MlPipelines.Graphs;

/// <summary>How the window of a convolution or a pooling moves over the spatial axes, in ONNX's words: one entry per axis.</summary>
public sealed record Sliding
{
    /// <summary>Step between places; null for 1.</summary>
    public int[]? Strides { get; init; }

    /// <summary>Padding: before each axis, then after each; null for none.</summary>
    public int[]? Pads { get; init; }

    /// <summary>Step between the taps of the window; null for 1.</summary>
    public int[]? Dilations { get; init; }

    internal Attributes Attributes => Attributes.None.With("strides", Strides).With("pads", Pads).With("dilations", Dilations);
}
