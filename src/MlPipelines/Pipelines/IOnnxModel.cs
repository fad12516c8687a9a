using System.Collections.Immutable;
using MlPipelines.Execution;

namespace MlPipelines;

/// <summary>A transformer that holds a network; a model file keeps the network as its graph and the rest as text.</summary>
public interface IOnnxModel : ITransformer
{
    /// <summary>The network as an ONNX file.</summary>
    ReadOnlyMemory<byte> Onnx { get; }

    /// <summary>What other programs need to know to use the network (labels, resize kind, …), by metadata key.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The columns that the network is fed from; of several, each has the name of its input. Arithmetic of a step before can only go into the network if they are known.</summary>
    ImmutableArray<string> InputColumns => [];

    /// <summary>The same transformer over that network, to run on that device.</summary>
    ITransformer WithOnnx(ReadOnlyMemory<byte> onnx, Device device);
}

/// <summary>A transformer that no file can hold while it runs the program's own code.</summary>
public interface IUnsaved : ITransformer
{
    /// <summary>What to do instead; null when it runs no such code.</summary>
    string? Remedy { get; }
}
