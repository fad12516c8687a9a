namespace MlPipelines.Imaging;

public sealed partial class Image
{
    /// <summary>Moves every pixel away from the mean of its neighbourhood, or towards it: 0 is smooth,
    /// 1 leaves the picture as it is.</summary>
    /// <param name="factor">At least 0.</param>
    /// <remarks>
    /// The neighbourhood is 3×3 with a weight of 5 for the pixel and 1 for the others; the outermost pixels stay as they are, and so does a
    /// picture of fewer than three rows or columns.
    /// Source: Pillow 9.4 ImageEnhance.Sharpness, torchvision adjust_sharpness.
    /// </remarks>
    public Image AdjustSharpness(float factor)
    {
        Factor(factor);
        return WithColours(image => image.Sharpened(factor));
    }

    Image Sharpened(float factor)
    {
        var bitmap = Bitmap;
        var result = Bitmap.Unwritten(bitmap.Width, bitmap.Height, bitmap.Channels);
        bitmap.Pixels.AsSpan(0, result.Pixels.Length).CopyTo(result.Pixels);
        for (var y = 1; y < bitmap.Height - 1; y++)
            SharpenRow(bitmap.Row(y - 1), bitmap.Row(y), bitmap.Row(y + 1), bitmap.Channels, factor,
                result.Pixels.AsSpan(y * bitmap.RowBytes, bitmap.RowBytes));
        return new(result);
    }

    static void SharpenRow(ReadOnlySpan<byte> above, ReadOnlySpan<byte> row, ReadOnlySpan<byte> below, int channels, float factor,
        Span<byte> to)
    {
        for (var i = channels; i < row.Length - channels; i++)
        {
            var (left, right) = (i - channels, i + channels);
            var sum = above[left] + above[i] + above[right] + row[left] + 5 * row[i] + row[right] + below[left] + below[i] + below[right];
            to[i] = Blended((2 * sum + 13) / 26, row[i], factor);
        }
    }
}
