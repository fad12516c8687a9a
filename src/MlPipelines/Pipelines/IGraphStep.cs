using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>A step whose arithmetic a graph can do. In a model file it stands in front of the network, so that the network takes what the step takes.</summary>
public interface IGraphStep : ITransformer
{
    /// <summary>The column that the step computes for the network.</summary>
    string OutputColumn { get; }

    /// <summary>False when the step holds too many numbers to be kept as text beside a network.</summary>
    bool FitsText { get; }

    /// <summary>The arithmetic on pixels 0–255, [N, C, H, W].</summary>
    Value Apply(Value pixels);

    /// <summary>The step that hands pixels on to a network that does the arithmetic.</summary>
    ITransformer WithoutArithmetic();
}
