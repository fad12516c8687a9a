using System.Text.Json.Serialization;
using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>Adds rows and columns of zeros around the image.</summary>
/// <remarks>x [N,C,H,W] → [N,C,top+H+bottom,left+W+right]. Source: ONNX Pad, Keras's default.</remarks>
public sealed record ZeroPadding2D : Layer
{
    /// <param name="top">Rows above.</param>
    /// <param name="bottom">Rows below.</param>
    /// <param name="left">Columns to the left.</param>
    /// <param name="right">Columns to the right.</param>
    [JsonConstructor]
    public ZeroPadding2D(int top, int bottom, int left, int right) =>
        (Top, Bottom, Left, Right) = (Check.AtLeast(top, 0), Check.AtLeast(bottom, 0), Check.AtLeast(left, 0), Check.AtLeast(right, 0));

    /// <param name="padding">Rows above and below, columns on either side.</param>
    public ZeroPadding2D(Extent padding) : this(padding.Height, padding.Height, padding.Width, padding.Width) { }

    /// <summary>One row or column of zeros on each side.</summary>
    public ZeroPadding2D() : this(1) { }

    /// <summary>Rows above.</summary>
    public int Top { get; }

    /// <summary>Rows below.</summary>
    public int Bottom { get; }

    /// <summary>Columns on the left.</summary>
    public int Left { get; }

    /// <summary>Columns on the right.</summary>
    public int Right { get; }

    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        CheckRank(x, 4);
        return Op.Pad(x, [0, 0, Top, Left, 0, 0, Bottom, Right]);
    }
}
