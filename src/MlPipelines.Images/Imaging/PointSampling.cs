namespace MlPipelines.Imaging;

/// <summary>The value of a picture at any point, one point at a time.</summary>
static class PointSampling
{
    const int One = 1 << 10;

    internal static void Sample(Bitmap from, (double X, double Y) point, Interpolation interpolation, Surroundings outside, Span<byte> to)
    {
        var (x, y) = point;
        if (!(Boundary.MapCoordinate(ref x, from.Width, outside.Fill) && Boundary.MapCoordinate(ref y, from.Height, outside.Fill)))
        {
            if (from.HasAlpha)
                Sample(from, point, interpolation, outside with { Fill = FillMode.Nearest }, to);
            outside.Paint(to);
            return;
        }
        if (interpolation == Interpolation.Nearest)
            (x, y) = (Math.Floor(x + 0.5), Math.Floor(y + 0.5));
        var (left, top) = ((int)x, (int)y);
        // On the last column and row the neighbour has no share, and the pixel itself stands for it.
        var (right, down) = (left + 1 < from.Width ? to.Length : 0, top + 1 < from.Height ? from.RowBytes : 0);
        var (rightShare, downShare) = ((int)((x - left) * One + 0.5), (int)((y - top) * One + 0.5));
        var (leftShare, upShare) = (One - rightShare, One - downShare);
        var at = top * from.RowBytes + left * to.Length;
        var pixels = from.Pixels;
        for (var c = 0; c < to.Length; c++, at++)
        {
            var upper = pixels[at] * leftShare + pixels[at + right] * rightShare;
            var lower = pixels[at + down] * leftShare + pixels[at + down + right] * rightShare;
            // The same bits as Warping's: the same shares, whose products add up to 2²⁰.
            to[c] = (byte)(upper * upShare + lower * downShare + One * One / 2 >> 20);
        }
    }
}
