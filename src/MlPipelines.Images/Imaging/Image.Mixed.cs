namespace MlPipelines.Imaging;

public sealed partial class Image
{
    /// <summary>The weighted sum of pictures of one size, rounded and clipped to 0–255; colours with alpha are mixed by their
    /// alpha.</summary>
    /// <param name="parts">The pictures and their shares, at least one; added in this order.</param>
    internal static Image Mixed(IReadOnlyList<(float Share, Image Image)> parts) =>
        new(PremultipliedAlpha.Through(parts[0].Image.Bitmap, first =>
        {
            var sum = new float[first.RowBytes * first.Height];
            Add(sum, first, parts[0].Share);
            foreach (var (share, image) in parts.Skip(1))
                Add(sum, image.Bitmap is { HasAlpha: true } bitmap ? PremultipliedAlpha.Multiplied(bitmap) : image.Bitmap, share);
            var result = Bitmap.Unwritten(first.Width, first.Height, first.Channels);
            for (var i = 0; i < sum.Length; i++)
                result.Pixels[i] = (byte)Math.Clamp(sum[i] + 0.5f, 0, 255);
            return result;
        }));

    static void Add(Span<float> sum, Bitmap bitmap, float share)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += share * bitmap.Pixels[i];
    }
}
