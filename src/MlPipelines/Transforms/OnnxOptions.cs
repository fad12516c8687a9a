namespace MlPipelines;

/// <summary>How <see cref="OnnxCatalog"/> runs a network, by ML.NET's names.</summary>
public sealed record OnnxOptions
{
    /// <summary>The network's file.</summary>
    public string ModelFile { get; set; } = "";

    /// <summary>Columns that are fed to the inputs of the same names; null for all inputs.</summary>
    public string[]? InputColumns { get; set; }

    /// <summary>Outputs that become columns of the same names; null for all outputs.</summary>
    public string[]? OutputColumns { get; set; }

    /// <summary>Number of the Nvidia graphics processor that runs it; null for the context's device.</summary>
    public int? GpuDeviceId { get; set; }

    /// <summary>Whether the processor does it where the graphics processor cannot; a warning says so.</summary>
    public bool FallbackToCpu { get; set; }

    /// <summary>Sizes of inputs whose axes the network leaves open, by the input's name.</summary>
    public IDictionary<string, int[]>? ShapeDictionary { get; set; }

    /// <summary>Threads that share one operator's work; null leaves it to ONNX Runtime.</summary>
    public int? IntraOpNumThreads { get; set => field = value is { } count ? Check.AtLeast(count, 1, nameof(IntraOpNumThreads)) : null; }
}
