using System.Collections.Immutable;

namespace MlPipelines.Graphs.Onnx;

/// <summary>What an ONNX file holds.</summary>
/// <param name="Graph">The network, in operators of opset 17.</param>
/// <param name="Metadata">Texts that the file carries beside the network.</param>
public sealed record OnnxModel(Graph Graph, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>What the network does differently from the file.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
