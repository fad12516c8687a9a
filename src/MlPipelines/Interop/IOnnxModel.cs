using System.Collections.Immutable;
using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>A step that holds a network; in an ONNX file the network is the file's graph, and the rest is in its metadata.</summary>
interface IOnnxModel
{
    /// <summary>The network as an ONNX file.</summary>
    ReadOnlyMemory<byte> Onnx { get; }

    /// <summary>What other programs need to know to use the network (labels, resize kind, …), by metadata key.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The columns that the network is fed from; of several, each has the name of its input.</summary>
    ImmutableArray<string> InputColumns { get; }

    /// <summary>The column that has what the network's first output gives, as it is; null where more is done to it.</summary>
    string? OutputColumn { get; }

    /// <summary>The same step over that network.</summary>
    Step WithOnnx(ReadOnlyMemory<byte> onnx);
}

/// <summary>A step whose arithmetic a graph can do. In an ONNX file it stands in front of the network,
/// so that the network takes what the step takes.</summary>
interface IGraphStep
{
    /// <summary>The column that the step computes for the network.</summary>
    string OutputColumn { get; }

    /// <summary>The arithmetic on pixels 0–255, [N, C, H, W].</summary>
    Value Apply(Value pixels);

    /// <summary>The step that hands pixels on to a network that does the arithmetic.</summary>
    Step WithoutArithmetic();
}

/// <summary>A step on scores whose arithmetic a graph can do. In an ONNX file it is part of the network that gives the scores, so that any
/// runtime has them so.</summary>
interface IScoreGraphStep
{
    /// <summary>The column that the step replaces.</summary>
    string ScoreColumn { get; }

    /// <summary>The arithmetic on scores, [N, classes].</summary>
    Value Apply(Value scores);
}
