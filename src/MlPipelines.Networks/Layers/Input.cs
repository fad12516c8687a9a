using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>The images that a sequential network takes; stands first, and changes nothing.</summary>
/// <remarks>x [N,channels,height,width], unchanged. Source: Keras's layer of that name, with its order of sizes.</remarks>
public sealed record Input : Layer
{
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="channels">3 for colours, 1 for grey, 4 for colours and alpha.</param>
    public Input(int height, int width, int channels) =>
        (Height, Width, Channels) = (Check.AtLeast(height, 1), Check.AtLeast(width, 1), Check.AtLeast(channels, 1));

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>3 for colours, 1 for grey.</summary>
    public new int Channels { get; }

    internal Shape Shape => [Shape.Unknown, Channels, Height, Width];

    /// <inheritdoc/>
    protected override Value Apply(Value x) => x.Shape == Shape ? x
        : throw Error($"images have shape {x.Shape}, the network was made for {Shape}. Resize them to {Height}×{Width}, or give the "
            + "network another input.");
}
