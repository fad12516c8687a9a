using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>How results are drawn: height and width as the root of their share of the largest, channels as depth.</summary>
/// <param name="largest">The greatest height or width.</param>
sealed class VolumeScale(int largest)
{
    /// <summary>Height and width that no drawing exceeds.</summary>
    public const double Side = 46;

    const double DeepestShift = 16, PerDoubling = 1.6;

    /// <summary>Draws a result about a point.</summary>
    public void Draw(SvgWriter svg, Shape shape, (double X, double Y) centre, string colour)
    {
        var depth = shape.Rank < 2 ? 0 : Math.Min(DeepestShift, PerDoubling * Math.Log2(Math.Max(1, shape[1])));
        if (shape is not [_, _, var high, var wide])
        {
            // A vector is a bar.
            var length = 10 + Math.Min(Side - 10, 3 * Math.Log2(shape.Rank < 2 ? 1 : Math.Max(1, shape[^1])));
            svg.Rectangle(centre.X - 3, centre.Y - length / 2, 6, length, colour);
            svg.Rectangle(centre.X - 2, centre.Y - length / 2 + 1, 4, length - 2, "#fff");
            return;
        }
        var (height, width) = (Length(high), Length(wide));
        var (left, top) = (centre.X - (width + depth) / 2, centre.Y - (height - depth) / 2);
        var (right, bottom) = (left + width, top + height);
        svg.Polygon([(left, top), (left + depth, top - depth), (right + depth, top - depth), (right + depth, bottom - depth),
            (right, bottom), (left, bottom)], "#fff", colour);
        svg.Line([(left, top), (right, top), (right, bottom)], colour);
        svg.Line([(right, top), (right + depth, top - depth)], colour);
    }

    // A side of unknown length is drawn as the largest.
    double Length(int side) => 3 + (Side - DeepestShift - 3) * Math.Sqrt(side == Shape.Unknown ? 1 : Math.Min(1, (double)side / largest));
}
