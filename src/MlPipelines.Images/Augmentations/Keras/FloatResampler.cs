using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Resamples planes of floats. Source: SciPy 1.10 ndimage.affine_transform, order 0 and 1, with its modes.</summary>
static class FloatResampler
{
    /// <param name="planes">[C, H, W].</param>
    /// <param name="size">Of a plane.</param>
    /// <param name="map">Where each point of the result is taken from.</param>
    /// <param name="interpolation">What lies between pixels.</param>
    /// <param name="fill">What lies outside.</param>
    /// <param name="value">What lies outside, for <see cref="FillMode.Constant"/>.</param>
    public static float[] Resample(ReadOnlySpan<float> planes, ImageSize size, AffineMap map, Interpolation interpolation, FillMode fill,
        float value)
    {
        var (width, height) = (size.Width, size.Height);
        var result = new float[planes.Length];
        var plane = height * width;
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (fromX, fromY) = map.Apply(x, y);
                var inside = Boundary.MapCoordinate(ref fromX, width, fill) & Boundary.MapCoordinate(ref fromY, height, fill);
                if (interpolation == Interpolation.Nearest)
                    (fromX, fromY) = (Math.Floor(fromX + 0.5), Math.Floor(fromY + 0.5));
                for (var start = 0; start < planes.Length; start += plane)
                    result[start + y * width + x] = inside ? Sample(planes.Slice(start, plane), width, fromX, fromY) : value;
            }
        return result;
    }

    static float Sample(ReadOnlySpan<float> plane, int width, double x, double y)
    {
        var (left, top) = ((int)x, (int)y);
        var (right, down) = (x - left, y - top);
        var at = top * width + left;
        var (beside, below) = (right > 0 ? 1 : 0, down > 0 ? width : 0);
        var upper = plane[at] * (1 - right) + plane[at + beside] * right;
        var lower = plane[at + below] * (1 - right) + plane[at + below + beside] * right;
        return (float)(upper * (1 - down) + lower * down);
    }
}
