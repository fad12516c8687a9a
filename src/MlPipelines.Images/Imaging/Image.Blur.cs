namespace MlPipelines.Imaging;

public sealed partial class Image
{
    /// <summary>Blurs by a Gaussian, cut off at three standard deviations.</summary>
    /// <param name="sigma">Standard deviation in pixels, more than 0 and at most 100.</param>
    /// <remarks>Separable, in float, rounded once at the end; beyond the edge the picture is mirrored about its outermost pixels. Colours
    /// with alpha are mixed by their alpha. Source: torchvision 0.14 gaussian_blur with kernel_size 2⌈3σ⌉ + 1.</remarks>
    public Image Blur(float sigma)
    {
        Check.Within(Check.MoreThan(sigma, 0), 0, 100);
        return new(PremultipliedAlpha.Through(Bitmap, bitmap => Blurred(bitmap, Gaussian(sigma))));
    }

    static Bitmap Blurred(Bitmap bitmap, float[] kernel)
    {
        var line = new float[bitmap.RowBytes];
        var result = Bitmap.Unwritten(bitmap.Width, bitmap.Height, bitmap.Channels);
        var columns = Mirrored(bitmap.Width, kernel.Length / 2);
        var rows = Mirrored(bitmap.Height, kernel.Length / 2);
        for (var y = 0; y < bitmap.Height; y++)
        {
            Array.Clear(line);
            for (var tap = 0; tap < kernel.Length; tap++)
            {
                var row = bitmap.Row(rows[y + tap]);
                var weight = kernel[tap];
                for (var i = 0; i < line.Length; i++)
                    line[i] += row[i] * weight;
            }
            BlurRow(line, kernel, columns, bitmap.Channels, result.Pixels.AsSpan(y * bitmap.RowBytes, bitmap.RowBytes));
        }
        return result;
    }

    static void BlurRow(ReadOnlySpan<float> line, ReadOnlySpan<float> kernel, ReadOnlySpan<int> columns, int channels, Span<byte> to)
    {
        for (var i = 0; i < to.Length; i++)
        {
            var (x, c) = Math.DivRem(i, channels);
            var sum = 0.5f;
            for (var tap = 0; tap < kernel.Length; tap++)
                sum += line[columns[x + tap] * channels + c] * kernel[tap];
            to[i] = (byte)Math.Min(sum, 255);
        }
    }

    static float[] Gaussian(float sigma)
    {
        var radius = (int)Math.Ceiling(3 * sigma);
        double[] weights = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(x => Math.Exp(-0.5 * x * x / ((double)sigma * sigma)))];
        var sum = weights.Sum();
        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    /// <summary>Which pixel stands at each place from <paramref name="beyond"/> before the first to as many behind the last:
    /// c b | a b c d | c b.</summary>
    static int[] Mirrored(int size, int beyond)
    {
        var period = Math.Max(2 * (size - 1), 1);
        return [.. Enumerable.Range(-beyond, size + 2 * beyond).Select(i => (i % period + period) % period)
            .Select(i => Math.Min(i, period - i)).Select(i => size == 1 ? 0 : i)];
    }
}
